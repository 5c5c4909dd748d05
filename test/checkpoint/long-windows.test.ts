import { runEvent } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { createHost, keysOf } from './engines.js';
import { log, watch } from './streams.js';

const window = 5000;
const mean = runEvent.metric('loss').avg(window).gt(0);

describe('a long window', () => {
  test('survives, and each of its values is written a few times only', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, mean);
    // The first value decides whether the mean is above 0.
    await log(before, [window, ...Array.from({ length: window - 3 }, () => -1)]);
    await before.checkpoint();
    const { count } = host.puts('run');
    expect(count).toBeLessThan(window / 256 + 3);
    for (let round = 0; round < 20; round += 1) {
      await before.checkpoint();
      await before.engine.emit({
        type: 'run.metrics',
        entity: 'my-team',
        project: 'my-project',
        run: { id: 'run-1', tags: [`${round}`] },
        metrics: { other: 1 },
      });
    }
    await before.checkpoint();
    expect(host.puts('run-values/').count).toBe(Math.floor((window - 2) / 256));
    expect(host.puts('run/')).toMatchObject({ count: 21 });
    expect(host.puts('run/').characters).toBeLessThan(21 * 1500);

    const after = await host.start();
    expect(await log(after, [-1, -1, -1])).toEqual([0, 1, 0]);
  });

  test('goes on over many checkpoints and crashes, and keeps no more chunks than it needs', async () => {
    const host = createHost();
    let process = await host.start();
    await watch(process, runEvent.metric('loss').max(700).lt(1000));
    const value = (index: number): number => (index % 701 === 0 ? 1000 : index % 7);
    for (let index = 0; index < 4000; ) {
      const next = Math.min(index + 173, 4000);
      const fired = await log(
        process,
        Array.from({ length: next - index }, (_, each) => value(index + each)),
      );
      // Only where the last 700 values are those between two large ones.
      const expected = fired.map((_, each) => (index + each >= 699 && (index + each) % 701 === 700 ? 1 : 0));
      expect(fired).toEqual(expected);
      index = next;
      await process.checkpoint();
      expect((await keysOf(host, 'run-values/')).length).toBeLessThanOrEqual(4);
      if (index % 3 === 0) {
        // What comes between is lost with the process.
        await log(process, [5000, 6000]);
        process = await host.start();
      }
    }
    expect(await keysOf(host, 'run/')).toHaveLength(1);
  });

  test('has exactly the values that it had, also for an automation that comes later and asks for more', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, runEvent.metric('loss').avg(700).lt(0));
    await log(
      before,
      Array.from({ length: 1000 }, (_, index) => index),
    );
    await before.checkpoint();
    // The chunk that holds the oldest values holds some that have left by now.
    await log(
      before,
      Array.from({ length: 50 }, (_, index) => 1000 + index),
    );
    await before.checkpoint();
    const after = await host.start();
    await watch(after, runEvent.metric('loss').avg(2000, { minSamples: 1 }).lt(0), 'longer');
    const automation = (await after.engine.automations.list()).items.find(({ name }) => name === 'longer');
    const { filter } = await after.engine.explain(automation?.id ?? '', metricsEvent({ other: 1 }));
    expect(filter).toMatchObject({ samples: 700, left: (350 + 1049) / 2 });
  });

  test('that is not needed any more leaves nothing', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, mean);
    await log(
      before,
      Array.from({ length: 1000 }, () => 1),
    );
    await before.checkpoint();
    expect(await keysOf(host, 'run-values/')).toHaveLength(3);
    await before.engine.emit({
      type: 'run.state',
      entity: 'my-team',
      project: 'my-project',
      run: { id: 'run-1' },
      state: 'finished',
    });
    await before.checkpoint();
    expect(await keysOf(host, 'run-values/')).toEqual([]);
  });

  test('of 100,000 values goes in many commits, and one whose process is killed between them leaves nothing', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, runEvent.metric('loss').avg(100_000).gt(0));
    await before.engine.emit({ type: 'custom.warm', entity: 'my-team' } as never);
    await log(
      before,
      Array.from({ length: 30_000 }, () => 1),
    );
    await before.engine.close();
    expect(await keysOf(host, 'run-values/')).toHaveLength(Math.floor(30_000 / 256));
    // As if the run's own record had not come to be written.
    const [run = ''] = await keysOf(host, 'run/');
    await host.kept.commit({ steps: [{ write: [{ type: 'delete', key: run }] }] });
    await host.start();
    expect(await keysOf(host, 'run-values/')).toEqual([]);
  });
});
