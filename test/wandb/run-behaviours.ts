import type { Engine, TocsinEvent } from 'tocsin';
import { expect } from 'vitest';
import { type Case, type Wire, withEvent } from './cases.js';
import { type Behaviours, fires, place, withImported } from './imported.js';

function metrics(
  values: Record<string, number>,
  run: { id: string; [key: string]: unknown } = { id: 'run-1' },
): TocsinEvent {
  return { type: 'run.metrics', ...place, run, metrics: values };
}

function state(to: string): TocsinEvent {
  return { type: 'run.state', ...place, run: { id: 'run-1' }, state: to };
}

/** How many values it took to fire, or 0. */
async function firesAt(engine: Engine, name: string, values: readonly number[]): Promise<number> {
  for (const [index, value] of values.entries()) if (await fires(engine, metrics({ [name]: value }))) return index + 1;
  return 0;
}

async function atTheEnd({ wire, vectors = [] }: Case): Promise<void> {
  const { name } = wire.filter.run_metric_filter.change_filter;
  for (const { values, firesAtEnd } of vectors) {
    const { engine } = await withImported(withEvent(wire));
    expect([values, await firesAt(engine, name, values)]).toEqual([values, firesAtEnd ? values.length : 0]);
    await engine.close();
  }
}

const loss = { name: 'loss', agg_op: 'AVERAGE', window_size: 2, cmp_op: '$gt', threshold: 5 };

const onLoss = (run_filter: Wire = { $and: [] }): Wire =>
  withEvent({ eventType: 'RUN_METRIC', filter: { run_filter, run_metric_filter: { threshold_filter: loss } } });

const onStates = (states: readonly string[]): Wire =>
  withEvent({ eventType: 'RUN_STATE', filter: { run_state_filter: { states } } });

/** A filter on runs, asked of runs that are as the vectors say. */
async function matches({ wire, vectors = [] }: Case): Promise<void> {
  const { engine } = await withImported(onLoss(wire));
  for (const [index, { doc, match }] of vectors.entries()) {
    const { config, display_name: name, tags } = doc;
    const run = { id: `run-${index}`, ...JSON.parse(JSON.stringify({ config, name, tags })) };
    await engine.emit(metrics({ loss: 10 }, run));
    expect([doc, await fires(engine, metrics({ loss: 10 }, run))]).toEqual([doc, match]);
  }
  await engine.close();
}

/** How W&B's automations on runs behave. */
export const runBehaviours: Behaviours = {
  // W&B does not say; here fewer values than the window are too few.
  'eval-threshold-partial-window': async ({ wire }) => {
    const { engine } = await withImported(withEvent(wire));
    expect(await firesAt(engine, 'accuracy', [1, 1, 1])).toBe(0);
    expect(await firesAt(engine, 'accuracy', [1, 1])).toBe(2);
    await engine.close();
  },
  'eval-change-windows': async ({ wire: { current_window_size, prior_window_size, change_type } }) => {
    const change = { name: 'm', agg_op: 'AVERAGE', current_window_size, prior_window_size, change_type };
    const change_filter = { ...change, change_dir: 'ANY', change_amount: 1 };
    const form = withEvent({ eventType: 'RUN_METRIC_CHANGE', filter: { run_metric_filter: { change_filter } } });
    const { engine } = await withImported(form);
    // The 50 before the last 10 are all 1: a window that overlapped would have some of the 2.
    const values = [...new Array(prior_window_size).fill(1), ...new Array(current_window_size).fill(2)];
    expect(await firesAt(engine, 'm', values)).toBe(60);
    await engine.close();
  },
  'eval-change-at-least': atTheEnd,
  'eval-change-relative-definition': atTheEnd,
  'eval-once-per-run-per-24h': async ({ wire: { cooldownHours } }) => {
    const { engine, runtime } = await withImported(onLoss());
    expect(await firesAt(engine, 'loss', [10, 10, 10])).toBe(2);
    expect(await firesAt(engine, 'loss', [10, 10, 10])).toBe(0);
    await engine.emit(metrics({ loss: 10 }, { id: 'run-2' }));
    expect(await fires(engine, metrics({ loss: 10 }, { id: 'run-2' }))).toBe(true);
    // A run that logs all the time keeps its windows.
    for (let hour = 1; hour <= cooldownHours; hour += 1) {
      expect(await fires(engine, metrics({ loss: 10 }))).toBe(false);
      await runtime.advance(3_600_000);
    }
    expect(await fires(engine, metrics({ loss: 10 }))).toBe(true);
    await engine.close();
  },
  'eval-per-run-windows': async () => {
    const { engine } = await withImported(onLoss());
    await engine.emit(metrics({ loss: 10 }, { id: 'run-1' }));
    expect(await fires(engine, metrics({ loss: 10 }, { id: 'run-2' }))).toBe(false);
    expect(await fires(engine, metrics({ loss: -10 }, { id: 'run-2' }))).toBe(false);
    expect(await fires(engine, metrics({ loss: 10 }, { id: 'run-1' }))).toBe(true);
    await engine.close();
  },
  'eval-run-filter-kinds': async () => {
    const { engine } = await withImported(
      onLoss({ $and: [{ username: 'ada' }, { display_name: { $regex: '^prod-' } }] }),
    );
    const run = async (id: string, user: string, name: string): Promise<boolean> => {
      await engine.emit(metrics({ loss: 10 }, { id, user, name }));
      return fires(engine, metrics({ loss: 10 }, { id, user, name }));
    };
    expect(await run('1', 'ada', 'prod-1')).toBe(true);
    expect(await run('2', 'bob', 'prod-1')).toBe(false);
    expect(await run('3', 'ada', 'test-prod-1')).toBe(false);
    await engine.close();
  },
  'eval-killed-never-triggers': async ({ wire: { from, to } }) => {
    const { engine } = await withImported(onStates(['FAILED', 'FINISHED']));
    await engine.emit(state(from));
    expect(await fires(engine, state(to))).toBe(false);
    await engine.close();
  },
  'eval-state-transition': async ({ wire: { transitions } }) => {
    for (const [from, to, expected] of transitions) {
      const { engine } = await withImported(onStates(['FAILED']));
      expect(await fires(engine, state(from))).toBe(false);
      expect(await fires(engine, state(to))).toBe(expected);
      expect(await fires(engine, state(to))).toBe(false);
      await engine.close();
    }
  },
  'filter-eval-config-eq': matches,
  'filter-eval-config-regex': matches,
  'filter-eval-display-name-regex': matches,
  'filter-eval-tag-absent': matches,
};
