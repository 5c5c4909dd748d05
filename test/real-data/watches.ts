import { and as allOf, nor as noneOf, not as notSo, or as oneOf, runEvent } from 'tocsin';
import { and, change, not, notFinite, or, threshold, zscore } from './plain-answers.js';
import type { Watch } from './replay.js';
import { type Row, valuesOf } from './series.js';

/** How a metric behaves, so that thresholds can be set where it really passes. */
function scaleOf(rows: readonly Row[], metric: string) {
  const values = valuesOf(rows, metric);
  const sorted = [...values].sort((a, b) => a - b);
  const steps = values.slice(1).map((value, index) => Math.abs(value - (values[index] ?? 0)));
  const noise = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const logged = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    /** How far it goes from one value to the next, on average. */
    noise,
    /** A value that it has logged, with that share of all others below. */
    logged,
    /** A number near that, to which no mean of logged values comes: the last bit of a mean is nobody's promise. */
    near: (share: number): number => logged(share) + noise * 1e-3 * Math.PI,
  };
}

const by = (factor: number): number => factor * (1 + Math.PI * 1e-6);

/** One automation of each kind on two metrics, the first logged at nearly every step. */
export function watchesOn(first: string, second: string, rows: readonly Row[]): Watch[] {
  const a = scaleOf(rows, first);
  const b = scaleOf(rows, second);
  const metric = runEvent.metric(first);
  const other = runEvent.metric(second);
  const low = a.logged(0.03);
  const high = a.logged(0.97);
  const step = by(3 * a.noise);
  const fraction = by((3 * a.noise) / Math.abs(a.logged(0.5) || 1));
  const watch = (name: string, filter: Watch['filter'], holds: Watch['holds'], metrics = [first]): Watch => ({
    name,
    on: 'run.metrics',
    filter,
    metrics,
    holds,
  });

  return [
    watch(
      'last ≤ a value it has had',
      metric.lte(low),
      threshold({ metric: first }, (x) => x <= low),
    ),
    watch(
      'last < the same value',
      metric.lt(low),
      threshold({ metric: first }, (x) => x < low),
    ),
    watch(
      'last ≥ a value it has had',
      metric.gte(high),
      threshold({ metric: first }, (x) => x >= high),
    ),
    watch(
      'last = a value it has had',
      metric.eq(a.logged(0.5)),
      threshold({ metric: first }, (x) => x === a.logged(0.5)),
    ),
    watch(
      'avg(5) below',
      metric.avg(5).lt(a.near(0.05)),
      threshold({ metric: first, agg: 'avg', window: 5 }, (x) => x < a.near(0.05)),
    ),
    watch(
      'avg(100) above, from the third value',
      metric.avg(100, { minSamples: 3 }).gt(a.near(0.95)),
      threshold({ metric: first, agg: 'avg', window: 100, minSamples: 3 }, (x) => x > a.near(0.95)),
    ),
    watch(
      'min(20) at or above',
      metric.min(20).gte(a.logged(0.9)),
      threshold({ metric: first, agg: 'min', window: 20 }, (x) => x >= a.logged(0.9)),
    ),
    watch(
      'max(7) at or below, from the first value',
      metric.max(7, { minSamples: 1 }).lte(a.logged(0.1)),
      threshold({ metric: first, agg: 'max', window: 7, minSamples: 1 }, (x) => x <= a.logged(0.1)),
    ),
    watch(
      'up by a number',
      metric.increasesBy({ diff: step }),
      change({ metric: first }, 'absolute', (d) => d >= step),
    ),
    watch(
      'down by a fraction',
      metric.decreasesBy({ frac: fraction }),
      change({ metric: first }, 'relative', (d) => -d >= fraction),
    ),
    watch(
      'avg(5) up by a fraction, against 20 before',
      metric.avg(5).increasesBy({ frac: fraction / 2, priorWindow: 20 }),
      change({ metric: first, agg: 'avg', window: 5, priorWindow: 20 }, 'relative', (d) => d >= fraction / 2),
    ),
    watch(
      'avg(10) down by a number',
      metric.avg(10).decreasesBy({ diff: step / 4 }),
      change({ metric: first, agg: 'avg', window: 10 }, 'absolute', (d) => -d >= step / 4),
    ),
    watch(
      'max(5) moves by a number, against 15 before, from 8 values',
      metric.max(5).changesBy({ diff: step, priorWindow: 15, minSamples: 8 }),
      change(
        { metric: first, agg: 'max', window: 5, priorWindow: 15, minSamples: 8 },
        'absolute',
        (d) => Math.abs(d) >= step,
      ),
    ),
    watch(
      'min(8) moves by a fraction, against 2 before',
      metric.min(8).changesBy({ frac: fraction, priorWindow: 2 }),
      change({ metric: first, agg: 'min', window: 8, priorWindow: 2 }, 'relative', (d) => Math.abs(d) >= fraction),
    ),
    watch(
      'unusually high among 30',
      metric.zscore(30).gt(by(2.9)),
      zscore({ metric: first, window: 30 }, 'run', (z) => z >= by(2.9)),
    ),
    watch(
      'unusually low among 100, from 10',
      metric.zscore(100, { minSamples: 10 }).lt(by(-2.4)),
      zscore({ metric: first, window: 100, minSamples: 10 }, 'run', (z) => z <= by(-2.4)),
    ),
    watch(
      'unusual among 12',
      metric.zscore(12).abs().gte(by(3.1)),
      zscore({ metric: first, window: 12 }, 'run', (z) => Math.abs(z) >= by(3.1)),
    ),
    watch(
      'both: one average and another metric',
      metric
        .avg(5)
        .lt(a.near(0.4))
        .and(other.lte(b.logged(0.3))),
      and(
        threshold({ metric: first, agg: 'avg', window: 5 }, (x) => x < a.near(0.4)),
        threshold({ metric: second }, (x) => x <= b.logged(0.3)),
      ),
      [first, second],
    ),
    watch(
      'one of them, and not a third',
      allOf(oneOf(metric.gte(high), other.min(3).gt(b.near(0.9))), notSo(metric.avg(10).lt(a.near(0.5)))),
      and(
        or(
          threshold({ metric: first }, (x) => x >= high),
          threshold({ metric: second, agg: 'min', window: 3 }, (x) => x > b.near(0.9)),
        ),
        not(threshold({ metric: first, agg: 'avg', window: 10 }, (x) => x < a.near(0.5))),
      ),
      [first, second],
    ),
    watch(
      'none of them',
      noneOf(metric.gt(a.logged(0.05)), other.decreasesBy({ diff: 1e9 }), metric.isNotFinite()),
      not(
        or(
          threshold({ metric: first }, (x) => x > a.logged(0.05)),
          change({ metric: second }, 'absolute', (d) => -d >= 1e9),
          notFinite(first),
        ),
      ),
      [first, second],
    ),
    watch('not finite', metric.isNotFinite(), notFinite(first)),
    watch(
      'infinite, which is another number; NaN is none',
      metric.isNotFinite().and(metric.eq(low).not()),
      and(notFinite(first), not(threshold({ metric: first }, (x) => x === low))),
    ),
    {
      ...watch(
        'finished with a low average',
        runEvent.state.eq('finished').and(metric.avg(10).lte(a.near(0.4))),
        threshold({ metric: first, agg: 'avg', window: 10 }, (x) => x <= a.near(0.4)),
      ),
      on: 'run.state',
    },
    {
      ...watch(
        'finished unusually, or after a leap',
        runEvent.state.eq('finished').and(oneOf(metric.zscore(20).abs().gt(by(1.5)), other.changesBy({ frac: 0.01 }))),
        or(
          zscore({ metric: first, window: 20 }, 'run', (z) => Math.abs(z) >= by(1.5)),
          change({ metric: second }, 'relative', (d) => Math.abs(d) >= 0.01),
        ),
      ),
      on: 'run.state',
    },
  ];
}

