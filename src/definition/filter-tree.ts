import type { RunState } from './event-type.js';
import type {
  ChangeConditionJson,
  ChangeFilter,
  Comparison,
  FieldOperator,
  FieldTestJson,
  Filter,
  FilterJson,
  FilterLeaf,
  FiniteFilter,
  MetricConditionJson,
  MetricLeaf,
  Scalar,
  ThresholdFilter,
  ZScoreConditionJson,
  ZScoreFilter,
} from './filter.js';

const comparisons = ['$gt', '$gte', '$lt', '$lte', '$eq', '$ne'] as const satisfies readonly Comparison[];

/**
 * Builds the tree of a filter that the schema has accepted.
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
      return [toMetricLeaf(value as MetricConditionJson)];
    case '$change':
      return [toChangeFilter(value as ChangeConditionJson)];
    case '$zscore':
      return [toZScoreFilter(value as ZScoreConditionJson)];
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

function toMetricLeaf(json: MetricConditionJson): ThresholdFilter | FiniteFilter {
  const { name, $finite } = json;
  if ($finite !== undefined) return { type: 'finite', name, isFinite: $finite };
  const comparison = comparisons.find((candidate) => json[candidate] !== undefined) ?? '$eq';
  const window = json.window ?? 1;
  return {
    type: 'threshold',
    name,
    aggregation: json.agg ?? 'none',
    window,
    minSamples: json.minSamples ?? window,
    comparison,
    threshold: json[comparison] ?? Number.NaN,
  };
}

function toChangeFilter(json: ChangeConditionJson): ChangeFilter {
  const { name, agg = 'none', window = 1, priorWindow = window, direction = 'any', kind, amount } = json;
  const minSamples = json.minSamples ?? window + priorWindow;
  return { type: 'change', name, aggregation: agg, window, priorWindow, minSamples, direction, kind, amount };
}

function toZScoreFilter(json: ZScoreConditionJson): ZScoreFilter {
  const { name, window = defaultZScoreWindow, threshold, direction = 'any', over = 'run' } = json;
  return { type: 'zscore', name, window, minSamples: json.minSamples ?? window, direction, over, threshold };
}

/** W&B's SDK takes 30 where it is told nothing. */
export const defaultZScoreWindow = 30;

/** Every leaf of a filter, in order. */
export function filterLeaves(filter: Filter): FilterLeaf[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(filterLeaves);
    case 'not':
      return filterLeaves(filter.filter);
    default:
      return [filter];
  }
}

/** Whether a leaf asks a metric. */
export function isMetricLeaf(leaf: FilterLeaf): leaf is MetricLeaf {
  return leaf.type !== 'field' && leaf.type !== 'state';
}
