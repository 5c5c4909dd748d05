import fc from 'fast-check';
import type { Execution, ExecutionQuery, ExecutionSelection, Storage } from 'tocsin';
import { executionStatuses } from '../../src/record/execution.js';
import { listExecutions } from '../../src/record/history.js';
import { executionAt, longAgoMs } from './executions.js';

/** Automations that have executions in {@link histories}. */
export const automationIds = ['automation-a', 'automation-b', 'run-alert'];

/** Executions of a few instants, so that ids of one millisecond meet. */
export const histories = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 6 }),
      status: fc.constantFrom(...executionStatuses),
      automationId: fc.constantFrom(...automationIds),
    }),
    { maxLength: 40 },
  )
  .map((drawn) => drawn.map(({ at, status, automationId }) => executionAt(longAgoMs + at, status, automationId)));

const instants = fc.oneof(
  fc.integer({ min: -1, max: 8 }).map((at) => longAgoMs + at),
  fc.integer({ min: -1, max: 8 }).map((at) => longAgoMs + at - 0.5),
  fc.constantFrom(-1e300, -1, 0, 2 ** 48, 1e300),
);

/** Selections that find something, and some that find nothing. */
export const selections = fc.record(
  {
    automationId: fc.constantFrom(...automationIds, 'automation-c', '', 'automation-a/pending', 'ü'.repeat(1000)),
    status: fc.constantFrom(...executionStatuses),
    since: instants,
    until: instants,
  },
  { requiredKeys: [] },
);

/** What a selection means, in so many words. */
export function select(executions: readonly Execution[], selection: ExecutionSelection): string[] {
  const { automationId, status, since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = selection;
  return executions
    .filter((each) => automationId === undefined || each.automationId === automationId)
    .filter((each) => status === undefined || each.status === status)
    .filter(({ createdAt }) => createdAt >= since && createdAt < until)
    .map(({ id }) => id)
    .sort();
}

/** Lists page by page, to the end. */
export async function pageThrough(storage: Storage, query: ExecutionQuery): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await listExecutions(storage, { ...query, cursor });
    pages.push(page.items.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return pages;
}
