import * as z from 'zod';
import { closedObject } from '../definition/closed-object.js';
import { TocsinError } from '../errors.js';
import { laneOf } from '../notify/outbox.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { type Execution, type ExecutionReason, executionStatuses } from '../record/execution.js';
import { type ExecutionQuery, listExecutions, readExecution } from '../record/history.js';
import { keys } from '../record/keys.js';
import type { Page } from '../record/page.js';
import { fromStored, toStored } from '../record/stored.js';
import { readOptions } from './refused-input.js';

/** The history of what fired and what was skipped. */
export interface Executions {
  /**
   * Lists executions, newest first.
   *
   * @param query - Which, from where, how many; left out, the last 100 of all.
   * @returns A page, and the cursor of the next one, if there is more.
   * @throws `invalid_options` for a query that can't be meant; `storage_unavailable`.
   */
  list(query?: ExecutionQuery): Promise<Page<Execution>>;
  /**
   * Reads one execution.
   *
   * @param id - Its id.
   * @returns The execution with its attempts, as it is now.
   * @throws `not_found`, `storage_unavailable`.
   */
  get(id: string): Promise<Execution>;
}

/** What `list` takes. */
const executionQuerySchema = closedObject({
  automationId: z.string().optional(),
  status: z.enum(executionStatuses).optional(),
  since: z.number().optional(),
  cursor: z.string().optional(),
  limit: z.number().optional(),
});

/** Makes the part of the engine that reads the history. */
export function createExecutions(storage: Storage): Executions {
  return {
    list: async (query) => listExecutions(storage, readOptions('executions.list', executionQuerySchema, query)),
    async get(id) {
      const execution = await readExecution(storage, id);
      if (execution === undefined) throw new TocsinError({ code: 'not_found', message: `There is no execution ${id}` });
      return execution;
    },
  };
}

/**
 * Calls off what an automation has pending. What is being delivered at this moment may still arrive, and then says so.
 *
 * @param reason - Why.
 * @param onCancelled - Told of each execution that was called off.
 */
export async function cancelPending(
  storage: Storage,
  runtime: Runtime,
  automationId: string,
  reason: ExecutionReason,
  onCancelled: (execution: Execution) => void,
): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await listExecutions(storage, {
      automationId,
      status: 'pending',
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const execution of page.items) {
      if (await cancel(storage, execution.id, reason, runtime.now())) onCancelled(execution);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** How often a cancellation is tried: only an attempt that is recorded at the same moment can come in its way. */
const cancelTries = 10;

async function cancel(storage: Storage, id: string, reason: ExecutionReason, nowMs: number): Promise<boolean> {
  const key = keys.execution(id);
  for (let tries = 0; tries < cancelTries; tries += 1) {
    const record = await storage.get(key);
    if (record === undefined) return false;
    // The list may be older than an attempt that has been recorded meanwhile; what has arrived stays finished.
    const execution = fromStored<Execution>(record.value);
    if (execution.status !== 'pending') return false;
    const cancelled: Execution = { ...execution, status: 'cancelled', reason, updatedAt: nowMs };
    const put = { type: 'put', key, value: toStored(cancelled) } as const;
    const lane = laneOf(execution.action);
    const { committed } = await storage.commit({
      require: [{ type: 'revision', key, revision: record.revision }],
      steps: [{ write: lane === undefined ? [put] : [put, { type: 'remove', lane, id }] }],
    });
    if (committed) return true;
  }
  return false;
}
