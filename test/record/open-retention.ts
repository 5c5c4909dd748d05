import type { Execution, ExecutionStatus, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import type { ManualRuntime } from 'tocsin/testing';
import { createRetention, type Retention, type RetentionOptions } from '../../src/record/retention.js';
import { executionAt, longAgoMs, record } from './executions.js';

/** In milliseconds. */
export const hourMs = 3_600_000;

/** A storage that outlives its process, in memory; `shared` as that of several processes. */
export function durableStorage(shared = false): Storage {
  return { ...memoryStorage(), capabilities: { durable: true, shared } };
}

/** A retention, and the errors that it told of. */
export interface OpenedRetention {
  readonly retention: Retention;
  readonly errors: unknown[];
}

/** Starts a retention that keeps 100 executions for 30 days, and looks every hour. */
export function openRetention(
  storage: Storage,
  runtime: ManualRuntime,
  options: Partial<RetentionOptions> = {},
): OpenedRetention {
  const errors: unknown[] = [];
  const retention = createRetention({
    storage,
    runtime,
    executionRetentionMs: 30 * 24 * hourMs,
    maxExecutions: 100,
    retentionIntervalMs: hourMs,
    onError: (error) => errors.push(error),
    ...options,
  });
  retention.start();
  return { retention, errors };
}

/** Everything that stands in a storage. */
export async function keysIn(storage: Storage): Promise<readonly string[]> {
  return (await storage.listKeys({ prefix: '', limit: 1_000_000 })).keys;
}

/** The ids of the executions in a storage. */
export async function idsIn(storage: Storage): Promise<string[]> {
  const { keys } = await storage.listKeys({ prefix: 'execution/', limit: 1_000_000 });
  return keys.map((key) => key.slice('execution/'.length));
}

/** What stands in a storage that never had anything else. */
export async function keysOf(executions: readonly Execution[]): Promise<readonly string[]> {
  const storage = memoryStorage();
  await record(storage, executions);
  return keysIn(storage);
}

/** Executions of one millisecond after the other. */
export function manyAt(count: number, status?: ExecutionStatus): Execution[] {
  return Array.from({ length: count }, (_, index) => executionAt(longAgoMs + index, status));
}
