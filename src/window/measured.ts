import type { Aggregation } from '../definition/filter.js';
import type { Measure } from '../rule/fact.js';
import { type Spread, zscoreOf } from './spread.js';

/** What a metric is measured from. Each function is asked for once, and called only when there are values enough. */
export interface MeasureSource {
  /** How many values are there. */
  count(): number;
  /** The aggregate of the last `window` values but for the last `lag` ones; NaN where it can't be told. */
  aggregate(aggregation: Aggregation, window: number, lag: number): () => number;
  /** The spread of the last `window` values but for the last `lag` ones. */
  spread(window: number, lag: number): () => Spread;
  /** How many other runs of the project have logged the metric, at most `window`. */
  otherCount(window: number): () => number;
  /** The spread of the last values of those of them that logged it most recently. */
  otherSpread(window: number): () => Spread;
}

/** A measure that can be read. */
export interface MeasureReader {
  /** How many values, or with a z-score over a project how many other runs, it needs. */
  readonly samplesNeeded: number;
  /** How many of them are there, at most as many as it looks at. */
  samples(): number;
  /** `undefined` while it can't be told. */
  value(): number | boolean | undefined;
}

/** What a measure says, and from how much. */
export interface Measured {
  /** `undefined` when it can't be told. */
  readonly value: number | boolean | undefined;
  /** How many logged values, or with a z-score over a project how many other runs, there are to look at. */
  readonly samples: number;
  /** With fewer the value can't be told. With as many it still can't when one of them is NaN. */
  readonly samplesNeeded: number;
}

/** How many of a run's last values a measure looks at. */
export function valuesNeeded(measure: Measure): number {
  switch (measure.type) {
    case 'aggregate':
      return measure.window;
    case 'finiteness':
      return 1;
    case 'change':
      return measure.window + measure.priorWindow;
    case 'zscore':
      return measure.over === 'run' ? measure.window + 1 : 1;
    default:
      return measure satisfies never;
  }
}

/** Binds a measure to what it is measured from. */
export function bindMeasure(measure: Measure, source: MeasureSource): MeasureReader {
  switch (measure.type) {
    case 'aggregate': {
      const value = source.aggregate(measure.aggregation, measure.window, 0);
      return reader(measure.minSamples, () => Math.min(source.count(), measure.window), value, source.count);
    }
    case 'finiteness': {
      const last = source.aggregate('none', 1, 0);
      return reader(
        1,
        () => Math.min(source.count(), 1),
        () => Number.isFinite(last()),
      );
    }
    case 'change': {
      const { kind, aggregation, window, priorWindow, minSamples } = measure;
      const current = source.aggregate(aggregation, window, 0);
      const prior = source.aggregate(aggregation, priorWindow, window);
      // The current window is filled first, and the prior one needs a value.
      return reader(
        Math.max(minSamples, window + 1),
        () => Math.min(source.count(), window + priorWindow),
        () => changeOf(kind, current(), prior()),
      );
    }
    case 'zscore': {
      const { over, window, minSamples } = measure;
      const last = source.aggregate('none', 1, 0);
      if (over === 'run') {
        const before = source.spread(window, 1);
        return reader(
          minSamples,
          () => Math.min(Math.max(source.count() - 1, 0), window),
          () => zscoreOf(last(), before()),
        );
      }
      const others = source.otherSpread(window);
      return reader(minSamples, source.otherCount(window), () => zscoreOf(last(), others()));
    }
    default:
      return measure satisfies never;
  }
}

/** Reads everything of a measure at once. */
export function readAll({ samplesNeeded, samples, value }: MeasureReader): Measured {
  return { value: value(), samples: samples(), samplesNeeded };
}

/** @param countNeeded - How many values have to be there; with fewer the samples are too few. */
function reader(
  samplesNeeded: number,
  samples: () => number,
  read: () => number | boolean | undefined,
  count = samples,
  countNeeded = samplesNeeded,
): MeasureReader {
  return {
    samplesNeeded,
    samples,
    value() {
      if (count() < countNeeded) return undefined;
      const value = read();
      return Number.isNaN(value) ? undefined : value;
    },
  };
}

function changeOf(kind: 'absolute' | 'relative', current: number, prior: number): number | undefined {
  const change = current - prior;
  if (kind === 'absolute') return change;
  return prior === 0 ? undefined : change / Math.abs(prior);
}
