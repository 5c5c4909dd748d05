import type { Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { down, minuteMs, openWaitingLane, secondMs } from './waiting-lane.js';

/** Longer than a call is waited for. */
const lateMs = 12_500;

function wait(runtime: ManualRuntime, ms: number): Promise<void> {
  return new Promise((resolve) => runtime.setTimer(resolve, ms));
}

test('a lease that is given back late frees no lane that its process has taken again: a message is sent once', async () => {
  const runtime = manualRuntime();
  const kept: Storage = {
    ...memoryStorage({ now: runtime.now }),
    capabilities: { durable: true, shared: true },
    close: async () => {},
  };
  let isLate = true;
  const storage: Storage = {
    ...kept,
    async releaseLane(lease) {
      if (isLate) {
        isLate = false;
        await wait(runtime, lateMs);
      }
      return kept.releaseLane(lease);
    },
  };
  const seen: boolean[] = [];
  const slow = async ({ mayHaveArrived }: { readonly mayHaveArrived: boolean }): Promise<object> => {
    seen.push(mayHaveArrived);
    if (seen.length === 1) return down({} as never) as object;
    await wait(runtime, 3 * secondMs);
    return {};
  };
  const one = await openWaitingLane({ runtime, storage, answer: slow });
  const two = await openWaitingLane({ runtime, storage: kept, answer: slow });
  const { id } = await one.ring('first');
  await runtime.advance(5 * minuteMs);
  expect((await one.get(id)).status).toBe('finished');
  expect(seen).toEqual([false, false]);
  expect([...one.in('#ops'), ...two.in('#ops')]).toEqual(['first']);
});

test('what is called for again is delivered, though the storage wrote it after it had been given up', async () => {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  let isLate = false;
  const storage: Storage = {
    ...kept,
    capabilities: { durable: true, shared: false },
    async commit(commit) {
      if (isLate) {
        isLate = false;
        await wait(runtime, lateMs);
      }
      return kept.commit(commit);
    },
  };
  const lane = await openWaitingLane({ runtime, storage, answer: down });
  const { id } = await lane.ring('first');
  await lane.engine.executions.cancel({ id });
  lane.channels.delete('#ops');
  isLate = true;
  const refused = expect(lane.engine.executions.retry(id)).rejects.toMatchObject({ code: 'storage_unavailable' });
  await runtime.advance(lateMs + secondMs);
  await refused;
  await runtime.advance(minuteMs);
  expect((await lane.get(id)).status).toBe('finished');
  expect(lane.in('#ops')).toEqual(['first']);
});
