import { doNothing, onRunState, runEvent } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { createHost, keysOf } from './engines.js';
import { log, scope, watch } from './streams.js';

const meanOfThree = runEvent.metric('loss').avg(3).gt(5);
/** After this much without a word a process counts as dead. */
const silentMs = 31_000;

/** Two engines on one storage, both of which know an automation. */
async function openTwo() {
  const host = createHost({ shared: true });
  const maker = await host.start();
  await watch(maker, meanOfThree);
  await maker.engine.close();
  return { host, one: await host.start(), two: await host.start() };
}

describe('a run whose metrics are logged in two processes', () => {
  test('belongs to the first; the other warns once, keeps no windows of it, and never fires', async () => {
    const { host, one, two } = await openTwo();
    expect(await log(one, [9])).toEqual([0]);
    await one.pass(0);
    expect(await log(two, [9])).toEqual([0]);
    await two.pass(0);
    expect(await log(two, [9, 9, 9, 9])).toEqual([0, 0, 0, 0]);
    await watch(two, runEvent.metric('loss').gt(8), 'last');
    expect(await log(two, [9, 9])).toEqual([0, 0]);
    await two.pass(10);
    const reads = host.runReads();
    await log(two, [9, 9, 9]);
    await two.pass(10);
    expect(host.runReads()).toBe(reads);
    await two.pass(5000);
    await log(two, [9, 9, 9]);
    await two.pass(10);
    expect(host.runReads()).toBe(reads + 1);
    expect(two.warnings.map(({ code }) => code)).toEqual(['run_owned_elsewhere']);
    expect(two.warnings[0]?.message).toContain('run-1');
    expect(two.engine.stats()).toMatchObject({ windows: 0, windowValues: 0 });
    expect(one.warnings).toEqual([]);
    expect(await log(one, [9, 9])).toEqual([0, 1]);
    await two.checkpoint();
    await one.checkpoint();
    expect(one.warnings).toEqual([]);
  });

  test('is explained as indeterminate where it is not owned, and its end is not mistaken for silence there', async () => {
    const { one, two } = await openTwo();
    await log(one, [9, 9, 9]);
    await one.pass(0);
    await log(two, [9]);
    await two.pass(0);
    const [{ id } = { id: '' }] = (await two.engine.automations.list()).items;
    const { wouldFire, filter } = await two.engine.explain(id, metricsEvent({ loss: 9 }));
    expect({ wouldFire, filter }).toMatchObject({ wouldFire: false, filter: { outcome: 'indeterminate', samples: 0 } });
    expect((await two.engine.emit(stateEvent('finished'))).skipped).toEqual([]);
    expect((await one.engine.emit(stateEvent('finished'))).skipped).toEqual([]);
  });

  test('is taken over with its windows when its owner is closed', async () => {
    const { one, two } = await openTwo();
    await log(one, [9, 9]);
    await one.pass(0);
    await log(two, [1]);
    await two.pass(0);
    await one.engine.close();
    // It is asked again after a while.
    await two.pass(5000);
    expect(await log(two, [1])).toEqual([0]);
    await two.pass(0);
    expect(await log(two, [9])).toEqual([1]);
    expect(two.warnings).toHaveLength(1);
  });

  test('is taken over when its owner has died, as it was at its last checkpoint', async () => {
    const { one, two } = await openTwo();
    await log(one, [9, 9]);
    await one.checkpoint();
    await log(one, [-100]);
    await log(two, [1]);
    await two.pass(0);
    expect(two.warnings).toHaveLength(1);
    await two.pass(silentMs);
    await log(two, [1]);
    await two.pass(0);
    expect(await log(two, [9])).toEqual([1]);
  });

  test('is taken over at once by one that has not seen it, with what that has logged meanwhile', async () => {
    const { host, one, two } = await openTwo();
    await log(one, [9], { id: 'first' });
    await one.engine.emit(stateEvent('running'));
    await one.engine.close();
    const event = onRunState({ scope, filter: runEvent.state.eq('running') });
    await two.engine.automations.create({ name: 'running', event, action: doNothing(), policy: { cooldown: 0 } });
    expect(await log(two, [9])).toEqual([0]);
    await two.pass(0);
    expect(two.warnings).toEqual([]);
    expect(await log(two, [9], { id: 'first' })).toEqual([0]);
    expect((await two.engine.emit(stateEvent('running'))).fired).toEqual([]);
    expect(await log(two, [9])).toEqual([1]);
    await two.engine.close();
    const three = await host.start();
    expect(await log(three, [9])).toEqual([1]);
  });

  test('that its owner has lost since it was silent for too long is the other one’s', async () => {
    const { one, two } = await openTwo();
    await log(one, [9, 9]);
    await one.checkpoint();
    // The first process stands still, and the time goes on.
    await two.pass(silentMs);
    await log(two, [9]);
    await two.pass(0);
    expect(await log(two, [9])).toEqual([1]);
    await two.checkpoint();
    await log(one, [9]);
    await one.pass(silentMs + 20_000);
    expect(one.warnings.map(({ code }) => code)).toEqual(['run_owned_elsewhere']);
    expect(await log(one, [9, 9, 9])).toEqual([0, 0, 0]);
    await two.pass(0);
    expect(await log(two, [9])).toEqual([1]);
    expect(two.warnings).toEqual([]);
  });

  test('stays its owner’s where the other tells its states', async () => {
    const { one, two } = await openTwo();
    await two.engine.emit(stateEvent('running'));
    await two.checkpoint();
    expect(await log(one, [9, 9, 9])).toEqual([0, 0, 1]);
    await one.checkpoint();
    await two.engine.emit(stateEvent('paused'));
    await two.checkpoint();
    expect(await log(one, [9])).toEqual([1]);
    await one.checkpoint();
    expect([...one.warnings, ...two.warnings, ...one.errors, ...two.errors]).toEqual([]);
  });
});

