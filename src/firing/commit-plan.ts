import type { ParsedEvent } from '../event/parsed-event.js';
import { appendToOutbox } from '../notify/outbox.js';
import type { Commit, CommitResult, Precondition, Step, StepResult } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { putExecution } from '../record/execution-writes.js';
import { keys } from '../record/keys.js';
import { putThread, putThreadNames, type ThreadRecord, threadKey } from '../record/thread.js';
import type { Candidate } from './candidate.js';
import type { Claim, Slots } from './claims.js';
import { eventIdOf } from './event-ids.js';
import { alertClaim } from './run-alert.js';

type ClaimCondition = Extract<Precondition, { readonly type: 'claim' }>;

/** A candidate that json-rules-engine has confirmed, with the record of its firing. */
export interface Firing {
  readonly candidate: Candidate;
  /** The records of all that it does; at least one. */
  readonly executions: readonly Execution[];
  /** The threads that they open. */
  readonly threads: readonly ThreadRecord[];
  /** The slots of its rate limit that may be free, of which it takes the first that is; none: it has no limit. */
  readonly freeSlots: readonly string[];
}

/** A firing whose claim another process holds. */
export interface LostFiring {
  readonly candidate: Candidate;
  readonly reason: 'cooldown' | 'rate_limited' | 'already_posted';
  /** Until when, in epoch milliseconds. */
  readonly untilMs: number;
}

/** A claim that is held, by its name in the storage; of a cooldown, or a slot of a rate limit. */
interface TakenClaim {
  readonly claim: string;
  readonly untilMs: number;
  readonly cooldown?: Claim | undefined;
  readonly slotOf?: Slots | undefined;
}

/** What a commit came to. */
export interface CommittedFirings {
  readonly fired: readonly Execution[];
  readonly lost: readonly LostFiring[];
  /** Claims that are held now, by this process or by another. */
  readonly held: readonly TakenClaim[];
  /** The event's id had been committed before, so nothing was written. */
  readonly duplicate: boolean;
}

/**
 * The one commit of an emit: every execution with its outbox entry and its claims, and the event's id.
 *
 * @param nowMs - When the event was emitted; cooldowns count from the commit's own time, `createdAt`.
 */
export function planCommit(firings: readonly Firing[], event: ParsedEvent, nowMs: number): Commit {
  const require: Precondition[] = [];
  // The threads last: what became of the firings is read from the first steps.
  const steps: Step[] = [
    ...firings.flatMap(stepsOf),
    ...firings.flatMap(({ threads }) => threads.flatMap(threadSteps)),
  ];
  const once = eventClaim(event, nowMs);
  if (once !== undefined) require.push(once);
  const alert = alertClaim(event);
  if (alert !== undefined) {
    require.push({ type: 'claim', key: keys.claim(alert.key), nowMs, untilMs: nowMs + alert.holdMs });
  }
  return { require, steps };
}

/** For how long the id of an event that fired is remembered, in milliseconds: 30 days. */
const eventIdHoldMs = 30 * 86_400_000;

function eventClaim(event: ParsedEvent, nowMs: number): ClaimCondition | undefined {
  const id = eventIdOf(event);
  if (id === undefined) return undefined;
  return { type: 'claim', key: keys.event(id), nowMs, untilMs: nowMs + eventIdHoldMs };
}

/** How a claim begins that means nothing beyond its commit. */
const onceOnly = 'once ';

/**
 * The claims of each step of a firing. With a rate limit there is a step for each slot that may be free; a claim of the
 * execution's own sees to it that only the first of them is written.
 */
function claimsOf({ candidate, executions, freeSlots }: Firing): readonly (readonly TakenClaim[])[] {
  const { cooldown, rateLimit } = candidate;
  const { id, createdAt } = executions[0] as Execution;
  const cooling =
    cooldown === undefined ? [] : [{ claim: cooldown.key, untilMs: createdAt + cooldown.holdMs, cooldown }];
  if (rateLimit === undefined) return [cooling];
  const once = freeSlots.length > 1 ? [{ claim: `${onceOnly}${id}`, untilMs: createdAt + 1 }] : [];
  return freeSlots.map((slot) => [
    ...once,
    ...cooling,
    { claim: slot, untilMs: createdAt + rateLimit.holdMs, slotOf: rateLimit },
  ]);
}

function stepsOf(firing: Firing): Step[] {
  const { executions } = firing;
  const { createdAt: nowMs } = executions[0] as Execution;
  const write: Step['write'] = executions.flatMap((each) => [...putExecution(each), ...appendToOutbox(each)]);
  return claimsOf(firing).map((claims) => ({
    when: claims.map(({ claim, untilMs }) => ({ type: 'claim', key: keys.claim(claim), nowMs, untilMs })),
    write,
  }));
}

/**
 * Records a thread unless there is one; nothing when its firing was not written. One that is there keeps its first message until
 * the new one has arrived, and gets the new names at once.
 */
function threadSteps(record: ThreadRecord): Step[] {
  const fired: Precondition = { type: 'revision', key: keys.execution(record.openedBy), revision: 1 };
  const absent: Precondition = { type: 'revision', key: threadKey(record), revision: 0 };
  const names = putThreadNames(record);
  return [
    ...(names.length === 0 ? [] : [{ when: [fired], write: names }]),
    { when: [fired, absent], write: putThread(record) },
  ];
}

/** Reads what became of the firings of {@link planCommit}. */
export function readCommit(result: CommitResult, firings: readonly Firing[], event: ParsedEvent): CommittedFirings {
  if (!result.committed) {
    const { conflict } = result;
    const once = eventClaim(event, 0);
    const duplicate = conflict.type === 'claim' && conflict.key === once?.key;
    return { fired: [], lost: [], held: [], duplicate };
  }
  const fired: Execution[] = [];
  const lost: LostFiring[] = [];
  const held: TakenClaim[] = [];
  let next = 0;
  for (const firing of firings) {
    const claims = claimsOf(firing);
    const results = result.steps.slice(next, next + claims.length);
    next += claims.length;
    const written = results.findIndex((step) => step.written);
    if (written >= 0) {
      fired.push(...firing.executions);
      held.push(...(claims[written] ?? []));
    }
    // Beyond the step that was written, the others only met its claims.
    const refused = results.slice(0, written < 0 ? results.length : written).flatMap((step, index) => {
      return refusalOf(step, claims[index] ?? []) ?? [];
    });
    held.push(...refused);
    if (written < 0) lost.push(lossOf(firing, refused));
  }
  return { fired, lost, held: held.filter(({ claim }) => !claim.startsWith(onceOnly)), duplicate: false };
}

/** Which claim refused a step, and until when it is held. */
function refusalOf(step: StepResult, claims: readonly TakenClaim[]): TakenClaim | undefined {
  if (step.written) return undefined;
  const { conflict, heldUntilMs } = step;
  const own = claims.find(({ claim }) => conflict.type === 'claim' && conflict.key === keys.claim(claim));
  return own === undefined ? undefined : { ...own, untilMs: heldUntilMs ?? own.untilMs };
}

function lossOf({ candidate }: Firing, refused: readonly TakenClaim[]): LostFiring {
  const cooling = refused.find(({ claim }) => claim === candidate.cooldown?.key);
  if (cooling !== undefined) {
    return { candidate, reason: candidate.cooldown?.reason ?? 'cooldown', untilMs: cooling.untilMs };
  }
  return { candidate, reason: 'rate_limited', untilMs: Math.min(...refused.map(({ untilMs }) => untilMs)) };
}
