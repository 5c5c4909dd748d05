import type { Storage } from '../ports/storage.js';
import type { Execution, ExecutionStatus } from './execution.js';
import { readExecutionIds } from './execution-ids.js';
import { keys } from './keys.js';
import type { Page, PageQuery } from './page.js';
import { idsFrom } from './sortable-id.js';
import { fromStored } from './stored.js';

/** Which executions are meant; all parts that are given must fit. */
export interface ExecutionSelection {
  readonly automationId?: string | undefined;
  readonly status?: ExecutionStatus | undefined;
  /** Created at or after this instant, in epoch milliseconds. */
  readonly since?: number | undefined;
  /** Created before this instant, in epoch milliseconds. */
  readonly until?: number | undefined;
}

/** Which executions are wanted. */
export interface ExecutionQuery extends ExecutionSelection, PageQuery {}

/** A stretch of the history. */
interface Stretch {
  readonly order: 'ascending' | 'descending';
  /** Behind this id, in the direction of `order`; `undefined`: from the beginning. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** A part of a stretch. */
interface Part {
  readonly executions: readonly Execution[];
  /** The id behind which the next part begins; `undefined` when there is none. */
  readonly next: string | undefined;
}

/** Reads one execution. */
export async function readExecution(storage: Storage, id: string): Promise<Execution | undefined> {
  const record = await storage.get(keys.execution(id));
  return record === undefined ? undefined : fromStored<Execution>(record.value);
}

/**
 * Reads executions, newest first.
 *
 * The cursor is the last id: whatever is added, changed or deleted between two pages, nothing comes twice.
 */
export async function listExecutions(storage: Storage, query: ExecutionQuery): Promise<Page<Execution>> {
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? 100), 1), 1000);
  // One more than is asked for tells whether there is a next page.
  const found = await readStretch(storage, query, { order: 'descending', after: query.cursor, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, cursor: found.length > limit ? items.at(-1)?.id : undefined };
}

/**
 * Reads executions, oldest first: fewer than `limit` only when there are no more.
 *
 * @param after - The id behind which to begin.
 */
export function readOldestFirst(
  storage: Storage,
  selection: ExecutionSelection,
  after: string | undefined,
  limit: number,
): Promise<readonly Execution[]> {
  return readStretch(storage, selection, { order: 'ascending', after, limit });
}

async function readStretch(storage: Storage, selection: ExecutionSelection, stretch: Stretch): Promise<Execution[]> {
  const { order, limit } = stretch;
  const bound = (timeMs: number | undefined): string | undefined =>
    timeMs === undefined ? undefined : idsFrom(timeMs);
  const [begin, end] =
    order === 'ascending'
      ? [bound(selection.since), bound(selection.until)]
      : [bound(selection.until), bound(selection.since)];
  const found: Execution[] = [];
  let after = further(order, stretch.after, begin);
  while (found.length < limit) {
    const part = await readPart(storage, selection, { order, after, limit });
    found.push(...part.executions.filter(({ id }) => !isBehind(order, id, end)));
    // Entries whose execution is gone make a part shorter.
    if (part.next === undefined || isBehind(order, part.next, end)) break;
    after = part.next;
  }
  return found.slice(0, limit);
}

async function readPart(storage: Storage, selection: ExecutionSelection, stretch: Stretch): Promise<Part> {
  const { automationId, status } = selection;
  if (automationId === undefined && status === undefined) return readAll(storage, stretch);
  const { ids, next } = await readExecutionIds(storage, { automationId, status }, stretch);
  const read = await Promise.all(ids.map((id) => readExecution(storage, id)));
  // One that has changed its status since the index was read is in the index of the other status.
  const executions = read.filter((execution) => execution !== undefined && fits(execution, status));
  return { executions: executions as Execution[], next };
}

async function readAll(storage: Storage, { order, after, limit }: Stretch): Promise<Part> {
  const prefix = keys.executions;
  const page = await storage.list({
    prefix,
    order,
    limit,
    ...(after === undefined ? {} : { after: `${prefix}${after}` }),
  });
  const executions = page.records.map(({ value }) => fromStored<Execution>(value));
  return { executions, next: page.next?.slice(prefix.length) };
}

function fits(execution: Execution, status: ExecutionStatus | undefined): boolean {
  return status === undefined || execution.status === status;
}

/** Whichever of two ids, or beginnings of ids, comes later in an order. */
function further(order: Stretch['order'], one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isBehind(order, one, other) ? one : other;
}

function isBehind(order: Stretch['order'], id: string, bound: string | undefined): boolean {
  if (bound === undefined) return false;
  return order === 'ascending' ? id > bound : id < bound;
}
