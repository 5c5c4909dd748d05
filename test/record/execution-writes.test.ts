import fc from 'fast-check';
import type { Execution } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { expect, test } from 'vitest';
import { executionStatuses } from '../../src/record/execution.js';
import { deleteExecution, putExecution } from '../../src/record/execution-writes.js';
import { executionAt, longAgoMs } from './executions.js';

const change = fc.record({
  index: fc.nat({ max: 5 }),
  to: fc.constantFrom(...executionStatuses, 'deleted' as const),
});

test('whatever becomes of executions, each stands in the index of its status and of its automation, and in no other', async () => {
  const automationIds = ['automation-a', 'run-alert', `ü${'x'.repeat(10_000)}`];
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
      const storage = memoryStorage();
      const now = new Map<number, Execution>();
      for (const { index, to } of changes) {
        const before = now.get(index);
        if (to === 'deleted') {
          if (before !== undefined) await storage.commit({ steps: [{ write: deleteExecution(before) }] });
          now.delete(index);
          continue;
        }
        const fresh = executionAt(longAgoMs + index, to, automationIds[index % 3]);
        const execution: Execution = before === undefined ? fresh : { ...before, status: to };
        await storage.commit({ steps: [{ write: putExecution(execution, before?.status) }] });
        now.set(index, execution);
      }
      const expected = [...now.values()].flatMap((execution) =>
        putExecution(execution).map((write) => ('key' in write ? write.key : '')),
      );
      expect((await storage.listKeys({ prefix: '', limit: 1000 })).keys).toEqual(expected.sort());
    }),
  );
});

test('the indexes are ranges in the order of time', () => {
  const [, inStatus, ofAutomation] = putExecution(executionAt(longAgoMs, 'failed', 'automation-a', 'ID'));
  expect(inStatus).toMatchObject({ type: 'put', key: 'execution-in/failed/ID' });
  expect(ofAutomation).toMatchObject({ type: 'put', key: 'execution-of/automation-a/failed/ID' });
});
