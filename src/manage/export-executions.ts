import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { createGiveWay } from '../record/give-way.js';
import { type ExecutionSelection, readOldestFirst } from '../record/history.js';

/**
 * Writes executions as lines of JSON, oldest first. It reads only as far as it is asked to.
 *
 * @param clean - Takes out what must not be shown.
 */
export async function* exportExecutions(
  storage: Storage,
  runtime: Runtime,
  clean: (execution: Execution) => Execution,
  selection: ExecutionSelection,
): AsyncGenerator<string, void, undefined> {
  const giveWay = createGiveWay(runtime, { isAwaited: true });
  for await (const execution of readOldestFirst(storage, selection)) {
    yield `${JSON.stringify(clean(execution))}\n`;
    await giveWay();
  }
}
