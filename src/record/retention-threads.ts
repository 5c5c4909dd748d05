import type { Precondition, Step, Storage, StoredRecord } from '../ports/storage.js';
import { keys } from './keys.js';
import { findBorder } from './retention-border.js';
import type { RoundOptions } from './round-options.js';
import { readThreadAge, readThreadName, threadAges } from './thread.js';

/** How many threads one commit deletes. */
const threadsPerSlice = 200;

/**
 * Deletes the threads that were opened too long ago or are too many, with the keys that lead to them, in small slices; but none whose
 * first message is pending. As many are kept as executions are.
 */
export async function deleteOldThreads(storage: Storage, options: RoundOptions): Promise<void> {
  const { giveWay, isStopped } = options;
  const border = `${threadAges}${await findBorder(storage, threadAges, options)}`;
  let after: { readonly after: string } | undefined;
  while (!isStopped()) {
    const page = await storage.list({ prefix: threadAges, limit: threadsPerSlice, ...after });
    const old = page.records.filter(({ key }) => key <= border);
    const steps = (await Promise.all(old.map((age) => deletionsOf(storage, age)))).flat();
    if (steps.length > 0) await storage.commit({ steps });
    if (page.next === undefined || old.length < page.records.length) return;
    after = { after: page.next };
    await giveWay();
  }
}

/** A thread that has been opened anew has another record by its age, and stays; so does a name that leads to another by now. */
async function deletionsOf(storage: Storage, age: StoredRecord): Promise<Step[]> {
  const { openedBy, keys: names } = readThreadAge(age);
  const isEnded: Precondition = { type: 'revision', key: keys.executionIn('pending', openedBy), revision: 0 };
  const deletion = (key: string, ...when: readonly Precondition[]): Step => ({
    when: [isEnded, ...when],
    write: [{ type: 'delete', key }],
  });
  const records = await Promise.all(names.map((key) => storage.get(key)));
  const own = records.flatMap((record) =>
    record !== undefined && readThreadName(record).openedBy === openedBy ? [record] : [],
  );
  return [...own.map(({ key, revision }) => deletion(key, { type: 'revision', key, revision })), deletion(age.key)];
}
