import fc from 'fast-check';
import { runEvent, type Storage } from 'tocsin';
import { expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { checkpointMs, createHost, type Host, type Process } from './engines.js';
import { log, watch } from './streams.js';

/** A machine whose power fails after some commits: what comes later is never answered. */
function failingHost(): { readonly host: Host; readonly power: { left: number } } {
  const power = { left: Number.POSITIVE_INFINITY };
  const change = (storage: Storage): Storage => ({
    ...storage,
    commit(commit) {
      power.left -= 1;
      return power.left < 0 ? new Promise(() => {}) : storage.commit(commit);
    },
  });
  return { host: createHost({ change }), power };
}

/** How many values of a run's losses are there, and their mean. */
async function windowOf({ engine }: Process, id: string): Promise<{ readonly samples: number; readonly left: number }> {
  const [automation] = (await engine.automations.list()).items;
  const { filter } = await engine.explain(automation?.id ?? '', metricsEvent({ other: 1 }, {}, id));
  return filter as never;
}

const commits = fc.integer({ min: 0, max: 8 });

test('killed in the middle of a checkpoint, an id is known exactly where its sample is there', async () => {
  const counts = fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(counts, commits, async (runsPerCheckpoint, left) => {
      const { host, power } = failingHost();
      const before = await host.start();
      await watch(before, runEvent.metric('loss').avg(1000, { minSamples: 1 }).lt(0));
      let step = 0;
      for (const [index, runs] of runsPerCheckpoint.entries()) {
        for (let run = 0; run < runs; run += 1) {
          await log(before, [1], { run: { id: `${run}` }, id: `${run} ${step}` });
          step += 1;
        }
        if (index === runsPerCheckpoint.length - 1) power.left = left;
        await before.runtime.advance(checkpointMs);
      }
      power.left = Number.POSITIVE_INFINITY;

      const after = await host.start();
      const most = Math.max(...runsPerCheckpoint);
      const samples = new Map<string, number>();
      for (let run = 0; run < most; run += 1) samples.set(`${run}`, (await windowOf(after, `${run}`)).samples);
      let next = 0;
      for (const runs of runsPerCheckpoint) {
        for (let run = 0; run < runs; run += 1) {
          const { duplicate } = await after.engine.emit(metricsEvent({ loss: 1 }, { id: `${run} ${next}` }, `${run}`));
          next += 1;
          if (duplicate) samples.set(`${run}`, (samples.get(`${run}`) ?? 0) - 1);
        }
      }
      expect([...samples.values()].filter((count) => count !== 0)).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('killed in the middle of a checkpoint, a long window is what it was at some moment, without a hole', async () => {
  const bursts = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(bursts, commits, async (sizes, left) => {
      const { host, power } = failingHost();
      const before = await host.start();
      await watch(before, runEvent.metric('loss').avg(100_000, { minSamples: 1 }).lt(0));
      let value = 0;
      for (const [index, size] of sizes.entries()) {
        for (let each = 0; each < size; each += 1) {
          value += 1;
          void before.engine.emit(metricsEvent({ loss: value }));
        }
        if (index === sizes.length - 1) power.left = left;
        await before.runtime.advance(checkpointMs);
      }
      power.left = Number.POSITIVE_INFINITY;

      const after = await host.start();
      const { samples, left: mean } = await windowOf(after, 'run-1');
      const moments = sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
      expect([0, ...moments]).toContain(samples);
      if (samples > 0) expect(mean).toBe((samples + 1) / 2);
    }),
    { numRuns: 12 },
  );
}, 60_000);
