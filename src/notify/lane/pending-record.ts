import type { LaneEntry, Precondition, Storage } from '../../ports/storage.js';
import type { Execution } from '../../record/execution.js';
import { keys } from '../../record/keys.js';
import { fromStored } from '../../record/stored.js';
import { readEntry } from '../outbox.js';

/** The execution that an entry of a lane stands for. */
export interface PendingRecord {
  /** `undefined` when it is gone, or not pending any more: then the entry is of no use. */
  readonly execution: Execution | undefined;
  /** That the record is still as it was read. */
  readonly condition: Precondition;
}

/** Reads the execution of an entry. */
export async function readPending(storage: Storage, entry: LaneEntry): Promise<PendingRecord> {
  const key = keys.execution(readEntry(entry).executionId);
  const record = await storage.get(key);
  const execution = record === undefined ? undefined : fromStored<Execution>(record.value);
  return {
    execution: execution?.status === 'pending' ? execution : undefined,
    condition: { type: 'revision', key, revision: record?.revision ?? 0 },
  };
}
