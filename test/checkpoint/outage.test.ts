import { runEvent, type Storage } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { checkpointMs, createHost, keysOf } from './engines.js';
import { log, watch } from './streams.js';

const meanOfThree = runEvent.metric('loss').avg(3).gt(5);

/** A storage that a test can take away. */
function failing() {
  const state = { isOut: false, commits: 0 };
  const change = (storage: Storage): Storage => ({
    ...storage,
    commit(commit) {
      state.commits += 1;
      return state.isOut ? Promise.reject(new Error('disk on fire')) : storage.commit(commit);
    },
  });
  return { state, change };
}

describe('a storage that fails while checkpoints are written', () => {
  test('is told of once, tried again at each turn, and loses nothing', async () => {
    const { state, change } = failing();
    const host = createHost({ change });
    const before = await host.start();
    await watch(before, meanOfThree);
    state.isOut = true;
    await log(before, [9]);
    for (let turn = 0; turn < 4; turn += 1) await before.checkpoint();
    expect(before.errors).toMatchObject([{ code: 'storage_unavailable' }]);
    await log(before, [9], { id: 'second' });
    state.commits = 0;
    await before.checkpoint();
    expect(state.commits).toBe(1);
    state.isOut = false;
    await before.checkpoint();
    state.isOut = true;
    await log(before, [-100]);
    await before.checkpoint();
    expect(before.errors).toHaveLength(2);
    state.isOut = false;

    const after = await host.start();
    expect(await log(after, [9], { id: 'second' })).toEqual([0]);
    expect(await log(after, [9])).toEqual([1]);
  });

  test('is not written more to the larger it grows, and what went meanwhile leaves nothing', async () => {
    const { state, change } = failing();
    const host = createHost({ change });
    const before = await host.start({ maxLiveRuns: 10 });
    await watch(before, meanOfThree);
    for (let id = 0; id < 10; id += 1) await log(before, [1], { run: { id: `${id}` } });
    await before.checkpoint();
    state.isOut = true;
    for (let id = 10; id < 500; id += 1) {
      await log(before, [1], { run: { id: `${id}` } });
      if (id % 50 === 0) await before.checkpoint();
    }
    state.isOut = false;
    await before.checkpoint();
    expect(await keysOf(host, 'run/')).toHaveLength(10);
  });

  test('that does not answer is waited for no longer than commitTimeoutMs, also when the engine is closed', async () => {
    let isSilent = false;
    const change = (storage: Storage): Storage => ({
      ...storage,
      commit: (commit) => (isSilent ? new Promise(() => {}) : storage.commit(commit)),
    });
    const host = createHost({ change });
    const { engine, runtime, errors, checkpoint } = await host.start({ commitTimeoutMs: 2000, closeTimeoutMs: 3000 });
    await engine.emit({ type: 'run.state', entity: 'e', project: 'p', run: { id: '1' }, state: 'running' });
    isSilent = true;
    await checkpoint();
    await runtime.advance(2000);
    expect(errors).toMatchObject([{ code: 'storage_unavailable' }]);
    const closed = engine.close();
    await runtime.advance(3000);
    await runtime.advance(3000);
    await closed;
    expect(runtime.pendingTimers).toBe(0);
  });

  test('is written to in commits of a bounded size, none while another is on its way', async () => {
    let inFlight = 0;
    let most = 0;
    const sizes: number[] = [];
    const change = (storage: Storage): Storage => ({
      ...storage,
      async commit(commit) {
        inFlight += 1;
        most = Math.max(most, inFlight);
        sizes.push(commit.steps.length);
        await new Promise((resolve) => setImmediate(resolve));
        const result = await storage.commit(commit);
        inFlight -= 1;
        return result;
      },
    });
    const host = createHost({ change });
    const { engine, runtime, ...process } = await host.start();
    await watch({ engine, runtime, ...process }, meanOfThree);
    for (let id = 0; id < 300; id += 1) void engine.emit(event(id));
    sizes.length = 0;
    await runtime.advance(checkpointMs);
    // Events go on while it is written.
    for (let turn = 0; turn < 100; turn += 1) {
      await engine.emit(event(turn));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sizes).toEqual([64, 64, 64, 64, 44]);
    expect(most).toBe(1);
    await engine.close();
    expect(await keysOf(host, 'run/')).toHaveLength(300);
  });
});

function event(id: number) {
  return {
    type: 'run.metrics',
    entity: 'my-team',
    project: 'my-project',
    run: { id: `${id}` },
    metrics: { loss: 1 },
  } as const;
}
