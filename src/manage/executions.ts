import { TocsinError } from '../errors.js';
import { laneOf } from '../notify/outbox.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import { type ExecutionPage, type ExecutionQuery, listExecutions, readExecution } from '../record/history.js';
import { keys } from '../record/keys.js';
import { toStored } from '../record/stored.js';

/** The history of what fired and what was skipped. */
export interface Executions {
  /**
   * Lists executions, newest first.
   *
   * @throws `storage_unavailable`.
   */
  list(query?: ExecutionQuery): Promise<ExecutionPage>;
  /** @throws `not_found`, `storage_unavailable`. */
  get(id: string): Promise<Execution>;
}

/** Makes the part of the engine that reads the history. */
export function createExecutions(storage: Storage): Executions {
  return {
    list: (query = {}) => listExecutions(storage, query),
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
 */
export async function cancelPending(
  storage: Storage,
  runtime: Runtime,
  automationId: string,
  reason: ExecutionReason,
): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await listExecutions(storage, {
      automationId,
      status: 'pending',
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const execution of page.executions) await cancel(storage, execution, reason, runtime.now());
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function cancel(storage: Storage, execution: Execution, reason: ExecutionReason, nowMs: number): Promise<void> {
  const lane = laneOf(execution.action);
  const cancelled: Execution = { ...execution, status: 'cancelled', reason, updatedAt: nowMs };
  const put = { type: 'put', key: keys.execution(execution.id), value: toStored(cancelled) } as const;
  const write = lane === undefined ? [put] : [put, { type: 'remove', lane, id: execution.id } as const];
  const record = await storage.get(put.key);
  if (record === undefined) return;
  // If an attempt has been recorded meanwhile, it is newer than what was read here.
  await storage.commit({
    require: [{ type: 'revision', key: put.key, revision: record.revision }],
    steps: [{ write }],
  });
}
