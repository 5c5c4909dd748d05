import type { Storage } from '../ports/storage.js';
import type { ExecutionStatus } from './execution.js';
import { keys } from './keys.js';

/** An index: of one status, of one automation, or of both. */
interface ExecutionIndex {
  readonly automationId: string | undefined;
  readonly status: ExecutionStatus | undefined;
}

/** Which ids of an index are wanted. */
interface IdQuery {
  readonly order: 'ascending' | 'descending';
  /** Behind this id; `undefined`: from the beginning. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Ids in order. */
interface IdPage {
  readonly ids: readonly string[];
  /** The id behind which to read on; `undefined` when there are no more. */
  readonly next: string | undefined;
}

/**
 * In which order the ranges of an automation are read. From pending an execution goes to another status, and by a retry
 * it comes back: with pending first and last, one that changes its status meanwhile is found in one of the two.
 */
const rangeOrder: readonly ExecutionStatus[] = ['pending', 'finished', 'failed', 'skipped', 'cancelled', 'pending'];

/** Reads the ids of an index. Those of an automation in any status are merged from its range of each status. */
export async function readExecutionIds(storage: Storage, index: ExecutionIndex, query: IdQuery): Promise<IdPage> {
  const { order, limit } = query;
  if (index.status !== undefined) return readRange(storage, prefixOf(index.automationId, index.status), query);
  const ids = new Set<string>();
  let isWhole = true;
  for (const status of rangeOrder) {
    const page = await readRange(storage, prefixOf(index.automationId, status), query);
    for (const id of page.ids) ids.add(id);
    if (page.next !== undefined) isWhole = false;
  }
  // Each range gave its first ones, so the first ones of all are among them.
  const sorted = [...ids].sort();
  if (order === 'descending') sorted.reverse();
  const first = sorted.slice(0, limit);
  return { ids: first, next: isWhole && sorted.length <= limit ? undefined : first.at(-1) };
}

async function readRange(storage: Storage, prefix: string, { order, after, limit }: IdQuery): Promise<IdPage> {
  const page = await storage.listKeys({
    prefix,
    order,
    limit,
    ...(after === undefined ? {} : { after: `${prefix}${after}` }),
  });
  return { ids: page.keys.map((key) => key.slice(prefix.length)), next: page.next?.slice(prefix.length) };
}

function prefixOf(automationId: string | undefined, status: ExecutionStatus): string {
  return automationId === undefined ? keys.executionsIn(status) : keys.executionsOf(automationId, status);
}
