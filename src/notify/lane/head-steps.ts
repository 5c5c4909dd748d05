import type { Step, Storage, Write } from '../../ports/storage.js';
import type { Execution } from '../../record/execution.js';
import { putExecution } from '../../record/execution-writes.js';
import { keys } from '../../record/keys.js';
import { fromStored } from '../../record/stored.js';
import type { WrittenAlong } from './known-thread.js';
import type { PendingRecord } from './pending-record.js';

/** Records an attempt after which the execution stays pending, unless somebody has changed it meanwhile. */
export function attemptStep(execution: Execution, { condition }: PendingRecord): Step {
  return { when: [condition], write: putExecution(execution, 'pending') };
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
