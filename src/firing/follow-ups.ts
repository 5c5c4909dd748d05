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
import { keys } from '../record/keys.js';
import { readThread, readThreadName, type ThreadRecord, threadsOf } from '../record/thread.js';
import { type UpdatePlace, updateCandidate } from './anomaly-updates.js';
import type { Candidate } from './candidate.js';
import { markCandidate, runEndMark } from './run-end-marks.js';
import { isSameChannel, type TargetSource } from './targets.js';
import { anomalyNameKeys, anomalyOfSubject, anomalySubject, lastAlertKey } from './thread-subjects.js';

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
      if (record !== undefined) return readThreadName(record).subject;
    }
    return undefined;
  };

  /** Whether what told of an anomaly can tell what becomes of it: its automation and integration are there. */
  const isAlive = async ({ automationId, integrationId }: ThreadRecord): Promise<boolean> => {
    const isHere = async (isKnown: boolean, key: string): Promise<boolean> =>
      isKnown || (await storage.get(key)) !== undefined;
    return (
      (await isHere(index.get(automationId) !== undefined, keys.automation(automationId))) &&
      (await isHere(targets.integration(integrationId) !== undefined, keys.integration(integrationId)))
    );
  };

  /** An alert that was committed again and has not arrived yet is what is told of from then on. */
  const withLastAlert = async (thread: ThreadRecord): Promise<ThreadRecord> => {
    const record = await storage.get(lastAlertKey(thread.automationId, thread.subject));
    return record === undefined ? thread : { ...thread, alertId: readThreadName(record).alertId };
  };

  /** The threads of an anomaly: of each automation that told of it that of its last alert. */
  const findAlerts = async (event: ParsedAnomalyUpdate): Promise<readonly ThreadRecord[]> => {
    const subject = anomalySubject(event);
    const found = subject === undefined ? [] : await threads('anomaly', subject);
    const named = found.length > 0 ? undefined : await subjectByName(event);
    const all = named === undefined ? found : await threads('anomaly', named);
    const alive = await Promise.all(all.map(isAlive));
    return Promise.all(lastOfEach(all.filter((_, position) => alive[position])).map(withLastAlert));
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

  const updateIn = (event: ParsedAnomalyUpdate, place: UpdatePlace, isRouted: boolean): Candidate[] => {
    const routing = isRouted ? targets.routing(place.entity) : undefined;
    const candidate = updateCandidate(event, withDefault(place, routing), threadUpdateOf(routing, event.type));
    return candidate === undefined ? [] : [candidate];
  };

  const updates = async (event: ParsedAnomalyUpdate): Promise<readonly Candidate[]> => {
    const alerts = await findAlerts(event);
    if (alerts.length > 0) {
      return alerts.flatMap((alert) =>
        updateIn(withAnomaly(event, alert), { ...alert, entity: alert.entity }, alert.isRouted === true),
      );
    }
    const place = placeWithoutAlert(event);
    return place === undefined ? [] : updateIn(event, place, place.destination !== undefined);
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

/** The routing's default channel takes what another channel refuses, where the routing's integration posts there still. */
function withDefault(place: UpdatePlace, routing: Routing | undefined): UpdatePlace {
  const { destination, integrationId } = place;
  if (routing === undefined || destination === undefined || routing.integrationId !== integrationId) return place;
  const [defaultDestination] = routeOf(routing, undefined);
  if (defaultDestination === undefined || isSameChannel(destination, defaultDestination)) return place;
  return { ...place, defaultDestination };
}

/** One that went to a fallback, or was alerted again, has several threads. */
function lastOfEach(threads: readonly ThreadRecord[]): readonly ThreadRecord[] {
  const last = new Map<string, ThreadRecord>();
  for (const thread of threads) {
    const before = last.get(thread.automationId);
    if (before === undefined || thread.openedBy > before.openedBy) last.set(thread.automationId, thread);
  }
  return [...last.values()];
}
