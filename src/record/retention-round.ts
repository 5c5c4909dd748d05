import type { Step, Storage, StoredRecord } from '../ports/storage.js';
import type { ExecutionStatus } from './execution.js';
import { deleteExecution } from './execution-writes.js';
import { keys } from './keys.js';
import { idsFrom } from './sortable-id.js';

/** How much of the history is kept. */
export interface RetentionLimits {
  /** For how long, in milliseconds. */
  readonly executionRetentionMs: number;
  /** How many executions, the newest. */
  readonly maxExecutions: number;
}

/** How many keys are walked over at once. */
const keysPerSlice = 2000;

/** How many executions one commit deletes. */
const deletedPerSlice = 200;

/** What is pending is kept for as long as it takes. */
const endedStatuses = ['finished', 'failed', 'skipped', 'cancelled'] as const satisfies readonly ExecutionStatus[];

/** How a round is steered. */
export interface RoundOptions extends RetentionLimits {
  /** When it is, in epoch milliseconds. */
  readonly nowMs: number;
  /** Awaited between slices. */
  giveWay(): Promise<void>;
  /** Asked before each slice. */
  isStopped(): boolean;
}

/**
 * Deletes the executions that are too old or too many, but never one that is pending. Everything else goes on
 * meanwhile: it works in small slices.
 */
export async function deleteSurplus(storage: Storage, options: RoundOptions): Promise<void> {
  const { executionRetentionMs, maxExecutions, nowMs, giveWay, isStopped } = options;

  /** The newest of those that are too many; or the age beyond which all go, when that comes first. */
  const findBorder = async (tooOld: string): Promise<string> => {
    let left = Math.trunc(maxExecutions);
    let after: { readonly after: string } | undefined;
    while (!isStopped()) {
      const prefix = keys.executions;
      const page = await storage.listKeys({ prefix, order: 'descending', limit: keysPerSlice, ...after });
      const [newest, last] = [page.keys[left], page.keys.at(-1)].map((key) => key?.slice(prefix.length));
      if (newest !== undefined) return newest > tooOld ? newest : tooOld;
      if (page.next === undefined || last === undefined || last < tooOld) break;
      left -= page.keys.length;
      after = { after: page.next };
      await giveWay();
    }
    return tooOld;
  };

  const deleteUpTo = async (border: string, status: ExecutionStatus): Promise<void> => {
    const prefix = keys.executionsIn(status);
    let after: { readonly after: string } | undefined;
    while (!isStopped()) {
      const { records, next } = await storage.list({ prefix, limit: deletedPerSlice, ...after });
      const surplus = records.filter(({ key }) => key.slice(prefix.length) <= border);
      if (surplus.length > 0) await storage.commit({ steps: surplus.map((entry) => deletionOf(entry, status)) });
      if (next === undefined || surplus.length < records.length) return;
      after = { after: next };
      await giveWay();
    }
  };

  const border = await findBorder(idsFrom(nowMs - executionRetentionMs));
  for (const status of endedStatuses) await deleteUpTo(border, status);
}

/** One that is tried again meanwhile has left this index, and stays. */
function deletionOf({ key, value, revision }: StoredRecord, status: ExecutionStatus): Step {
  const id = key.slice(keys.executionsIn(status).length);
  const write = deleteExecution({ id, automationId: String(value['automationId']), status });
  return { when: [{ type: 'revision', key, revision }], write };
}