/** A metric against the last values of other runs of its project. */
export function watchesOverProject(metric: string): Watch[] {
  const value = runEvent.metric(metric);
  const watch = (name: string, filter: Watch['filter'], holds: Watch['holds']): Watch => ({
    name,
    on: 'run.metrics',
    filter,
    metrics: [metric],
    holds,
  });
  return [
    watch(
      'above 4 other runs',
      value.zscore(4, { over: 'project' }).gt(by(1.9)),
      zscore({ metric, window: 4 }, 'project', (z) => z >= by(1.9)),
    ),
    watch(
      'below 10 other runs, from 3',
      value.zscore(10, { over: 'project', minSamples: 3 }).lt(by(-1.6)),
      zscore({ metric, window: 10, minSamples: 3 }, 'project', (z) => z <= by(-1.6)),
    ),
    watch(
      'apart from 2 other runs, while unusual in its own',
      value
        .zscore(2, { over: 'project' })
        .abs()
        .gt(by(3))
        .and(value.zscore(20).abs().gt(by(1.5))),
      and(
        zscore({ metric, window: 2 }, 'project', (z) => Math.abs(z) >= by(3)),
        zscore({ metric, window: 20 }, 'run', (z) => Math.abs(z) >= by(1.5)),
      ),
    ),
  ];
}
