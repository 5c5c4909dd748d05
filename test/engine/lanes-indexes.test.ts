import * as fc from 'fast-check';
import { DeliveryError, type Execution, type Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { down, openWaitingLane, type WaitingLane } from './waiting-lane.js';

/** What happens next. Numbers choose among the executions there are. */
const steps = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: 'ring' } as const) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('cancel' as const), which: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('retry' as const), which: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('advance' as const), ms: fc.constantFrom(0, 500, 30_000, 700_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      answer: fc.constantFrom('ok', 'down', 'unsure', 'refused', 'slow', 'revoked'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ type: 'arrive' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'enable' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'cancel-all' } as const) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('lose' as const), answers: fc.nat(2) }) },
);

test('after any history of attempts, cancellations, retries and fallbacks the indexes and lanes say what the records say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 25 }), fc.boolean(), async (history, fallback) => {
      const runtime = manualRuntime();
      const storage = memoryStorage({ now: runtime.now });
      let answersToLose = 0;
      const lossy: Storage = {
        ...storage,
        async commit(commit) {
          const result = await storage.commit(commit);
          // Only what lanes write: whoever cancels or retries sees the error, and asks again.
          if (answersToLose > 0 && commit.require?.[0]?.type === 'lease') {
            answersToLose -= 1;
            throw new Error('The answer was lost');
          }
          return result;
        },
      };
      const lane = await openWaitingLane({ runtime, storage: lossy, fallback, deliveryTimeoutMs: 1e9 });
      const ids: string[] = [];
      const arrivals: (() => void)[] = [];
      for (const step of history) {
        if (step.type === 'lose') answersToLose = step.answers;
        else await take(step, { lane, ids, arrivals });
        await runtime.advance(0);
        await checkIndexes(storage);
      }
      lane.channels.clear();
      for (const arrive of arrivals) arrive();
      await runtime.advance(0);
      await lane.engine.integrations.enable(lane.ops.id);
      await runtime.advance(3_600_000);
      await checkIndexes(storage);
      expect((await lane.engine.executions.list({ status: 'pending' })).items).toEqual([]);
      expect(await storage.lanes({ limit: 10 })).toEqual([]);
      // What arrived says so, and nothing else does; nothing that was called for once arrives twice.
      const all = (await lane.engine.executions.list({ limit: 1000 })).items;
      const finished = all.filter(({ status }) => status === 'finished').map(({ id }) => id);
      expect(finished.toSorted()).toEqual([...new Set(lane.arrived.map(({ executionId }) => executionId))].toSorted());
      expect(lane.engine.stats().undelivered).toBe(0);
      await lane.engine.close();
    }),
    { numRuns: 120 },
  );
});

interface World {
  readonly lane: WaitingLane;
  readonly ids: string[];
  readonly arrivals: (() => void)[];
}

type Step = Exclude<typeof steps extends fc.Arbitrary<infer Each> ? Each : never, { type: 'lose' }>;

async function take(step: Step, { lane, ids, arrivals }: World): Promise<void> {
  switch (step.type) {
    case 'ring':
      ids.push((await lane.ring(`${ids.length}`)).id);
      return;
    case 'cancel':
      await lane.engine.executions.cancel({ id: ids[step.which % ids.length] ?? 'nobody' });
      return;
    case 'cancel-all':
      await lane.engine.executions.cancel({});
      return;
    case 'retry':
      await lane.engine.executions.retry(ids[step.which % ids.length] ?? 'nobody').catch(({ code }) => {
        expect(['not_found', 'not_retryable']).toContain(code);
      });
      return;
    case 'advance':
      return lane.runtime.advance(step.ms);
    case 'answer':
      lane.channels.set('#ops', () => {
        switch (step.answer) {
          case 'ok':
            return {};
          case 'slow':
            return new Promise<void>((resolve) => arrivals.push(resolve));
          case 'down':
            return down({} as never);
          case 'unsure':
            throw new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'x', ambiguous: true });
          case 'refused':
            throw new DeliveryError({ kind: 'message', reason: 'invalid_blocks', message: 'x' });
          default:
            throw new DeliveryError({ kind: 'credential', reason: 'token_revoked', message: 'x' });
        }
      });
      return;
    case 'arrive':
      arrivals.pop()?.();
      return;
    case 'enable':
      await lane.engine.integrations.enable(lane.ops.id);
      return;
    default:
      return step satisfies never;
  }
}

async function checkIndexes(storage: Storage): Promise<void> {
  const keysUnder = async (prefix: string) => (await storage.listKeys({ prefix, limit: 10_000 })).keys;
  const { records } = await storage.list({ prefix: 'execution/', limit: 10_000 });
  const executions = records.map(({ value }) => value['record'] as unknown as Execution);
  const inStatus = executions.map(({ id, status }) => `execution-in/${status}/${id}`).toSorted();
  const ofAutomation = executions
    .map(({ id, status, automationId }) => `execution-of/${automationId}/${status}/${id}`)
    .toSorted();
  expect(await keysUnder('execution-in/')).toEqual(inStatus);
  expect(await keysUnder('execution-of/')).toEqual(ofAutomation);
}
