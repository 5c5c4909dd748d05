import type { Execution, ExecutionStatus, Storage } from 'tocsin';
import { ulid } from 'ulid';
import { putExecution } from '../../src/record/execution-writes.js';

/** A moment long ago, in epoch milliseconds. */
export const longAgoMs = Date.UTC(2026, 0, 1);

/** An execution as it would stand in the history. */
export function executionAt(
  createdAt: number,
  status: ExecutionStatus = 'finished',
  automationId = 'automation-a',
  id: string = ulid(createdAt),
): Execution {
  return {
    id,
    automationId,
    automationName: 'low',
    automationRevision: 1,
    status,
    count: 1,
    createdAt,
    updatedAt: createdAt,
    event: { type: 'custom.thing' },
    action: { type: 'none' },
    attempts: [],
  };
}

/** Writes executions as the engine does, many in one commit. */
export async function record(storage: Storage, executions: readonly Execution[]): Promise<void> {
  for (let from = 0; from < executions.length; from += 1000) {
    const write = executions.slice(from, from + 1000).flatMap((execution) => putExecution(execution));
    await storage.commit({ steps: [{ write }] });
  }
}

/** Writes an execution anew in another status, as an attempt, a cancellation or a retry does. */
export async function move(storage: Storage, execution: Execution, status: ExecutionStatus): Promise<Execution> {
  const moved: Execution = { ...execution, status };
  await storage.commit({ steps: [{ write: putExecution(moved, execution.status) }] });
  return moved;
}
