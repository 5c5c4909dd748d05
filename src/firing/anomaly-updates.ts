import type { ThreadUpdate } from '../definition/routing/thread-update.js';
import type { ParsedAnomalyUpdate } from '../event/parsed-event.js';
import { jsonText } from '../notify/json-text.js';
import { postMessage, replyMessage, updateWords } from '../notify/update-message.js';
import type { Destination } from '../ports/delivery.js';
import type { ExecutionThread } from '../record/execution-thread.js';
import { type Candidate, plainCandidate } from './candidate.js';
import type { Claim } from './claims.js';
import type { Target } from './targets.js';
import { anomalyName, anomalyReference } from './thread-subjects.js';

/** Where what becomes of an anomaly is told. */
export interface UpdatePlace
  extends Pick<Candidate, 'automationId' | 'automationName' | 'automationRevision' | 'entity'> {
  readonly integrationId: string;
  readonly destination?: Destination | undefined;
  /** Where messages go if that channel refuses them. */
  readonly defaultDestination?: Destination | undefined;
  /** The subject of the anomaly's thread; `undefined` when no alert of it is known. */
  readonly subject: string | undefined;
  /** The execution that alerted of it at first; `undefined` when none is known. */
  readonly alertId?: string | undefined;
}

/** A profile that is disabled is told in the thread of an alert of up to a week. */
const disabledMaxAgeMs = 7 * 86_400_000;

/** So long a guard is held, in milliseconds: 30 days, as its thread unless the host says otherwise. It is told once within it. */
const guardHoldMs = 30 * 86_400_000;

/** What all guards of updates are held by. */
const holder = 'thread-update';

/**
 * What an update of an anomaly does: a reply in the thread of its alert, a reaction to the alert, a message in the channel.
 *
 * @param update - Which of them are wanted.
 * @returns `undefined` when nothing is.
 * @see Skyline, "Slack thread updates".
 */
export function updateCandidate(
  event: ParsedAnomalyUpdate,
  place: UpdatePlace,
  update: ThreadUpdate,
): Candidate | undefined {
  const { subject, integrationId, automationId, automationName, automationRevision, entity } = place;
  const targets = targetsOf(event, place, update);
  if (targets.length === 0) return undefined;
  return plainCandidate({
    event,
    automationId,
    automationName,
    automationRevision,
    entity,
    integrationId,
    metrics: event.metric === undefined ? [] : [event.metric],
    guard: guardOf(event, automationId, place.alertId ?? subject ?? anomalyName(event)),
    targets,
  });
}

function targetsOf(event: ParsedAnomalyUpdate, place: UpdatePlace, update: ThreadUpdate): Target[] {
  const { destination, defaultDestination, automationName } = place;
  const words = updateWords(event);
  const reference = anomalyReference(event);
  const there = destination === undefined ? {} : { destination };
  const orElse = defaultDestination === undefined ? there : { ...there, defaultDestination };
  const thread: ExecutionThread = {
    kind: 'anomaly',
    subject: place.subject ?? anomalyName(event),
    role: 'update',
    // What is told in the channel as well needs no reply that stands there beside it.
    ...(words.post === undefined ? { reference } : { onlyInThread: true }),
    ...(event.type === 'features-profile.disabled' ? { maxAgeMs: disabledMaxAgeMs } : {}),
  };
  const isKnown = place.subject !== undefined;
  const targets: Target[] = [];
  if (update.message && words.reply !== undefined && (isKnown || words.post === undefined)) {
    targets.push({ ...orElse, thread, message: replyMessage(event, words.reply, automationName) });
  }
  if (isKnown && update.reaction !== false) {
    targets.push({ ...there, thread: { ...thread, onlyInThread: true }, reaction: update.reaction });
  }
  if (update.message && words.post !== undefined) {
    targets.push({ ...orElse, message: postMessage(event, words.post, reference, automationName) });
  }
  return targets;
}

/** What an automation tells once: the same viewer or label of one alert, the same profile. */
function guardOf(event: ParsedAnomalyUpdate, automationId: string, alert: string): Claim {
  const { type, json, place } = event;
  const profileId = jsonText(json['profileId']);
  const isOfProfile = type === 'features-profile.created' && profileId !== '';
  const once = isOfProfile
    ? [type, place.entity, place.project ?? '', profileId]
    : [type, alert, profileId, jsonText(json['viewer']), jsonText(json['label'])];
  const subject = JSON.stringify([automationId, ...once]);
  return { subject, holder, key: JSON.stringify([holder, subject]), holdMs: guardHoldMs, reason: 'already_posted' };
}
