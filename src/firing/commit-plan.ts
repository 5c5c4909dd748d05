import type { ParsedEvent } from '../event/parsed-event.js';
import { appendToOutbox } from '../notify/outbox.js';
import type { Commit, CommitResult, Precondition, Step } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { keys } from '../record/keys.js';
import { toStored } from '../record/stored.js';
import type { Candidate } from './candidate.js';
import { alertClaim } from './run-alert.js';

/** A candidate that json-rules-engine has confirmed, with the record of its firing. */
export interface Firing {
  readonly candidate: Candidate;
  readonly execution: Execution;
}

/** What a commit came to. */
export interface CommittedFirings {
  readonly fired: readonly Execution[];
  /** Those whose claim another process holds. */
  readonly lost: readonly { readonly candidate: Candidate; readonly untilMs: number }[];
  /** Claims that are held now, by this process or by another. */
  readonly held: readonly { readonly claim: string; readonly untilMs: number }[];
  /** The event's id had been committed before, so nothing was written. */
  readonly duplicate: boolean;
}

/**
 * The one commit of an emit: every execution with its outbox entry and its claim, and the event's id.
 *
 * @param nowMs - When the event was emitted; cooldowns count from the commit's own time, `createdAt`.
 */
export function planCommit(firings: readonly Firing[], event: ParsedEvent, nowMs: number): Commit {
  const require: Precondition[] = [];
  const steps: Step[] = firings.map(stepOf);
  if (event.id !== undefined) {
    const key = keys.event(event.id);
    require.push({ type: 'revision', key, revision: 0 });
    steps.push({ write: [{ type: 'put', key, value: { committedAt: nowMs } }] });
  }
  const alert = alertClaim(event);
  if (alert !== undefined) {
    require.push({ type: 'claim', key: keys.claim(alert.key), nowMs, untilMs: nowMs + alert.holdMs });
  }
  return { require, steps };
}

function stepOf({ candidate, execution }: Firing): Step {
  const { id, automationId, createdAt } = execution;
  const write: Step['write'] = [
    { type: 'put', key: keys.execution(id), value: toStored(execution) },
    { type: 'put', key: keys.executionOf(automationId, id), value: { id } },
    ...appendToOutbox(execution),
  ];
  if (candidate.claim === undefined) return { write };
  const untilMs = claimedUntil(candidate, execution);
  return { when: [{ type: 'claim', key: keys.claim(candidate.claim), nowMs: createdAt, untilMs }], write };
}

/** The cooldown starts at the commit. */
function claimedUntil(candidate: Candidate, execution: Execution): number {
  return execution.createdAt + candidate.cooldownMs;
}

/** Reads what became of the firings of {@link planCommit}. */
export function readCommit(result: CommitResult, firings: readonly Firing[]): CommittedFirings {
  if (!result.committed) {
    return { fired: [], lost: [], held: [], duplicate: result.conflict.type === 'revision' };
  }
  const fired: Execution[] = [];
  const lost: { candidate: Candidate; untilMs: number }[] = [];
  const held: { claim: string; untilMs: number }[] = [];
  for (const [index, firing] of firings.entries()) {
    const { candidate, execution } = firing;
    const step = result.steps[index];
    const ownUntilMs = claimedUntil(candidate, execution);
    const untilMs = step?.written === false ? (step.heldUntilMs ?? ownUntilMs) : ownUntilMs;
    if (step?.written === false) lost.push({ candidate, untilMs });
    else fired.push(execution);
    if (candidate.claim !== undefined) held.push({ claim: candidate.claim, untilMs });
  }
  return { fired, lost, held, duplicate: false };
}
