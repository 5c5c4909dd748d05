import type { RunState } from './event-type.js';

/** A single value that a field can be compared with. */
export type Scalar = string | number | boolean | null;

/** How a field is compared. Values are never converted: `"5"` is not `5`. */
export interface FieldTestJson {
  /** Exactly this value. */
  readonly $eq?: Scalar;
  /** Not the value, or no such field. */
  readonly $ne?: Scalar;
  /** Above the value; numbers and texts only, and values of different types have no order. */
  readonly $gt?: Scalar;
  /** At or above the value. */
  readonly $gte?: Scalar;
  /** Below the value. */
  readonly $lt?: Scalar;
  /** At or below the value. */
  readonly $lte?: Scalar;
  /** One of the values; an empty list does not hold. */
  readonly $in?: readonly Scalar[];
  /** None of the values, or no such field. */
  readonly $nin?: readonly Scalar[];
  /** There is such a field; with `false`, there is none. */
  readonly $exists?: boolean;
  /** RE2, unanchored, case-sensitive; `(?i)` for the rest. */
  readonly $regex?: string;
  /** A substring. */
  readonly $contains?: string;
  /** A list of exactly so many elements, from 0. */
  readonly $size?: number;
  /** A list, or a single value, that has all of these; an empty list does not hold. */
  readonly $all?: readonly Scalar[];
}

/** How the values of a window become one: the last (`none`), their mean, their smallest, their largest. */
export type Aggregation = 'none' | 'avg' | 'min' | 'max';

/** Which way a metric moves. */
export type Direction = 'increase' | 'decrease' | 'any';

/** A comparison of a metric with a number, or whether it is finite; exactly one of the `$` keys. */
export interface MetricConditionJson {
  /** The metric's name: any text, never a path. */
  readonly name: string;
  /** How the values of the window become one; `mean` and `average` are read as `avg`. @default 'none' */
  readonly agg?: Aggregation;
  /** Over how many logged values, 1 to 100,000; an aggregation needs it, `none` allows only 1. */
  readonly window?: number;
  /** With fewer values the condition is indeterminate. 1 to the window. @default the window */
  readonly minSamples?: number;
  /** Above the number. */
  readonly $gt?: number;
  /** At or above the number. */
  readonly $gte?: number;
  /** Below the number. */
  readonly $lt?: number;
  /** At or below the number. */
  readonly $lte?: number;
  /** Exactly this number. */
  readonly $eq?: number;
  /** Any other number. */
  readonly $ne?: number;
  /** With `false`: the last logged value is NaN or infinite; with `true`: it is neither. Takes no window. */
  readonly $finite?: boolean;
}

/**
 * How far a metric has moved: the aggregate of its last `window` values against that of the `priorWindow` values before
 * those. The two windows are adjacent and don't overlap.
 */
export interface ChangeConditionJson {
  /** The metric's name: any text, never a path. */
  readonly name: string;
  /** How the values of each window become one; `mean` and `average` are read as `avg`. @default 'none' */
  readonly agg?: Aggregation;
  /** Over how many logged values, 1 to 100,000; an aggregation needs it, `none` allows only 1. */
  readonly window?: number;
  /** Over how many logged values before those, 1 to 100,000; `none` allows only 1. @default the window */
  readonly priorWindow?: number;
  /**
   * With fewer values in both windows together the condition is indeterminate; it always is without any in the prior one.
   * 1 to both windows.
   *
   * @default both windows
   */
  readonly minSamples?: number;
  /** Which way. @default 'any' */
  readonly direction?: Direction;
  /** `absolute`: current − prior. `relative`: that, divided by the absolute value of prior; indeterminate for a prior of 0. */
  readonly kind: 'absolute' | 'relative';
  /** By at least how much; above 0. A `relative` one is a fraction: 0.1 is 10 %. */
  readonly amount: number;
}

