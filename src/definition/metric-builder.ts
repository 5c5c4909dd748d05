import type { Aggregation, ChangeConditionJson, Comparison, Direction } from './filter.js';
import { expression, type FilterExpression } from './filter-builders.js';

/** What can be asked of a window of a metric. */
export interface ThresholdBuilder {
  /** Above the number. */
  gt(value: number): FilterExpression;
  /** At or above the number. */
  gte(value: number): FilterExpression;
  /** Below the number. */
  lt(value: number): FilterExpression;
  /** At or below the number. */
  lte(value: number): FilterExpression;
  /** Exactly this number. */
  eq(value: number): FilterExpression;
  /** Any other number. */
  ne(value: number): FilterExpression;
}

/** By how much a metric has to move, either as a number or as a fraction, and against what. */
export type ChangeOptions = (
  | {
      /** At least so much, above 0. */
      readonly diff: number;
      readonly frac?: undefined;
    }
  | {
      readonly diff?: undefined;
      /** At least this fraction of the prior value, above 0: 0.1 is 10 %. */
      readonly frac: number;
    }
) & {
  /** Over how many logged values before the window, 1 to 100,000; only with an aggregation. @default the window */
  readonly priorWindow?: number | undefined;
  /** With fewer values in both windows together it is indeterminate. 1 to both windows. @default both windows */
  readonly minSamples?: number | undefined;
};

/** What can be asked of a window of a metric, or of two adjacent ones. */
export interface WindowBuilder extends ThresholdBuilder {
  /** Up or down by at least so much, against the values before the window. */
  changesBy(change: ChangeOptions): FilterExpression;
  /** Up by at least so much. */
  increasesBy(change: ChangeOptions): FilterExpression;
  /** Down by at least so much. */
  decreasesBy(change: ChangeOptions): FilterExpression;
}

/** How a window may be short of values. */
export interface WindowOptions {
  /** With fewer values the condition is indeterminate, and does not fire. 1 to the window. @default the window */
  readonly minSamples: number;
}

/** An aggregation of the last `window` logged values (1 to 100,000). */
export interface AggregateBuilder {
  /** Over the last `window` values, as soon as they are all there. */
  (window: number): WindowBuilder;
  /** Over the last `window` values, as soon as some are there; a change says how many it needs by itself. */
  (window: number, options: WindowOptions): ThresholdBuilder;
}

/** How a z-score is made. */
export interface ZScoreOptions {
  /** The run's own values before the last, or the last values of other runs of its project. @default 'run' */
  readonly over?: 'run' | 'project' | undefined;
  /** With fewer values, or runs, it is indeterminate. 2 to the window. @default the window */
  readonly minSamples?: number | undefined;
}

/** What can be asked of a z-score, its sign aside. Both are inclusive, as W&B's are. */
export interface MagnitudeBuilder {
  /** At least so many standard deviations away, above 0. */
  gt(threshold: number): FilterExpression;
  /** The same as `gt`. */
  gte(threshold: number): FilterExpression;
}

/** What can be asked of a z-score. All are inclusive, as W&B's are. */
export interface ZScoreBuilder extends MagnitudeBuilder {
  /** At least so many standard deviations below; a number below 0. */
  lt(threshold: number): FilterExpression;
  /** The same as `lt`. */
  lte(threshold: number): FilterExpression;
  /** Above or below. */
  abs(): MagnitudeBuilder;
}

/** What can be asked of a metric: its last value, an aggregate of its last values, how it moves, how unusual it is. */
export interface MetricBuilder extends WindowBuilder {
  /** The mean of the last values. */
  readonly avg: AggregateBuilder;
  /** Another name of `avg`. */
  readonly mean: AggregateBuilder;
  /** The smallest of the last values. */
  readonly min: AggregateBuilder;
  /** The largest of the last values. */
  readonly max: AggregateBuilder;
  /**
   * How many standard deviations the last value is from a mean.
   *
   * @param window - Of how many values before it, or other runs; 2 to 100,000, runs to 1,000. @default 30
   * @param options - Of what.
   */
  zscore(window?: number, options?: ZScoreOptions): ZScoreBuilder;
  /** The last value is neither NaN nor infinite. */
  isFinite(): FilterExpression;
  /** The last value is NaN or infinite: the training has diverged. */
  isNotFinite(): FilterExpression;
}

