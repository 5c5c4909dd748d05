import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { createGiveWay } from '../record/give-way.js';
import { type ExecutionSelection, readOldestFirst } from '../record/history.js';

/** How many executions are in memory at once. */
const pageSize = 100;

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
  let after: string | undefined;
  for (;;) {
    const page = await readOldestFirst(storage, selection, after, pageSize);
    for (const execution of page) yield `${JSON.stringify(clean(execution))}\n`;
    if (page.length < pageSize) return;
    after = page.at(-1)?.id;
    await giveWay();
  }
}
