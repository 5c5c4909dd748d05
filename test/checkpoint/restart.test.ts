import { doNothing, onRunState, runEvent, type Storage } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { createHost, keysOf } from './engines.js';
import { log, scope, watch } from './streams.js';

const meanOfThree = runEvent.metric('loss').avg(3).gt(5);

describe('the windows of a run', () => {
  test('go on after a restart with what was in them when the engine was closed', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree);
    expect(await log(before, [9, 9])).toEqual([0, 0]);
    await before.engine.close();
    expect(before.runtime.pendingTimers).toBe(0);

    const after = await host.start();
    expect(after.engine.stats().liveRuns).toBe(1);
    expect(await log(after, [9])).toEqual([1]);
  });

  test('go on after a crash with what was in them at the last checkpoint', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree);
    await log(before, [1, 9]);
    await before.checkpoint();
    // This one is lost.
    await log(before, [-100]);

    const after = await host.start();
    expect(await log(after, [9, 9])).toEqual([1, 1]);
  });

  test('keep NaN and the infinities', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, runEvent.metric('loss').max(2).gt(1e300), 'infinite');
    await watch(before, runEvent.metric('loss').min(2).lt(-1e300), 'negative');
    await log(before, ['NaN', 'Infinity']);
    await before.checkpoint();
    const after = await host.start();
    // The infinity is still in the window; NaN is not any more.
    expect(await log(after, ['-Infinity'])).toEqual([2]);

    const odd = await host.start();
    await log(odd, ['NaN']);
    await odd.checkpoint();
    const last = await host.start();
    expect(await log(last, ['Infinity'])).toEqual([0]);
  });

  test('and what the run said of itself, and its state', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree.and(runEvent.name.eq('prod')));
    await before.engine.automations.create({
      name: 'running',
      event: onRunState({ scope, filter: runEvent.state.eq('running') }),
      action: doNothing(),
      policy: { cooldown: 0 },
    });
    await log(before, [9, 9], { run: { id: 'run-1', name: 'prod', config: { lr: 0.1 } } });
    expect((await before.engine.emit(stateEvent('running'))).fired).toHaveLength(1);
    await before.checkpoint();
    const after = await host.start();
    expect((await after.engine.emit(stateEvent('running'))).fired).toEqual([]);
    expect(await log(after, [9])).toEqual([1]);
  });

  test('and a state that is committed only after a checkpoint has begun is in the next', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const change = (storage: Storage): Storage => ({
      ...storage,
      async commit(commit) {
        const fires = commit.steps.some(({ write }) => write.some((each) => 'key' in each && /^exec/.test(each.key)));
        if (fires) await held;
        return storage.commit(commit);
      },
    });
    const host = createHost({ change });
    const before = await host.start();
    await before.engine.automations.create({
      name: 'running',
      event: onRunState({ scope, filter: runEvent.state.eq('running') }),
      action: doNothing(),
      policy: { cooldown: 0 },
    });
    const emitted = before.engine.emit(stateEvent('running'));
    await before.checkpoint();
    release();
    expect((await emitted).fired).toHaveLength(1);
    await before.checkpoint();
    const after = await host.start();
    expect((await after.engine.emit(stateEvent('running'))).fired).toEqual([]);
  });

  test('that has ended are gone, but ending again is no event', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree);
    await before.engine.automations.create({
      name: 'ended',
      event: onRunState({ scope }),
      action: doNothing(),
      policy: { cooldown: 0 },
    });
    await log(before, [9, 9, 9]);
    await before.checkpoint();
    await before.engine.emit(stateEvent('finished'));
    await before.engine.close();
    const after = await host.start();
    expect(after.engine.stats()).toMatchObject({ liveRuns: 0, windowValues: 0 });
    expect((await after.engine.emit(stateEvent('finished'))).fired).toEqual([]);
    expect((await after.engine.emit(stateEvent('running'))).fired).toHaveLength(1);
    expect(await log(after, [9, 9, 9])).toEqual([0, 0, 1]);
  });

  test('that is never watched are not kept, and one that was forgotten is not either', async () => {
    const host = createHost();
    const before = await host.start({ maxLiveRuns: 2 });
    await log(before, [1]);
    await watch(before, meanOfThree);
    for (const id of ['a', 'b']) await log(before, [9, 9], { run: { id } });
    await before.checkpoint();
    expect(await keysOf(host, 'run/')).toHaveLength(2);
    await log(before, [9, 9], { run: { id: 'c' } });
    await before.engine.close();
    expect(await keysOf(host, 'run/')).toHaveLength(2);
    const after = await host.start();
    expect(await log(after, [9], { run: { id: 'a' } })).toEqual([0]);
    expect(await log(after, [9], { run: { id: 'b' } })).toEqual([1]);
    expect(await log(after, [9], { run: { id: 'c' } })).toEqual([1]);
  });

  test('that has said nothing for too long is not put back, and leaves nothing', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, runEvent.metric('loss').avg(600).gt(5));
    await log(
      before,
      Array.from({ length: 600 }, () => 9),
      { run: { id: 'old' } },
    );
    await before.runtime.advance(1000);
    await log(before, [9], { run: { id: 'young' } });
    await before.engine.close();
    expect(await keysOf(host, 'run-values/')).toHaveLength(2);
    const idle = await host.start({ runIdleMs: 10_000 });
    expect(idle.engine.stats().liveRuns).toBe(2);
    await idle.engine.close();
    const after = await host.start({ runIdleMs: 500 });
    expect(after.engine.stats().liveRuns).toBe(1);
    await after.engine.close();
    expect([...(await keysOf(host, 'run/')), ...(await keysOf(host, 'run-values/'))]).toHaveLength(1);
  });

  test('that was used least recently goes first where there is room for fewer', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree);
    for (const id of ['z', 'y', 'x', 'w']) {
      await log(before, [9, 9], { run: { id } });
      await before.runtime.advance(10);
    }
    await before.engine.close();
    const after = await host.start({ maxLiveRuns: 2 });
    expect(after.engine.stats().liveRuns).toBe(2);
    expect(await log(after, [9], { run: { id: 'w' } })).toEqual([1]);
    expect(await log(after, [9], { run: { id: 'x' } })).toEqual([1]);
    expect(await log(after, [9], { run: { id: 'y' } })).toEqual([0]);
  });

  test('are as long for an automation that comes later as those that were there', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree);
    await log(before, [9, 9, 9, 9, 9]);
    await before.checkpoint();
    const after = await host.start();
    await watch(after, runEvent.metric('loss').avg(5).gt(5), 'longer');
    // Three values were kept.
    expect(await log(after, [0, 9])).toEqual([1, 2]);
  });

  test('are written by no engine whose storage is not durable', async () => {
    const host = createHost();
    const { engine, runtime } = await host.start({ storage: host.kept });
    await engine.emit(metricsEvent({ loss: 1 }, { id: 'event', run: { id: 'run-1', name: 'prod' } }));
    await engine.idle();
    expect(runtime.pendingTimers).toBe(0);
    await engine.close();
    for (const prefix of ['run', 'event-ids/', 'project-runs/', 'process/']) {
      expect(await keysOf(host, prefix)).toEqual([]);
    }
  });

  test('of other runs of the project go on to be compared with', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, runEvent.metric('loss').zscore(4, { over: 'project', minSamples: 3 }).gt(3));
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) await log(before, [index], { run: { id } });
    await before.checkpoint();
    expect(host.puts('project-runs/').count).toBe(1);
    const after = await host.start();
    expect(after.engine.stats().projectValues).toBe(4);
    expect(await log(after, [1, 2, 100], { run: { id: 'e' } })).toEqual([0, 0, 1]);
    await after.engine.close();
    expect(await keysOf(host, 'project-runs/')).toHaveLength(1);
    const last = await host.start();
    expect(last.engine.stats().projectValues).toBe(5);
    await last.engine.close();
    expect(await keysOf(host, 'project-runs/')).toHaveLength(1);
    expect(host.puts('project-runs/').count).toBe(2);
  });
});
