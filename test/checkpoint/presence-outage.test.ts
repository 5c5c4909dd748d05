import { expect, test } from 'vitest';
import { createHost } from './engines.js';

const minuteMs = 60_000;

test('a shared storage that fails is told of once by a process that makes itself known, until it works again', async () => {
  let isOut = false;
  let asked = 0;
  const host = createHost({
    shared: true,
    change: (storage) => ({
      ...storage,
      leaseLane(lease) {
        if (!lease.lane.startsWith('process/')) return storage.leaseLane(lease);
        asked += 1;
        return isOut ? Promise.reject(new Error('away')) : storage.leaseLane(lease);
      },
    }),
  });
  const { engine, errors, pass } = await host.start();
  // It asks again after each answer, so that time has to pass in small steps.
  const passMinutes = async (minutes: number): Promise<void> => {
    for (let second = 0; second < minutes * 60; second += 1) await pass(minuteMs / 60);
  };
  for (const times of [1, 2]) {
    isOut = true;
    asked = 0;
    await passMinutes(2);
    expect(asked).toBeGreaterThan(100);
    expect(errors).toHaveLength(times);
    isOut = false;
    await passMinutes(1);
  }
  expect(errors).toHaveLength(2);
  await engine.close();
});
