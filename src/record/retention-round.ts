import type { Step, Storage, StoredRecord } from '../ports/storage.js';
import type { ExecutionStatus } from './execution.js';
import { deleteExecution } from './execution-writes.js';
import { keys } from './keys.js';
import { findBorder } from './retention-border.js';
import type { RoundOptions } from './round-options.js';

/** How many executions one commit deletes. */
const deletedPerSlice = 200;

/** What is pending is kept for as long as it takes. */
const endedStatuses = ['finished', 'failed', 'skipped', 'cancelled'] as const satisfies readonly ExecutionStatus[];

/**
 * Deletes the executions that are too old or too many, but never one that is pending. Everything else goes on
 * meanwhile: it works in small slices, which take no room: it must work where there is none.
 */
export async function deleteSurplus(storage: Storage, options: RoundOptions): Promise<void> {
  const { giveWay, isStopped } = options;

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

  const border = await findBorder(storage, keys.executions, options);
  for (const status of endedStatuses) await deleteUpTo(border, status);
}

/** One that is tried again meanwhile has left this index, and stays. */
function deletionOf({ key, value, revision }: StoredRecord, status: ExecutionStatus): Step {
  const id = key.slice(keys.executionsIn(status).length);
  const { automationId, image } = value as { readonly automationId: string; readonly image?: string };
  const write = deleteExecution({ id, automationId, status }, image);
  return { when: [{ type: 'revision', key, revision }], write };
}
