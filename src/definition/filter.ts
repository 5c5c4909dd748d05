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
}

/** How the values of a window become one: the last (`none`), their mean, their smallest, their largest. */
export type Aggregation = 'none' | 'avg' | 'min' | 'max';

/** A comparison of a metric with a number; exactly one of the `$` keys. */
export interface MetricConditionJson {
  /** The metric's name: any text, never a path. */
  readonly name: string;
  /** How the values of the window become one. @default 'none' */
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
  /** The state, or one of the states, that a run has come into; for `run.state`. */
  readonly $state?: RunState | readonly RunState[];
  /** A field and what it must be. */
  readonly [field: string]:
    | FieldTestJson
    | Scalar
    | FilterJson
    | readonly FilterJson[]
    | MetricConditionJson
    | readonly RunState[]
    | undefined;
}

/** How a number is compared. */
export type Comparison = '$gt' | '$gte' | '$lt' | '$lte' | '$eq' | '$ne';

/** What a field can be asked. */
export type FieldOperator = keyof FieldTestJson;

/** A filter as a tree, which the compiler and `explain` walk. */
export type Filter = LogicFilter | NotFilter | FieldFilter | MetricFilter | StateFilter;

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

/** One question to one window of a metric. */
export interface MetricFilter {
  readonly type: 'metric';
  readonly name: string;
  readonly aggregation: Aggregation;
  readonly window: number;
  readonly minSamples: number;
  readonly comparison: Comparison;
  readonly threshold: number;
}

/** Whether a run has come into one of these states. */
export interface StateFilter {
  readonly type: 'state';
  readonly states: readonly RunState[];
}

const comparisons = ['$gt', '$gte', '$lt', '$lte', '$eq', '$ne'] as const satisfies readonly Comparison[];

/**
 * Builds the tree of a filter that {@link filterSchema} has accepted.
 *
 * @param json - The filter; left out, the tree that always holds.
 */
export function toFilter(json: FilterJson | undefined): Filter {
  const filters: Filter[] = [];
  for (const [key, value] of Object.entries(json ?? {})) {
    if (value !== undefined) filters.push(...toFilters(key, value));
  }
  return filters.length === 1 && filters[0] !== undefined ? filters[0] : { type: 'and', filters };
}

function toFilters(key: string, value: NonNullable<FilterJson[string]> | null): Filter[] {
  switch (key) {
    case '$and':
    case '$or': {
      const filters = (value as readonly FilterJson[]).map(toFilter);
      return [{ type: key === '$and' ? 'and' : 'or', filters }];
    }
    case '$nor':
      return [{ type: 'not', filter: { type: 'or', filters: (value as readonly FilterJson[]).map(toFilter) } }];
    case '$not':
      return [{ type: 'not', filter: toFilter(value as FilterJson) }];
    case '$metric':
      return [toMetricFilter(value as MetricConditionJson)];
    case '$state':
      return [{ type: 'state', states: [value].flat() as RunState[] }];
    default:
      return toFieldFilters(key, value as FieldTestJson | Scalar);
  }
}

function toFieldFilters(field: string, test: FieldTestJson | Scalar): Filter[] {
  if (typeof test !== 'object' || test === null) return [{ type: 'field', field, operator: '$eq', value: test }];
  return Object.entries(test).map(([operator, value]) => ({
    type: 'field',
    field,
    operator: operator as FieldOperator,
    value,
  }));
}

function toMetricFilter(json: MetricConditionJson): MetricFilter {
  const comparison = comparisons.find((candidate) => json[candidate] !== undefined) ?? '$eq';
  const window = json.window ?? 1;
  return {
    type: 'metric',
    name: json.name,
    aggregation: json.agg ?? 'none',
    window,
    minSamples: json.minSamples ?? window,
    comparison,
    threshold: json[comparison] ?? Number.NaN,
  };
}

/** Every leaf of a filter, in order. */
export function filterLeaves(filter: Filter): (FieldFilter | MetricFilter | StateFilter)[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(filterLeaves);
    case 'not':
      return filterLeaves(filter.filter);
    case 'field':
    case 'metric':
    case 'state':
      return [filter];
    default:
      return filter satisfies never;
  }
}
