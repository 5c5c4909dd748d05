import type { Storage } from '../ports/storage.js';
import type { RoundOptions } from './round-options.js';
import { idsFrom } from './sortable-id.js';

/** How many keys are walked over at once. */
const keysPerSlice = 2000;

/**
 * Finds up to where records go that stand under a prefix and an id: behind the newest `maxExecutions`, or from the age on beyond
 * which all go, when that comes first.
 *
 * @returns What the newest one that goes has behind the prefix; all up to it go.
 */
export async function findBorder(storage: Storage, prefix: string, options: RoundOptions): Promise<string> {
  const { executionRetentionMs, maxExecutions, nowMs, giveWay, isStopped } = options;
  const tooOld = idsFrom(nowMs - executionRetentionMs);
  let left = Math.trunc(maxExecutions);
  let after: { readonly after: string } | undefined;
  while (!isStopped()) {
    const page = await storage.listKeys({ prefix, order: 'descending', limit: keysPerSlice, ...after });
    const [newest, last] = [page.keys[left], page.keys.at(-1)].map((key) => key?.slice(prefix.length));
    if (newest !== undefined && newest > tooOld) return newest;
    if (newest !== undefined || page.next === undefined || last === undefined || last < tooOld) break;
    left -= page.keys.length;
    after = { after: page.next };
    await giveWay();
  }
  return tooOld;
}
