import { integrationIdOf } from '../definition/action.js';
import { type Automation, ownerOf } from '../definition/automation.js';
import { routeOf } from '../definition/routing/route-of.js';
import type { Routing } from '../definition/routing/routing.js';
import { threadUpdateOf } from '../definition/routing/thread-update.js';
import { scopeKey, scopesOf } from '../definition/scope.js';
import { type ParsedAnomalyUpdate, type ParsedEvent, runKey } from '../event/parsed-event.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Storage } from '../ports/storage.js';
import type { ThreadKind } from '../record/execution-thread.js';
import { fromStored } from '../record/stored.js';
import { readThread, type ThreadRecord, threadsOf } from '../record/thread.js';
import { type UpdatePlace, updateCandidate } from './anomaly-updates.js';
import type { Candidate } from './candidate.js';
import { markCandidate, runEndMark } from './run-end-marks.js';
import { isSameChannel, type TargetSource } from './targets.js';
import { anomalyNameKeys, anomalyOfSubject, anomalySubject } from './thread-subjects.js';

/** What an event brings to messages that stand in a channel already, or wait to. */
export interface FollowUps {
  /** Whether an event may bring something; known at once. */
  mayFollow(event: ParsedEvent): boolean;
  /**
   * What follows from an event. Asked when all earlier commits are through, so that it knows the alerts in them.
   *
   * @throws `storage_unavailable`.
   */
  find(event: ParsedEvent): Promise<readonly Candidate[]>;
}

/** What follow-ups are found with. */
export interface FollowUpOptions {
  readonly storage: Storage;
  readonly index: AutomationIndex;
  readonly targets: TargetSource;
  /** Whether there is an integration at all. */
  hasIntegrations(): boolean;
}

/** More destinations than any run is told to. */
const mostThreads = 1000;

/** Makes what finds follow-ups. */
export function createFollowUps({ storage, index, targets, hasIntegrations }: FollowUpOptions): FollowUps {
  const threads = async (kind: ThreadKind, subject: string): Promise<readonly ThreadRecord[]> => {
    const { records } = await storage.list({ prefix: threadsOf(kind, subject), limit: mostThreads });
    return records.map(readThread);
  };

  /** The subject to which one of an anomaly's other names leads. */
  const subjectByName = async (event: ParsedAnomalyUpdate): Promise<string | undefined> => {
    for (const key of anomalyNameKeys(event)) {
      const record = await storage.get(key);
      if (record !== undefined) return fromStored<Pick<ThreadRecord, 'subject'>>(record.value).subject;
    }
    return undefined;
  };

  /** The thread of the last alert of an anomaly. */
  const findAlert = async (event: ParsedAnomalyUpdate): Promise<ThreadRecord | undefined> => {
    const subject = anomalySubject(event);
    const found = subject === undefined ? [] : await threads('anomaly', subject);
    if (found.length > 0) return latest(found);
    const named = await subjectByName(event);
    return named === undefined ? undefined : latest(await threads('anomaly', named));
  };

  /** The automation that would have told of the anomaly: the oldest one that covers its place, first of those that go by routing. */
  const findOwner = ({ place }: ParsedAnomalyUpdate): Automation | undefined => {
    const covering = new Set(scopesOf(place).map(scopeKey));
    const telling = [...index.all()]
      .map(({ automation }) => automation)
      .filter(({ enabled, event, action }) => {
        const tells = action.type === 'notification' && action.thread !== 'none';
        return enabled && tells && event.type === 'anomaly.detected' && covering.has(scopeKey(event.scope));
      })
      .sort((one, other) => (one.id < other.id ? -1 : 1));
    return telling.find(({ action }) => integrationIdOf(action) === undefined) ?? telling[0];
  };

  /** Where an update goes whose alert is not known. */
  const placeWithoutAlert = (event: ParsedAnomalyUpdate): UpdatePlace | undefined => {
    const automation = findOwner(event);
    if (automation === undefined) return undefined;
    const { id: automationId, name: automationName, revision: automationRevision, action } = automation;
    const owner = { automationId, automationName, automationRevision, entity: ownerOf(automation), subject: undefined };
    const integrationId = integrationIdOf(action);
    if (integrationId !== undefined) return { ...owner, integrationId };
    const routing = targets.routing(owner.entity);
    const [destination] = routing === undefined ? [] : routeOf(routing, event.metric);
    if (routing === undefined || destination === undefined) return undefined;
    return { ...owner, integrationId: routing.integrationId, destination };
  };

  const updates = async (event: ParsedAnomalyUpdate): Promise<readonly Candidate[]> => {
    const alert = await findAlert(event);
    const place = alert === undefined ? placeWithoutAlert(event) : { ...alert, entity: alert.entity };
    if (place === undefined) return [];
    const routing = targets.routing(place.entity);
    // What is told of an alert that went its own way is not the routing's to say.
    const isRouted = routing?.integrationId === place.integrationId;
    const update = threadUpdateOf(isRouted ? routing : undefined, event.type);
    const known = alert === undefined ? event : withAnomaly(event, alert);
    const candidate = updateCandidate(known, isRouted ? withDefault(place, routing) : place, update);
    return candidate === undefined ? [] : [candidate];
  };

  return {
    mayFollow: (event) => (event.family === 'anomaly-update' || runEndMark(event) !== undefined) && hasIntegrations(),
    async find(event) {
      if (event.family === 'anomaly-update') return updates(event);
      const mark = runEndMark(event);
      if (mark === undefined || event.family !== 'run') return [];
      return (await threads('run', runKey(event))).map((thread) => markCandidate(thread, mark));
    },
  };
}

/** An update that names its anomaly by an id alone is told, and muted, by what is known of it. */
function withAnomaly(event: ParsedAnomalyUpdate, { subject }: ThreadRecord): ParsedAnomalyUpdate {
  if (event.metric !== undefined) return event;
  const anomaly = anomalyOfSubject(subject);
  return { ...event, ...anomaly, json: { ...event.json, ...anomaly } };
}

/** The routing's default channel takes what another channel refuses. */
function withDefault(place: UpdatePlace, routing: Routing): UpdatePlace {
  const [defaultDestination] = routeOf(routing, undefined);
  const { destination } = place;
  if (defaultDestination === undefined || destination === undefined) return place;
  return isSameChannel(destination, defaultDestination) ? place : { ...place, defaultDestination };
}

function latest(threads: readonly ThreadRecord[]): ThreadRecord | undefined {
  return threads.reduce<ThreadRecord | undefined>(
    (last, each) => (last === undefined || each.openedBy > last.openedBy ? each : last),
    undefined,
  );
}
