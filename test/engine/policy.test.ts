import {
  type AutomationInput,
  doNothing,
  onAnomaly,
  onEvent,
  onRunMetric,
  onRunState,
  project,
  runEvent,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { type OpenedEngine, openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const scope = project('my-team', 'my-project');
const minuteMs = 60_000;

const deploy = (more: object = {}) => ({ type: 'custom.deploy' as const, entity: 'my-team', ...more });
const anomaly = (metric: string, more: object = {}) => ({
  type: 'anomaly.detected' as const,
  entity: 'my-team',
  metric,
  value: 1,
  timestamp: 1,
  ...more,
});

async function openWith(definition: Partial<AutomationInput>, options: Parameters<typeof openEngine>[0] = {}) {
  const opened = await openEngine(options);
  const { automation } = await opened.engine.automations.create({
    name: 'ring',
    event: onEvent('custom.deploy', { scope: team('my-team') }),
    action: doNothing(),
    ...definition,
  });
  return { ...opened, automation };
}

/** Emits, and tells what came of it: `fired`, or why it was skipped. */
async function outcomeOf(engine: OpenedEngine['engine'], event: Parameters<OpenedEngine['engine']['emit']>[0]) {
  const { fired, skipped } = await engine.emit(event);
  return fired.length > 0 ? 'fired' : (skipped[0]?.reason ?? 'nothing');
}

describe('a rate limit', () => {
  test('lets so many fire in its window, which slides, and says of the rest why they did not', async () => {
    const { engine, runtime } = await openWith({ policy: { rateLimit: { max: 2, window: '1m' } } });
    const outcomes: string[] = [];
    for (const afterMs of [0, 20_000, 20_000, 19_999, 1, 1, 20_000]) {
      await runtime.advance(afterMs);
      outcomes.push(await outcomeOf(engine, deploy()));
    }
    // At 0 and 20 s; at 60 s the first is a minute old, at 80 s the second.
    expect(outcomes).toEqual(['fired', 'fired', 'rate_limited', 'rate_limited', 'fired', 'rate_limited', 'fired']);
    await engine.idle();
    const { items } = await engine.executions.list({ status: 'skipped' });
    expect(items.every(({ reason }) => reason === 'rate_limited')).toBe(true);
    expect(items.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  test('that is lowered counts what it skips in one record all the same', async () => {
    const { engine, runtime, automation } = await openWith({ policy: { rateLimit: { max: 2, window: '1m' } } });
    expect(await outcomeOf(engine, deploy())).toBe('fired');
    await runtime.advance(10_000);
    expect(await outcomeOf(engine, deploy())).toBe('fired');
    await engine.automations.update(automation.id, { policy: { rateLimit: { max: 1, window: '1m' } } });
    await runtime.advance(55_000);
    expect(await outcomeOf(engine, deploy())).toBe('fired');
    await runtime.advance(10_000);
    for (let times = 0; times < 3; times += 1) expect(await outcomeOf(engine, deploy())).toBe('rate_limited');
    await engine.idle();
    const { items } = await engine.executions.list({ status: 'skipped' });
    expect(items.map(({ count }) => count)).toEqual([3]);
  });

  test('never lets more than its number into any window, however they come, and never fewer than there is room for', async () => {
    const { engine, runtime } = await openWith({ policy: { rateLimit: { max: 3, window: 1000 } } });
    const firedAt: number[] = [];
    const naive: number[] = [];
    let seed = 7;
    for (let step = 0; step < 400; step += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      await runtime.advance(seed % 400);
      const nowMs = runtime.now();
      if (naive.filter((atMs) => nowMs - atMs < 1000).length < 3) naive.push(nowMs);
      if ((await outcomeOf(engine, deploy())) === 'fired') firedAt.push(nowMs);
    }
    expect(firedAt).toEqual(naive);
    expect(firedAt.length).toBeGreaterThan(100);
  });

  test('counts for each of what it says, apart from the others', async () => {
    const { engine } = await openWith({
      event: onAnomaly({ scope: team('my-team') }),
      policy: { cooldown: 0, rateLimit: { max: 1, window: '1h', per: 'metric' } },
    });
    const outcomes = [];
    for (const metric of ['a', 'b', 'a', 'b']) outcomes.push(await outcomeOf(engine, anomaly(metric)));
    expect(outcomes).toEqual(['fired', 'fired', 'rate_limited', 'rate_limited']);
  });

  test('stands beside a cooldown: a match that the cooldown skips takes no place in it', async () => {
    const { engine, runtime } = await openWith({
      policy: { cooldown: '10s', rateLimit: { max: 2, window: '1h' } },
    });
    const outcomes = [];
    for (const afterMs of [0, 5000, 5000, 10_000]) {
      await runtime.advance(afterMs);
      outcomes.push(await outcomeOf(engine, deploy()));
    }
    expect(outcomes).toEqual(['fired', 'cooldown', 'fired', 'rate_limited']);
  });

  test('holds for emits that overlap', async () => {
    const { engine } = await openWith({ policy: { rateLimit: { max: 5, window: '1h' } } });
    const results = await Promise.all(Array.from({ length: 40 }, () => engine.emit(deploy())));
    expect(results.filter(({ fired }) => fired.length === 1)).toHaveLength(5);
    expect(results.filter(({ skipped }) => skipped[0]?.reason === 'rate_limited')).toHaveLength(35);
  });

  test('holds over processes that share a storage, and no place of it is lost to their race', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const one = await openWith({ policy: { rateLimit: { max: 16, window: '1h' } } }, { storage, runtime });
    const other = await openEngine({ storage, runtime });
    const both = [one.engine, other.engine];
    const results = await Promise.all(Array.from({ length: 40 }, (_, index) => both[index % 2]?.emit(deploy())));
    expect(results.filter((result) => result?.fired.length === 1)).toHaveLength(16);
  });

  test('is remembered by the next process', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const one = await openWith({ policy: { rateLimit: { max: 20, window: '1h' } } }, { storage, runtime });
    for (let index = 0; index < 19; index += 1) expect(await outcomeOf(one.engine, deploy())).toBe('fired');
    const next = await openEngine({ storage, runtime });
    expect(await outcomeOf(next.engine, deploy())).toBe('fired');
    expect(await outcomeOf(next.engine, deploy())).toBe('rate_limited');
  });

  test('loses no place to a commit that failed', async () => {
    const runtime = manualRuntime();
    let fate: CommitFate | undefined;
    const storage = unreliableStorage(memoryStorage({ now: runtime.now }), () => fate);
    const { engine } = await openWith({ policy: { rateLimit: { max: 1, window: '1h' } } }, { storage, runtime });
    fate = { type: 'fails' };
    await expect(engine.emit(deploy())).rejects.toMatchObject({ code: 'storage_unavailable' });
    fate = undefined;
    expect(await outcomeOf(engine, deploy())).toBe('fired');
    expect(await outcomeOf(engine, deploy())).toBe('rate_limited');
  });

  test('is explained with the time that is left', async () => {
    const { engine, runtime, automation } = await openWith({ policy: { rateLimit: { max: 2, window: '1m' } } });
    await engine.emit(deploy());
    await runtime.advance(10_000);
    await engine.emit(deploy());
    await runtime.advance(5000);
    expect(await engine.explain(automation.id, deploy())).toMatchObject({
      wouldFire: false,
      reasons: [{ code: 'rate_limited', remainingMs: 45_000 }],
    });
    await runtime.advance(45_000);
    expect(await engine.explain(automation.id, deploy())).toMatchObject({ wouldFire: true, reasons: [] });
  });
});

describe('a policy', () => {
  test('lets an anomaly ring once an hour for each metric of each place', async () => {
    const { engine, runtime } = await openWith({ event: onAnomaly({ scope: team('my-team') }) });
    const outcomes = [];
    for (const event of [anomaly('a'), anomaly('a'), anomaly('b'), anomaly('a', { project: 'p' })]) {
      outcomes.push(await outcomeOf(engine, event));
    }
    await runtime.advance(60 * minuteMs);
    outcomes.push(await outcomeOf(engine, anomaly('a')));
    expect(outcomes).toEqual(['fired', 'cooldown', 'fired', 'fired', 'fired']);
  });

  test('lets every artifact and every custom event ring', async () => {
    const { engine } = await openWith({});
    for (let again = 0; again < 3; again += 1) expect(await outcomeOf(engine, deploy())).toBe('fired');
  });

  test('counts by event: the same id once, also where it is another event, and one without an id always', async () => {
    const runtime = manualRuntime();
    const { engine } = await openWith({ policy: { cooldown: '1h', per: 'event' } }, { runtime, maxEventIds: 1 });
    expect(await outcomeOf(engine, deploy({ id: 'a' }))).toBe('fired');
    expect(await outcomeOf(engine, deploy())).toBe('fired');
    expect(await outcomeOf(engine, deploy())).toBe('fired');
    expect((await engine.emit(deploy({ id: 'a' }))).duplicate).toBe(true);
  });

  test('rings for crashed where it waits for failed, and for killed only where that is named', async () => {
    const { engine } = await openWith({
      event: onRunState({ scope, filter: runEvent.state.in(['failed', 'finished']) }),
    });
    const killed = await engine.automations.create({
      name: 'killed',
      event: onRunState({ scope, filter: runEvent.state.eq('killed') }),
      action: doNothing(),
    });
    const namesOf = async (state: string) =>
      (await engine.emit(stateEvent(state, {}, state))).fired.map(({ automationName }) => automationName);
    expect(await namesOf('crashed')).toEqual(['ring']);
    expect(await namesOf('killed')).toEqual([killed.automation.name]);
    expect(await namesOf('running')).toEqual([]);
    expect(await namesOf('preempted')).toEqual([]);
  });

  test('does nothing for an automation that is disabled, whose windows fill all the same', async () => {
    const { engine, automation } = await openWith({
      event: onRunMetric({ scope, filter: runEvent.metric('loss').avg(3).gt(1) }),
    });
    await engine.automations.disable(automation.id);
    expect(await outcomeOf(engine, metricsEvent({ loss: 2 }))).toBe('nothing');
    expect(await outcomeOf(engine, metricsEvent({ loss: 2 }))).toBe('nothing');
    await engine.automations.enable(automation.id);
    expect(await outcomeOf(engine, metricsEvent({ loss: 2 }))).toBe('fired');
    await engine.automations.disable(automation.id);
    expect(await outcomeOf(engine, metricsEvent({ loss: 2 }, {}, 'another-run'))).toBe('nothing');
  });
});
