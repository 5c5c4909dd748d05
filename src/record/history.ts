import type { Storage } from '../ports/storage.js';
import type { Execution, ExecutionStatus } from './execution.js';
import { readExecutionIds } from './execution-ids.js';
import { keys } from './keys.js';
import { defaultPageSize, type Page, type PageQuery } from './page.js';
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

/** How much a page holds, in characters: its reader has all of it in memory. */
const charactersPerPage = 2_000_000;

/** How much is read without a pause: so many executions, and fewer as long as they are large, or it is not known how large. */
const executionsPerPart = 16;
const charactersPerPart = 250_000;
const growthPerPart = 4;

/** Reads one execution. */
export async function readExecution(storage: Storage, id: string): Promise<Execution | undefined> {
  const record = await storage.get(keys.execution(id));
  return record === undefined ? undefined : fromStored<Execution>(record.value);
}

/**
 * Reads executions, newest first. A page of large ones is shorter than `limit`.
 *
 * The cursor is the last id: whatever is added, changed or deleted between two pages, nothing comes twice.
 *
 * @param giveWay - Awaited now and then.
 */
export async function listExecutions(
  storage: Storage,
  query: ExecutionQuery,
  giveWay: () => Promise<void> = async () => {},
): Promise<Page<Execution>> {
  const { cursor: after, limit = defaultPageSize } = query;
  const items: Execution[] = [];
  let characters = 0;
  // One more than is asked for tells whether there is a next page.
  for await (const execution of readStretch(storage, query, { order: 'descending', after, limit: limit + 1 })) {
    characters += sizeOf(execution);
    const isFull = items.length === limit || (items.length > 0 && characters > charactersPerPage);
    if (isFull) return { items, cursor: items.at(-1)?.id };
    items.push(execution);
    await giveWay();
  }
  return { items, cursor: undefined };
}

/** Reads executions, oldest first: all of them, a few at a time, and only as far as it is asked to. */
export function readOldestFirst(storage: Storage, selection: ExecutionSelection): AsyncIterable<Execution> {
  return readStretch(storage, selection, { order: 'ascending', after: undefined, limit: Number.POSITIVE_INFINITY });
}

async function* readStretch(
  storage: Storage,
  selection: ExecutionSelection,
  { order, after: cursor, limit }: Stretch,
): AsyncGenerator<Execution, void, undefined> {
  const bound = (timeMs: number | undefined): string | undefined =>
    timeMs === undefined ? undefined : idsFrom(timeMs);
  const [begin, end] =
    order === 'ascending'
      ? [bound(selection.since), bound(selection.until)]
      : [bound(selection.until), bound(selection.since)];
  let after = further(order, cursor, begin);
  let [count, most] = [0, 1];
  while (count < limit) {
    const part = await readPart(storage, selection, { order, after, limit: Math.min(most, limit - count) });
    let characters = 0;
    for (const execution of part.executions) {
      if (isBehind(order, execution.id, end)) return;
      characters += sizeOf(execution);
      yield execution;
    }
    // Entries whose execution is gone make a part shorter.
    if (part.next === undefined || isBehind(order, part.next, end)) return;
    after = part.next;
    count += part.executions.length;
    const fitting = Math.trunc((charactersPerPart * part.executions.length) / Math.max(characters, 1));
    most = Math.max(1, Math.min(fitting, growthPerPart * most, executionsPerPart));
  }
}

/** About how large something is, in characters of JSON. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, part]) => sum + name.length + 4 + sizeOf(part), 2);
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
