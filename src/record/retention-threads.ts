import type { Step, Storage, StoredRecord } from '../ports/storage.js';
import type { RoundOptions } from './retention-round.js';
import { idsFrom } from './sortable-id.js';
import { readThreadAge, readThreadName, threadAges } from './thread.js';

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
    const steps = (await Promise.all(old.map((age) => deletionsOf(storage, age)))).flat();
    if (steps.length > 0) await storage.commit({ steps });
    if (page.next === undefined || old.length < page.records.length) return;
    after = { after: page.next };
    await giveWay();
  }
}

/** A thread that has been opened anew has another record by its age, and stays; so does a name that leads to another by now. */
async function deletionsOf(storage: Storage, age: StoredRecord): Promise<Step[]> {
  const { openedBy, keys } = readThreadAge(age);
  const records = await Promise.all(keys.map((key) => storage.get(key)));
  const own = records.filter((record) => record !== undefined && readThreadName(record).openedBy === openedBy);
  return [
    ...own.flatMap((record) => (record === undefined ? [] : deletion(record.key, record.revision))),
    { write: [{ type: 'delete', key: age.key }] },
  ];
}

function deletion(key: string, revision: number): Step {
  return { when: [{ type: 'revision', key, revision }], write: [{ type: 'delete', key }] };
}
