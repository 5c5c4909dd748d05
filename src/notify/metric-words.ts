import type { Comparison, Direction, Filter, MetricLeaf } from '../definition/filter.js';
import { metricValueOf } from '../event/metric-values.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import { type FactValues, metricFact } from '../rule/fact.js';

/** A question that a filter asks a metric. */
export interface AskedMetric {
  readonly leaf: MetricLeaf;
  /** It stands under an odd number of `not`. */
  readonly negated: boolean;
}

/** Every question of a filter to a metric, in order. */
export function askedMetrics(filter: Filter, negated = false): AskedMetric[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.filters.flatMap((each) => askedMetrics(each, negated));
    case 'not':
      return askedMetrics(filter.filter, !negated);
    case 'field':
    case 'state':
      return [];
    default:
      return [{ leaf: filter, negated }];
  }
}

/** What is measured, as W&B writes it: `accuracy`, `avg(accuracy, 5)`, `zscore(loss, 30)`. */
export function measureWords(leaf: MetricLeaf): string {
  switch (leaf.type) {
    case 'threshold':
      return windowWords(leaf);
    case 'finite':
      return leaf.name;
    case 'change':
      return `change of ${windowWords(leaf)}`;
    case 'zscore':
      return `zscore(${leaf.name}, ${leaf.window}${leaf.over === 'project' ? ' runs' : ''})`;
    default:
      return leaf satisfies never;
  }
}

type Windowed = Extract<MetricLeaf, { type: 'threshold' | 'change' }>;

/** A window of a metric: `accuracy`, `avg(accuracy, 5)`. */
export function windowWords({ name, aggregation, window }: Windowed): string {
  return aggregation === 'none' ? name : `${aggregation}(${name}, ${window})`;
}

/** What the measure must be: `< 0.85`, `≥ 10 %`, `not finite`. */
export function boundWords({ leaf, negated }: AskedMetric): string {
  switch (leaf.type) {
    case 'threshold':
      return `${comparisonWords[leaf.comparison][negated ? 1 : 0]} ${leaf.threshold}`;
    case 'finite':
      return finiteWords(leaf.isFinite !== negated);
    case 'change':
      return directionWords(leaf.direction, amountWords(leaf), negated);
    case 'zscore':
      return directionWords(leaf.direction, formatNumber(leaf.threshold), negated);
    default:
      return leaf satisfies never;
  }
}

/** How each comparison reads, as it stands and negated. */
const comparisonWords: Readonly<Record<Comparison, readonly [string, string]>> = {
  $gt: ['>', '≤'],
  $gte: ['≥', '<'],
  $lt: ['<', '≥'],
  $lte: ['≤', '>'],
  $eq: ['=', '≠'],
  $ne: ['≠', '='],
};

function directionWords(direction: Direction, amount: string, negated: boolean): string {
  switch (direction) {
    case 'increase':
      return negated ? `< ${amount}` : `≥ ${amount}`;
    case 'decrease':
      return negated ? `> -${amount}` : `≤ -${amount}`;
    case 'any':
      return negated ? `less than ±${amount}` : `at least ±${amount}`;
    default:
      return direction satisfies never;
  }
}

/** By how much a metric must change: `0.1`, or `10 %` where the change is relative. */
export function amountWords({ kind, amount }: Extract<MetricLeaf, { type: 'change' }>): string {
  return kind === 'relative' ? `${formatNumber(amount * 100)} %` : formatNumber(amount);
}

export function finiteWords(finite: boolean): string {
  return finite ? 'finite' : 'not finite';
}

/** What the measure is, with its sign and unit: `0.83`, `+12.3 %`, `NaN`. */
export function readingWords(leaf: MetricLeaf, facts: FactValues, event: ParsedEvent): string {
  const value = facts[metricFact(leaf).id];
  if (leaf.type !== 'change' || typeof value !== 'number') return valueText(leaf, facts, event);
  const shown = leaf.kind === 'relative' ? `${formatNumber(value * 100)} %` : formatNumber(value);
  return value > 0 ? `+${shown}` : shown;
}

/** What the measure is, as a bare number where it is one: `0.83`, `0.123`, `NaN`. */
export function valueText(leaf: MetricLeaf, facts: FactValues, event: ParsedEvent): string {
  const value = facts[metricFact(leaf).id];
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value !== 'boolean') return 'no value';
  // The fact says only whether it is finite; the value itself stands in the event that carries it.
  const logged = event.type === 'run.metrics' ? metricValueOf(event.metrics, leaf.name) : undefined;
  return logged === undefined ? finiteWords(value) : formatNumber(logged);
}

/** Six significant digits are what a person reads. */
function formatNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
