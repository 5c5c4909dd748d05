import type { Storage } from '../ports/storage.js';
import type { Execution, ExecutionStatus } from './execution.js';
import { keys } from './keys.js';
import type { Page, PageQuery } from './page.js';
import { fromStored } from './stored.js';

/** Which executions are wanted. */
export interface ExecutionQuery extends PageQuery {
  readonly automationId?: string | undefined;
  readonly status?: ExecutionStatus | undefined;
  /** Created at or after this instant, in epoch milliseconds. */
  readonly since?: number | undefined;
}

/** Reads one execution. */
export async function readExecution(storage: Storage, id: string): Promise<Execution | undefined> {
  const record = await storage.get(keys.execution(id));
  return record === undefined ? undefined : fromStored<Execution>(record.value);
}

/** Reads executions, newest first. */
export async function listExecutions(storage: Storage, query: ExecutionQuery): Promise<Page<Execution>> {
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? 100), 1), 1000);
  const executions: Execution[] = [];
  let after = query.cursor;
  for (;;) {
    const page = await readPage(storage, query.automationId, after, limit);
    for (const { key, execution } of page.items) {
      if (query.since !== undefined && execution.createdAt < query.since)
        return { items: executions, cursor: undefined };
      after = key;
      if (query.status !== undefined && execution.status !== query.status) continue;
      executions.push(execution);
      if (executions.length === limit) return { items: executions, cursor: after };
    }
    if (page.next === undefined) return { items: executions, cursor: undefined };
    after = page.next;
  }
}

interface HistoryPage {
  readonly items: readonly { readonly key: string; readonly execution: Execution }[];
  readonly next: string | undefined;
}

async function readPage(
  storage: Storage,
  automationId: string | undefined,
  after: string | undefined,
  limit: number,
): Promise<HistoryPage> {
  const prefix = automationId === undefined ? keys.executions : keys.executionsOf(automationId);
  const page = await storage.list({ prefix, after, limit, order: 'descending' });
  if (automationId === undefined) {
    const items = page.records.map(({ key, value }) => ({ key, execution: fromStored<Execution>(value) }));
    return { items, next: page.next };
  }
  const found = await Promise.all(
    page.records.map(async ({ key, value }) => ({ key, execution: await readExecution(storage, String(value['id'])) })),
  );
  return {
    items: found.filter((item): item is HistoryPage['items'][number] => item.execution !== undefined),
    next: page.next,
  };
}
