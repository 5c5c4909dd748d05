import {
  type Commit,
  type CommitResult,
  type JsonObject,
  type Precondition,
  type Step,
  type StepResult,
  TocsinError,
  type Write,
} from '../../../src/index.js';
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

/**
 * Checks what names something.
 *
 * @throws `invalid_options`.
 */
export function checkKey(key: string): string {
  if (typeof key === 'string' && /^[ -~]{1,512}$/.test(key)) return key;
  const got = typeof key === 'string' ? JSON.stringify(key.slice(0, 80)) : typeof key;
  const message = `Expected a key, name or id of 1 to 512 printable ASCII characters, got ${got}`;
  throw new TocsinError({ code: 'invalid_options', message });
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
  checkKey(condition.type === 'lease' ? condition.lane : condition.key);
  if (condition.type === 'claim' && Number.isNaN(condition.untilMs)) {
    throw new TocsinError({ code: 'invalid_options', message: 'Expected epoch milliseconds at untilMs, got NaN' });
  }
  return { ...condition };
}

function prepareWrite(write: Write): Apply<void> {
  switch (write.type) {
    case 'put': {
      const [key, json] = [checkKey(write.key), toJson(write.value)];
      return (draft) => putRecord(draft, key, json);
    }
    case 'delete': {
      const key = checkKey(write.key);
      return (draft) => draft.remove('records', key);
    }
    case 'append': {
      const [lane, id, json] = [checkKey(write.lane), checkKey(write.id), toJson(write.value)];
      return (draft) => appendEntry(draft, lane, id, json);
    }
    case 'remove': {
      const [lane, id] = [checkKey(write.lane), checkKey(write.id)];
      return (draft) => removeEntry(draft, lane, id);
    }
    default:
      return write satisfies never;
  }
}

function toJson(value: JsonObject): string {
  const json = JSON.stringify(value);
  if (json?.startsWith('{')) return json;
  throw new TocsinError({ code: 'invalid_options', message: 'Expected a value that is an object in JSON' });
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
