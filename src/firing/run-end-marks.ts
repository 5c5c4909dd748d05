import type { ParsedEvent } from '../event/parsed-event.js';
import type { ThreadRecord } from '../record/thread.js';
import { type Candidate, plainCandidate } from './candidate.js';
import type { Claim } from './claims.js';
import type { Target } from './targets.js';

/** What the first message about a run gets when the run ends. Crashed counts as failed; a killed run did neither. */
const marks: Readonly<Record<string, string>> = { finished: 'white_check_mark', failed: 'x', crashed: 'x' };

/** A run ends once; so long it is remembered that it did, in milliseconds: 30 days. */
const guardHoldMs = 30 * 86_400_000;

/** The mark that an event brings; `undefined` when it ends no run. */
export function runEndMark(event: ParsedEvent): string | undefined {
  if (event.type !== 'run.state') return undefined;
  return Object.hasOwn(marks, event.state) ? marks[event.state] : undefined;
}

/** Marks the first message of a run's thread. */
export function markCandidate(thread: ThreadRecord, reaction: string): Candidate {
  const { automationId, automationName, automationRevision, entity, integrationId, destination, kind, subject } =
    thread;
  const target: Target = {
    ...(destination === undefined ? {} : { destination }),
    thread: { kind, subject, role: 'update', onlyInThread: true },
    reaction,
  };
  return plainCandidate({
    automationId,
    automationName,
    automationRevision,
    entity,
    integrationId,
    metrics: [],
    guard: guardOf(thread, reaction),
    targets: [target],
  });
}

function guardOf({ openedBy, lane }: ThreadRecord, reaction: string): Claim {
  const subject = JSON.stringify([openedBy, lane, reaction]);
  const holder = 'run-end-mark';
  return { subject, holder, key: JSON.stringify([holder, subject]), holdMs: guardHoldMs, reason: 'already_posted' };
}
