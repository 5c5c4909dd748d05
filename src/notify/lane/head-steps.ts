import type { Step, Storage, Write } from '../../ports/storage.js';
import type { Attempt, Execution } from '../../record/execution.js';
import { putExecution } from '../../record/execution-writes.js';
import { keys } from '../../record/keys.js';
import { fromStored } from '../../record/stored.js';
import { attemptCount, withAttempt } from './attempt-history.js';
import type { WrittenAlong } from './known-thread.js';
import type { PendingRecord } from './pending-record.js';

/** Records an attempt after which the execution stays pending, unless somebody has changed it meanwhile. */
export function attemptStep(execution: Execution, { condition }: PendingRecord): Step {
  return { when: [condition], write: putExecution(execution, 'pending') };
}

/**
 * Records an attempt that failed, whatever somebody has made of its execution meanwhile: that stays as they made it.
 *
 * @param before - The execution as it was tried.
 * @param endedMs - When the attempt ended, in epoch milliseconds.
 * @returns `undefined` when it is recorded already: nothing was heard of it.
 */
export async function attemptAgainStep(
  storage: Storage,
  before: Execution,
  { retryInMs: _, ...attempt }: Attempt,
  endedMs: number,
): Promise<Step | undefined> {
  const key = keys.execution(before.id);
  const record = await storage.get(key);
  if (record === undefined) return { write: [] };
  const now = fromStored<Execution>(record.value);
  // Only who works on the lane records attempts: one more is this very one.
  if (attemptCount(now) > attemptCount(before)) return undefined;
  const after: Execution = { ...now, ...withAttempt(now, attempt), updatedAt: Math.max(now.updatedAt, endedMs) };
  return { when: [{ type: 'revision', key, revision: record.revision }], write: putExecution(after, now.status) };
}

/** Takes an entry out of its lane whose execution is gone or settled, unless that has been called for again meanwhile. */
export function dropStep({ condition }: PendingRecord, remove: Write): Step {
  return { when: [condition], write: [remove] };
}

/** Records the end of an execution, and takes it out of its lane, unless somebody has changed it meanwhile. */
export function endStep(execution: Execution, { condition }: PendingRecord, remove: Write, along?: WrittenAlong): Step {
  const { when = [], write = [] } = along ?? {};
  return { when: [condition, ...when], write: [...putExecution(execution, 'pending'), remove, ...write] };
}

/** Records that an execution has arrived, whatever somebody has made of it meanwhile. */
export async function arrivedStep(
  storage: Storage,
  execution: Execution,
  remove: Write,
  along?: WrittenAlong,
): Promise<Step> {
  const { when = [], write = [] } = along ?? {};
  const key = keys.execution(execution.id);
  const record = await storage.get(key);
  const before = record === undefined ? undefined : fromStored<Execution>(record.value).status;
  return {
    when: [{ type: 'revision', key, revision: record?.revision ?? 0 }, ...when],
    write: [...putExecution(execution, before), remove, ...write],
  };
}