describe('a process that starts beside another', () => {
  test('leaves the other its runs, and puts back those of one that is gone', async () => {
    const { host, one, two } = await openTwo();
    await log(one, [9, 9], { run: { id: 'of one' } });
    await log(two, [9, 9], { run: { id: 'of two' } });
    await one.checkpoint();
    await two.engine.close();
    const three = await host.start();
    expect(three.engine.stats().liveRuns).toBe(1);
    expect(await log(three, [9], { run: { id: 'of two' } })).toEqual([1]);
    await three.pass(0);
    await log(three, [9], { run: { id: 'of one' } });
    await three.pass(0);
    expect(three.warnings.map(({ code }) => code)).toEqual(['run_owned_elsewhere']);
    expect(await log(one, [9], { run: { id: 'of one' } })).toEqual([1]);
  });

  test('has what the other has saved of a run that both had put back and only one goes on with', async () => {
    const { host, one, two } = await openTwo();
    await log(one, [9, 9]);
    await one.engine.close();
    await two.engine.close();
    const three = await host.start();
    const four = await host.start();
    await log(three, [-9]);
    await three.pass(0);
    await three.engine.close();
    // The mean of what it had put back would be above 5.
    await log(four, [9]);
    await four.pass(0);
    expect(await log(four, [9, 9, 9])).toEqual([0, 0, 1]);
    expect([...three.warnings, ...four.warnings]).toEqual([]);
  });

  test('costs one commit for each run at its first metrics, and none for an event', async () => {
    const host = createHost({ shared: true });
    const one = await host.start();
    await watch(one, meanOfThree);
    for (let id = 0; id < 50; id += 1) await log(one, [1], { run: { id: `${id}` } });
    await one.pass(0);
    expect(host.puts('run/').count).toBe(50);
    for (let id = 0; id < 50; id += 1) await log(one, [1, 1, 1], { run: { id: `${id}` } });
    await one.pass(0);
    expect(host.puts('run/').count).toBe(50);
    await one.engine.close();
    expect(one.runtime.pendingTimers).toBe(0);
    expect(await host.kept.lanes({ limit: 10 })).toEqual([]);
    expect(await keysOf(host, 'run/')).toHaveLength(50);
  });

  test('delivers nothing to the lanes that say who is alive', async () => {
    const { one, two } = await openTwo();
    await one.engine.emit(metricsEvent({ loss: 1 }));
    await one.pass(20_000);
    await two.pass(20_000);
    expect([one.engine.stats(), two.engine.stats()]).toMatchObject([
      { lanes: 0, undelivered: 0 },
      { lanes: 0, undelivered: 0 },
    ]);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });
});
