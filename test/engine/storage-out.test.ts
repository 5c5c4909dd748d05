import { onEvent, type Storage, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { down, minuteMs, openWaitingLane, secondMs } from './waiting-lane.js';

type Operation = keyof Omit<Storage, 'capabilities' | 'close'>;

/** An engine with a message that waits in each of many lanes, on a storage of which some operations can fail. */
async function openLanes(count: number) {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  const out = { operations: [] as readonly Operation[], why: 'disk on fire' };
  const storage = new Proxy(kept, {
    get(target, name: keyof Storage) {
      const member = target[name];
      if (typeof member !== 'function') return member;
      const call = member as (...given: unknown[]) => unknown;
      const fails = () => out.operations.includes(name as Operation);
      return (...given: unknown[]) => (fails() ? Promise.reject(new Error(out.why)) : call(...given));
    },
  });
  let isDown = true;
  const delivery = {
    name: 'console',
    integrationTypes: ['console'] as const,
    async deliver() {
      if (isDown) throw new Error('nobody answers');
      return {};
    },
  };
  const { engine } = await openEngine({ runtime, storage, deliveries: [delivery] });
  const event = onEvent('custom.alarm', { scope: team('my-team') });
  for (let number = 0; number < count; number += 1) {
    const there = await engine.integrations.create({ type: 'console', name: `t${number}`, delivery: 'console' });
    await engine.automations.create({ name: `a${number}`, event, action: sendNotification(there, { title: 'x' }) });
  }
  await engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  await runtime.advance(500);
  const errors: string[] = [];
  engine.on('error', ({ cause }) => errors.push(String((cause as Error).message)));
  const comeBack = () => {
    isDown = false;
  };
  return { engine, runtime, out, errors, comeBack };
}

describe.each([
  [['leaseLane']],
  [['commit']],
  [['commit', 'get', 'list', 'leaseLane', 'releaseLane', 'lanes']],
] satisfies [Operation[]][])('a storage that fails at %s while 30 lanes wait', (operations) => {
  test('is told of once, and again when it fails anew; what waits is delivered', async () => {
    const { engine, runtime, out, errors, comeBack } = await openLanes(30);
    out.operations = operations;
    await runtime.advance(minuteMs);
    expect(errors).toEqual(['disk on fire']);
    out.operations = [];
    await runtime.advance(minuteMs);
    out.operations = operations;
    await runtime.advance(10 * minuteMs);
    expect(errors).toEqual(['disk on fire', 'disk on fire']);
    out.why = 'disk gone';
    await runtime.advance(minuteMs);
    expect(errors).toEqual(['disk on fire', 'disk on fire', 'disk gone']);
    out.operations = [];
    comeBack();
    await runtime.advance(10 * minuteMs + secondMs);
    expect(engine.stats().undelivered).toBe(0);
    expect((await engine.executions.list({ status: 'finished', limit: 200 })).items).toHaveLength(30);
    expect(errors).toHaveLength(3);
  });
});

/** A lane that rests since its destination is down, on a storage of which leases and records can fail. Leases are counted. */
async function openRestingLane(fallback: boolean) {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  const leases = { asked: 0, areOut: false };
  const storage: Storage = {
    ...kept,
    get: (key) => (leases.areOut ? Promise.reject(new Error('disk on fire')) : kept.get(key)),
    leaseLane(lease) {
      leases.asked += 1;
      // Never for ever: a lane that asks without pause would keep the test from failing.
      if (leases.areOut && leases.asked < 5000) return Promise.reject(new Error('disk on fire'));
      return kept.leaseLane(lease);
    },
  };
  const lane = await openWaitingLane({ runtime, storage, fallback, answer: down });
  await lane.ring('first');
  return { ...lane, leases };
}

describe('a lane that rests while the storage fails', () => {
  test.each([
    ['with a fallback', true],
    ['without a fallback', false],
  ])('asks it now and then, and tells once that its message lags: %s', async (_, fallback) => {
    const { runtime, leases, lagging } = await openRestingLane(fallback);
    await runtime.advance(minuteMs);
    leases.areOut = true;
    for (let minute = 0; minute < 20; minute += 1) {
      leases.asked = 0;
      await runtime.advance(minuteMs);
      // Once a second to look after what waits, and once to go on with it.
      expect(leases.asked).toBeLessThanOrEqual(130);
    }
    expect(lagging).toMatchObject([{ waitedMs: 2 * minuteMs, reason: 'connection_refused' }]);
  });

  test('goes on as before when the storage works: what waits too long goes to the fallback', async () => {
    const lane = await openRestingLane(true);
    await lane.runtime.advance(minuteMs);
    lane.leases.areOut = true;
    await lane.runtime.advance(20 * minuteMs);
    expect(lane.arrived).toEqual([]);
    lane.leases.areOut = false;
    await lane.runtime.advance(2 * secondMs);
    expect(lane.in('#backup')).toHaveLength(1);
    expect(lane.lagging).toHaveLength(1);
  });
});
