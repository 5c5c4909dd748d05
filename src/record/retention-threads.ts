import type { Precondition, Step, Storage, StoredRecord, Write } from '../ports/storage.js';
import type { RoundOptions } from './retention-round.js';
import { idsFrom } from './sortable-id.js';
import { readThread, readThreadKeys, threadAges } from './thread.js';

/** How many threads one commit deletes. */
const threadsPerSlice = 200;

/** Deletes the threads that were opened too long ago, with the keys that lead to them, in small slices. */
export async function deleteOldThreads(storage: Storage, options: RoundOptions): Promise<void> {
  const { executionRetentionMs, nowMs, giveWay, isStopped } = options;
  const border = `${threadAges}${idsFrom(nowMs - executionRetentionMs)}`;
  let after: { readonly after: string } | undefined;
  while (!isStopped()) {
    const page = await storage.list({ prefix: threadAges, limit: threadsPerSlice, ...after });
    const old = page.records.filter(({ key }) => key < border);
    const steps = await Promise.all(old.map((age) => deletionOf(storage, age)));
    if (steps.length > 0) await storage.commit({ steps });
    if (page.next === undefined || old.length < page.records.length) return;
    after = { after: page.next };
    await giveWay();
  }
}

/** A thread that has been opened anew has another record by its age, and stays. */
async function deletionOf(storage: Storage, age: StoredRecord): Promise<Step> {
  const keys = readThreadKeys(age);
  const [threadKey = age.key] = keys;
  const record = await storage.get(threadKey);
  const isOther = record !== undefined && !age.key.startsWith(`${threadAges}${readThread(record).openedBy}/`);
  const when: Precondition[] = [{ type: 'revision', key: threadKey, revision: record?.revision ?? 0 }];
  const deleted = isOther ? [age.key] : [age.key, ...keys];
  return { when, write: deleted.map((key): Write => ({ type: 'delete', key })) };
}
