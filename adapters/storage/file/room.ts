import { readFileSync, statfsSync } from 'node:fs';
import { TocsinError } from '../../../src/index.js';
import { attempt } from './attempt.js';
import type { Draft } from './draft.js';
import type { Database } from './open-database.js';
import type { FileSettings } from './options.js';
import { tableNames } from './tables.js';

/** What was freed just now can't be used yet, in bytes, about. */
const freshBytes = 2 ** 18;

let limitBytes: number | undefined;

/**
 * Checks that there is room for a draft, in the file's bound and on its disk: lmdb has no bound of its own, and prints to the console
 * when the disk is full.
 *
 * The file never shrinks, and what was deleted leaves pages that are used again: so they are counted, once it is near to its bound.
 *
 * @throws `storage_full`.
 */
export function checkRoom(database: Database, draft: Draft, { path, maxBytes }: FileSettings): void {
  const whole = database.root.getStats();
  const { bavail, bsize } = statfsSync(path);
  const size = (whole.lastPageNumber + 1) * whole.pageSize;
  const free = bavail * bsize;
  const limit = fileLimit();
  // Some of it is for what only deletes.
  const bound = Math.min(maxBytes, size + free, limit - freshBytes);
  // A page is copied to be changed, and texts may take two bytes a character.
  const wanted = 2 * draft.bytes + draft.changes * whole.pageSize;
  if (size + wanted <= bound || usedPages(database) * whole.pageSize + freshBytes + wanted <= bound) return;
  const why = whyBounded(bound, { maxBytes, limit, free });
  throw new TocsinError({ code: 'storage_full', message: `There is no room to write: ${why}, at ${path}` });
}

function whyBounded(bound: number, { maxBytes, limit, free }: Readonly<Record<'maxBytes' | 'limit' | 'free', number>>) {
  if (bound === maxBytes) return `maxBytes is ${maxBytes}`;
  if (bound === limit - freshBytes) return `a file may have ${limit} bytes (ulimit -f)`;
  return `the disk has ${free} bytes left`;
}

/** How large a file of this process may be, in bytes: lmdb ends the process when it writes beyond. */
function fileLimit(): number {
  limitBytes ??= readFileLimit();
  return limitBytes;
}

function readFileLimit(): number {
  const limits = attempt(() => readFileSync('/proc/self/limits', 'utf8')) ?? '';
  return Number(/^Max file size +([0-9]+) /m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
}

function usedPages({ root, about, tables }: Database): number {
  const whole = root.getStats();
  const all = [whole.root, whole.free, about.getStats(), ...tableNames.map((name) => tables[name].getStats())];
  return all.reduce(
    (sum, { treeBranchPageCount, treeLeafPageCount, overflowPages }) =>
      sum + treeBranchPageCount + treeLeafPageCount + overflowPages,
    0,
  );
}