interface WindowSpec extends Partial<WindowOptions> {
  readonly name: string;
  readonly agg?: Aggregation;
  readonly window?: number;
}

function thresholdOf(spec: WindowSpec): ThresholdBuilder {
  const compare = (comparison: Comparison, value: number): FilterExpression =>
    expression({ $metric: { ...spec, [comparison]: value } });
  return {
    gt: (value) => compare('$gt', value),
    gte: (value) => compare('$gte', value),
    lt: (value) => compare('$lt', value),
    lte: (value) => compare('$lte', value),
    eq: (value) => compare('$eq', value),
    ne: (value) => compare('$ne', value),
  };
}

function windowOf(spec: WindowSpec): WindowBuilder {
  const change = (direction: Direction, options: ChangeOptions): FilterExpression => {
    const { diff: _, frac: __, ...rest }: Partial<ChangeOptions> = typeof options === 'object' ? { ...options } : {};
    return expression({ $change: { ...spec, ...definedOf(rest), direction, ...amountOf(options) } });
  };
  return {
    ...thresholdOf(spec),
    changesBy: (options) => change('any', options),
    increasesBy: (options) => change('increase', options),
    decreasesBy: (options) => change('decrease', options),
  };
}

/** Types see to one of the two. Without types `kind` says what was given instead, and parsing says what was expected. */
function amountOf(given: unknown): Pick<ChangeConditionJson, 'kind' | 'amount'> {
  if (typeof given !== 'object' && given !== undefined) return { kind: [given] as never, amount: 1 };
  const { diff, frac }: { readonly diff?: number; readonly frac?: number } = { ...given };
  if (diff !== undefined && frac === undefined) return { kind: 'absolute', amount: diff };
  if (frac !== undefined && diff === undefined) return { kind: 'relative', amount: frac };
  const named = frac === undefined ? [] : ['diff', 'frac'];
  return { kind: named as never, amount: 1 };
}

function zscoreOf(name: string, window: number | undefined, options: ZScoreOptions): ZScoreBuilder {
  const spec = definedOf({ window, ...options });
  const test = (direction: Direction, threshold: number): FilterExpression =>
    expression({ $zscore: { name, ...spec, direction, threshold } });
  const up = (threshold: number): FilterExpression => test('increase', threshold);
  const down = (threshold: number): FilterExpression =>
    test('decrease', typeof threshold === 'number' ? -threshold : threshold);
  const any = (threshold: number): FilterExpression => test('any', threshold);
  return Object.freeze({
    gt: up,
    gte: up,
    lt: down,
    lte: down,
    abs: () => Object.freeze({ gt: any, gte: any }),
  });
}

function definedOf<Values extends object>(values: Values): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values & object;
}

/**
 * What can be asked of a metric.
 *
 * @param name - Its name: any text, slashes and dots included.
 */
export function metric(name: string): MetricBuilder {
  const aggregate =
    (agg: Aggregation): AggregateBuilder =>
    (window: number, options?: WindowOptions) =>
      Object.freeze(windowOf({ name, agg, window, ...options }));
  return Object.freeze({
    ...windowOf({ name }),
    avg: aggregate('avg'),
    mean: aggregate('avg'),
    min: aggregate('min'),
    max: aggregate('max'),
    zscore: (window?: number, options: ZScoreOptions = {}) => zscoreOf(name, window, options),
    isFinite: () => expression({ $metric: { name, $finite: true } }),
    isNotFinite: () => expression({ $metric: { name, $finite: false } }),
  });
}
