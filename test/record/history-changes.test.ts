import fc from 'fast-check';
import type { Execution, ExecutionStatus, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { expect, test } from 'vitest';
import { executionStatuses } from '../../src/record/execution.js';
import { deleteExecution } from '../../src/record/execution-writes.js';
import { listExecutions } from '../../src/record/history.js';
import { executionAt, longAgoMs, move, record } from './executions.js';
import { histories, select, selections } from './histories.js';

type Change =
  | { readonly type: 'add'; readonly status: ExecutionStatus }
  | { readonly type: 'move'; readonly index: number; readonly status: ExecutionStatus }
  | { readonly type: 'delete'; readonly index: number };

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ type: fc.constant('add' as const), status: fc.constantFrom(...executionStatuses) }),
  fc.record({
    type: fc.constant('move' as const),
    index: fc.nat(),
    status: fc.constantFrom(...executionStatuses),
  }),
  fc.record({ type: fc.constant('delete' as const), index: fc.nat() }),
);

test('whatever is added, changed and deleted between two pages: nothing comes twice, nothing that stood is missed', async () => {
  await fc.assert(
    fc.asyncProperty(histories, selections, fc.array(changes, { maxLength: 20 }), async (before, selection, todo) => {
      const storage = memoryStorage();
      await record(storage, before);
      const now = [...before];
      const touched = new Set<string>();
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listExecutions(storage, { ...selection, limit: 3, cursor });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.cursor;
        for (const change of todo.splice(0, 2)) await apply(storage, now, change, touched);
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual([...seen].sort().reverse());
      const stood = before.filter(({ id }) => !touched.has(id));
      expect(select(stood, selection).filter((id) => !seen.includes(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

async function apply(storage: Storage, now: Execution[], change: Change, touched: Set<string>): Promise<void> {
  if (change.type === 'add') {
    const added = executionAt(longAgoMs + 3, change.status);
    now.push(added);
    touched.add(added.id);
    return record(storage, [added]);
  }
  const index = now.length === 0 ? 0 : change.index % now.length;
  const execution = now[index];
  if (execution === undefined) return;
  touched.add(execution.id);
  if (change.type === 'move') {
    now[index] = await move(storage, execution, change.status);
    return;
  }
  now.splice(index, 1);
  await storage.commit({ steps: [{ write: deleteExecution(execution) }] });
}

test('an execution that changes its status while the ranges of its automation are read is in the list, once', async () => {
  for (const [from, to] of [
    ['pending', 'finished'],
    ['pending', 'failed'],
    ['pending', 'cancelled'],
    ['failed', 'pending'],
    ['cancelled', 'pending'],
  ] as const) {
    // The change is made before the first, the second, … reading of a range.
    for (let before = 0; before < 7; before += 1) {
      const memory = memoryStorage();
      const execution = executionAt(longAgoMs, from);
      const others = [executionAt(longAgoMs - 1), executionAt(longAgoMs + 1, 'failed')];
      await record(memory, [execution, ...others]);
      let readings = 0;
      const storage: Storage = {
        ...memory,
        listKeys: async (query) => {
          if (readings === before) await move(memory, execution, to);
          readings += 1;
          return memory.listKeys(query);
        },
      };
      const { items } = await listExecutions(storage, { automationId: execution.automationId });
      expect(items.map(({ id }) => id)).toEqual([others[1]?.id, execution.id, others[0]?.id]);
    }
  }
});
