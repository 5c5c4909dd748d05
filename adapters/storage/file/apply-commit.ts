import {
  type Commit,
  type CommitResult,
  type Precondition,
  type Step,
  type StepResult,
  TocsinError,
  type Write,
} from '../../../src/index.js';
import { checkName, toJsonText } from '../../../src/ports/storage-input.js';
import { claimedUntil, takeClaim } from './claims.js';
import type { Draft } from './draft.js';
import { appendEntry, holdsLease, removeEntry } from './lanes.js';
import { putRecord, revisionOf } from './records.js';

/** Does something in a draft, by a clock that leases expire by. */
type Apply<Result> = (draft: Draft, nowMs: number) => Result;

/**
 * Reads a commit to its end, so that what it returns can be applied at any time, and never in part.
 *
 * @throws What the commit's values throw, and `invalid_options` for a key that the port does not allow.
 */
export function prepareCommit({ require = [], steps }: Commit): Apply<CommitResult> {
  const required = require.map(prepareCondition);
  const prepared = steps.map(prepareStep);
  return (draft, nowMs) => {
    const conflict = required.find((condition) => !holds(draft, condition, nowMs));
    if (conflict !== undefined) return { committed: false, conflict };
    takeClaims(draft, required);
    return { committed: true, steps: prepared.map((apply) => apply(draft, nowMs)) };
  };
}

function prepareStep({ when = [], write, otherwise = [] }: Step): Apply<StepResult> {
  const conditions = when.map(prepareCondition);
  const writes = write.map(prepareWrite);
  const others = otherwise.map(prepareWrite);
  return (draft, nowMs) => {
    const conflict = conditions.find((condition) => !holds(draft, condition, nowMs));
    if (conflict === undefined) {
      takeClaims(draft, conditions);
      for (const apply of writes) apply(draft, nowMs);
      return { written: true };
    }
    const heldUntilMs = conflict.type === 'claim' ? claimedUntil(draft, conflict.key) : undefined;
    for (const apply of others) apply(draft, nowMs);
    return { written: false, conflict, heldUntilMs };
  };
}

function prepareCondition(condition: Precondition): Precondition {
  checkName(condition.type === 'lease' ? condition.lane : condition.key);
  if (condition.type === 'claim' && Number.isNaN(condition.untilMs)) {
    throw new TocsinError({ code: 'invalid_options', message: 'Expected epoch milliseconds at untilMs, got NaN' });
  }
  return { ...condition };
}

function prepareWrite(write: Write): Apply<void> {
  switch (write.type) {
    case 'put': {
      const [key, json] = [checkName(write.key), toJsonText(write.value)];
      return (draft) => putRecord(draft, key, json);
    }
    case 'delete': {
      const key = checkName(write.key);
      return (draft) => draft.remove('records', key);
    }
    case 'append': {
      const [lane, id, json] = [checkName(write.lane), checkName(write.id), toJsonText(write.value)];
      return (draft) => appendEntry(draft, lane, id, json);
    }
    case 'remove': {
      const [lane, id] = [checkName(write.lane), checkName(write.id)];
      return (draft) => removeEntry(draft, lane, id);
    }
    default:
      return write satisfies never;
  }
}

function holds(draft: Draft, condition: Precondition, nowMs: number): boolean {
  switch (condition.type) {
    case 'claim':
      return (claimedUntil(draft, condition.key) ?? Number.NEGATIVE_INFINITY) <= condition.nowMs;
    case 'revision':
      return revisionOf(draft, condition.key) === condition.revision;
    case 'lease':
      return holdsLease(draft, condition.lane, condition.token, nowMs);
    default:
      return condition satisfies never;
  }
}

function takeClaims(draft: Draft, conditions: readonly Precondition[]): void {
  for (const condition of conditions) {
    if (condition.type === 'claim') takeClaim(draft, condition.key, condition.nowMs, condition.untilMs);
  }
}