/** How unusual a metric's last value is, in standard deviations from a mean. */
export interface ZScoreConditionJson {
  /** The metric's name: any text, never a path. */
  readonly name: string;
  /**
   * Over `run`: how many logged values before the last. Over `project`: how many of the project's other runs, those that
   * logged the metric most recently. 2 to 100,000, over `project` to 1,000. @default 30
   */
  readonly window?: number;
  /** At least so many standard deviations; above 0. */
  readonly threshold: number;
  /** Which way. @default 'any' */
  readonly direction?: Direction;
  /** What the last value is compared with: the run's own values before it, or other runs of its project. @default 'run' */
  readonly over?: 'run' | 'project';
  /** With fewer values, or runs, the condition is indeterminate. 2 to the window. @default the window */
  readonly minSamples?: number;
}

/**
 * A filter as JSON. Several keys in one object must all hold.
 *
 * Types cannot catch a misspelt operator here; the builders can, and `parseAutomation` names it.
 */
export interface FilterJson {
  /** All must hold; an empty list holds. */
  readonly $and?: readonly FilterJson[];
  /** One must hold; an empty list does not. */
  readonly $or?: readonly FilterJson[];
  /** None may hold. */
  readonly $nor?: readonly FilterJson[];
  /** It must surely not hold: what is indeterminate stays so. */
  readonly $not?: FilterJson;
  /** What a metric must be; for `run.metrics` and `run.state`. */
  readonly $metric?: MetricConditionJson;
  /** How far a metric has moved; for `run.metrics` and `run.state`. */
  readonly $change?: ChangeConditionJson;
  /** How unusual a metric's last value is; for `run.metrics` and `run.state`. */
  readonly $zscore?: ZScoreConditionJson;
  /** The state, or one of the states, that a run has come into; for `run.state`. */
  readonly $state?: RunState | readonly RunState[];
  /** A field and what it must be. */
  readonly [field: string]:
    | FieldTestJson
    | Scalar
    | FilterJson
    | readonly FilterJson[]
    | MetricConditionJson
    | ChangeConditionJson
    | ZScoreConditionJson
    | readonly RunState[]
    | undefined;
}

/** How a number is compared. */
export type Comparison = '$gt' | '$gte' | '$lt' | '$lte' | '$eq' | '$ne';

/** What a field can be asked. */
export type FieldOperator = keyof FieldTestJson;

/** A filter as a tree, which the compiler and `explain` walk. */
export type Filter = LogicFilter | NotFilter | FilterLeaf;

/** One question of a filter. */
export type FilterLeaf = FieldFilter | MetricLeaf | StateFilter;

/** One question to a metric. */
export type MetricLeaf = ThresholdFilter | FiniteFilter | ChangeFilter | ZScoreFilter;

/** All or one of several filters. */
interface LogicFilter {
  readonly type: 'and' | 'or';
  readonly filters: readonly Filter[];
}

/** The contrary of a filter. */
interface NotFilter {
  readonly type: 'not';
  readonly filter: Filter;
}

/** One question to one field. */
export interface FieldFilter {
  readonly type: 'field';
  readonly field: string;
  readonly operator: FieldOperator;
  readonly value: Scalar | readonly Scalar[];
}

/** How a window of a metric compares with a number. */
export interface ThresholdFilter {
  readonly type: 'threshold';
  readonly name: string;
  readonly aggregation: Aggregation;
  readonly window: number;
  readonly minSamples: number;
  readonly comparison: Comparison;
  readonly threshold: number;
}

/** Whether the last value of a metric is finite. */
export interface FiniteFilter {
  readonly type: 'finite';
  readonly name: string;
  readonly isFinite: boolean;
}

/** How far a metric has moved. */
export interface ChangeFilter {
  readonly type: 'change';
  readonly name: string;
  readonly aggregation: Aggregation;
  readonly window: number;
  readonly priorWindow: number;
  readonly minSamples: number;
  readonly direction: Direction;
  readonly kind: 'absolute' | 'relative';
  readonly amount: number;
}

/** How unusual the last value of a metric is. */
export interface ZScoreFilter {
  readonly type: 'zscore';
  readonly name: string;
  readonly window: number;
  readonly minSamples: number;
  readonly direction: Direction;
  readonly over: 'run' | 'project';
  readonly threshold: number;
}

/** Whether a run has come into one of these states. */
interface StateFilter {
  readonly type: 'state';
  readonly states: readonly RunState[];
}
