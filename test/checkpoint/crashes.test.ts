import fc from 'fast-check';
import { createEngine, doNothing, type Engine, onRunMetric, onRunState, runEvent, type TocsinEvent } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { createHost, type Process } from './engines.js';
import { scope } from './streams.js';

const policy = { cooldown: 0 } as const;
const loss = runEvent.metric('loss');
const accuracy = runEvent.metric('accuracy');

/** One of each kind of window: on a page, of its own, in chunks, of other runs. */
const filters = {
  last: loss.gt(90),
  mean: loss.avg(3).gt(60),
  'early mean': accuracy.avg(6, { minSamples: 2 }).lt(30),
  smallest: loss.min(70, { minSamples: 5 }).gt(10),
  largest: loss.max(300, { minSamples: 20 }).lt(99),
  change: accuracy.avg(2).increasesBy({ diff: 40 }),
  unusual: loss.zscore(8, { minSamples: 4 }).abs().gt(1.4),
  'unusual run': accuracy.zscore(3, { over: 'project', minSamples: 2 }).abs().gt(1.2),
  diverged: loss.isNotFinite(),
  both: loss.gt(50).and(accuracy.avg(4).lt(50)),
};

async function watchAll(engine: Engine): Promise<void> {
  for (const [name, filter] of Object.entries(filters)) {
    await engine.automations.create({ name, event: onRunMetric({ scope, filter }), action: doNothing(), policy });
  }
  const filter = runEvent.state.eq('finished').and(loss.avg(3).gt(40));
  await engine.automations.create({ name: 'ended', event: onRunState({ scope, filter }), action: doNothing(), policy });
}

async function decisionOf(engine: Engine, event: TocsinEvent): Promise<readonly string[]> {
  const { fired, skipped } = await engine.emit(event);
  return [...fired.map(({ automationName }) => automationName), ...skipped.map(({ reason }) => reason)];
}

const value = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 100 }) },
  { weight: 1, arbitrary: fc.constantFrom<number | 'NaN' | 'Infinity' | '-Infinity'>('NaN', 'Infinity', '-Infinity') },
);
const runId = fc.constantFrom('a', 'b', 'c', 'd');
const logged = fc
  .record({ id: runId, metrics: fc.record({ loss: value, accuracy: value }, { requiredKeys: [] }) })
  .map(({ id, metrics }): TocsinEvent => metricsEvent({ ...metrics }, {}, id));
const stated = fc
  .record({ id: runId, state: fc.constantFrom('running', 'finished', 'paused') })
  .map(({ id, state }): TocsinEvent => stateEvent(state, {}, id));
/** Many values at once, so that there are chunks. */
const burst = fc
  .record({ id: runId, values: fc.array(fc.integer({ min: 0, max: 98 }), { minLength: 100, maxLength: 400 }) })
  .map(({ id, values }) => values.map((each): TocsinEvent => metricsEvent({ loss: each }, {}, id)));
const step = fc.oneof(
  { weight: 30, arbitrary: logged.map((event) => [event]) },
  { weight: 2, arbitrary: stated.map((event) => [event]) },
  { weight: 1, arbitrary: burst },
  { weight: 4, arbitrary: fc.constantFrom('checkpoint' as const, 'crash' as const, 'close' as const) },
);

/** An engine that has seen exactly these, and never stopped. */
async function engineAfter(events: readonly TocsinEvent[]): Promise<Engine> {
  const engine = await createEngine({ storage: memoryStorage(), logger: { warn() {}, error() {} } });
  await watchAll(engine);
  for (const event of events) await engine.emit(event);
  return engine;
}

test('whatever was in the last checkpoint, an engine decides after a crash as one that has seen exactly that', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const host = createHost();
      let process: Process = await host.start();
      await watchAll(process.engine);
      let twin = await engineAfter([]);
      let saved: readonly TocsinEvent[] = [];
      let seen: TocsinEvent[] = [];
      for (const each of steps) {
        if (each === 'checkpoint') {
          await process.checkpoint();
          saved = [...seen];
        } else if (each === 'crash') {
          process = await host.start();
          seen = [...saved];
          twin = await engineAfter(seen);
        } else if (each === 'close') {
          await process.engine.close();
          process = await host.start();
          saved = [...seen];
        } else {
          for (const event of each) {
            expect(await decisionOf(process.engine, event)).toEqual(await decisionOf(twin, event));
            seen.push(event);
          }
        }
      }
      const { liveRuns, projectValues } = process.engine.stats();
      expect({ liveRuns, projectValues }).toEqual({
        liveRuns: twin.stats().liveRuns,
        projectValues: twin.stats().projectValues,
      });
    }),
    { numRuns: 30 },
  );
}, 60_000);

test('no id that was in a checkpoint samples twice, and none that was not is taken for known', async () => {
  const ids = fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.record({ id: fc.integer({ min: 0, max: 25 }), run: runId }) },
      { weight: 2, arbitrary: fc.constantFrom('checkpoint' as const, 'crash' as const) },
    ),
    { minLength: 20, maxLength: 120 },
  );
  await fc.assert(
    fc.asyncProperty(ids, async (steps) => {
      const host = createHost();
      let process = await host.start();
      const filter = runEvent.metric('one').avg(1000, { minSamples: 1 }).lt(0);
      await process.engine.automations.create({
        name: 'counts',
        event: onRunMetric({ scope, filter }),
        action: doNothing(),
      });
      const [{ id: automationId } = { id: '' }] = (await process.engine.automations.list()).items;
      let saved = new Map<string, string>();
      let seen = new Map<string, string>();
      for (const each of steps) {
        if (each === 'checkpoint') {
          await process.checkpoint();
          saved = new Map(seen);
        } else if (each === 'crash') {
          process = await host.start();
          seen = new Map(saved);
        } else {
          const { duplicate } = await process.engine.emit(metricsEvent({ one: 1 }, { id: `${each.id}` }, each.run));
          expect(duplicate).toBe(seen.has(`${each.id}`));
          if (!duplicate) seen.set(`${each.id}`, each.run);
        }
      }
      for (const run of ['a', 'b', 'c', 'd']) {
        const explanation = await process.engine.explain(automationId, metricsEvent({ other: 1 }, {}, run));
        const samples = [...seen.values()].filter((each) => each === run).length;
        expect(explanation.filter).toMatchObject({ samples });
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
