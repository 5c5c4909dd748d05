import type { FieldFilter, FieldOperator, Filter, MetricLeaf } from '../definition/filter.js';
import { type AskedMetric, amountWords, boundWords, finiteWords, measureWords, windowWords } from './metric-words.js';

/** Writes a filter in words: `accuracy > 0.95 and loss < 0.1`. */
export function filterWords(filter: Filter): string {
  switch (filter.type) {
    case 'and':
    case 'or': {
      const { type, filters } = filter;
      if (filters.length === 0) return type === 'and' ? 'always' : 'never';
      if (filters.length === 1 && filters[0] !== undefined) return filterWords(filters[0]);
      return filters.map(partWords).join(` ${type} `);
    }
    case 'not':
      return `not (${filterWords(filter.filter)})`;
    case 'field':
      return fieldWords(filter);
    case 'state':
      return `state is ${filter.states.join(' or ')}`;
    default:
      return metricWords({ leaf: filter, negated: false });
  }
}

/** A part of several, in parentheses where it is several itself. */
function partWords(filter: Filter): string {
  const isSeveral = (filter.type === 'and' || filter.type === 'or') && filter.filters.length > 1;
  return isSeveral ? `(${filterWords(filter)})` : filterWords(filter);
}

/** Writes a question to a metric in words: `avg(accuracy, 5) < 0.85`. */
export function metricWords(asked: AskedMetric): string {
  const { leaf, negated } = asked;
  switch (leaf.type) {
    case 'threshold':
      return `${measureWords(leaf)} ${boundWords(asked)}`;
    case 'finite':
      return `${leaf.name} is ${finiteWords(leaf.isFinite !== negated)}`;
    case 'change':
      return changeWords(leaf, negated);
    case 'zscore':
      return leaf.direction === 'any'
        ? `|${measureWords(leaf)}| ${negated ? '<' : '≥'} ${leaf.threshold}`
        : `${measureWords(leaf)} ${boundWords(asked)}`;
    default:
      return leaf satisfies never;
  }
}

const changeVerbs = { increase: 'increase', decrease: 'decrease', any: 'change' } as const;

function changeWords(leaf: Extract<MetricLeaf, { type: 'change' }>, negated: boolean): string {
  const verb = changeVerbs[leaf.direction];
  const before = leaf.priorWindow === 1 ? 'the value before' : `the ${leaf.priorWindow} values before`;
  return `${windowWords(leaf)} ${negated ? `does not ${verb}` : `${verb}s`} by at least ${amountWords(leaf)} against ${before}`;
}

const operatorWords: Readonly<Record<FieldOperator, string>> = {
  $eq: '=',
  $ne: '≠',
  $gt: '>',
  $gte: '≥',
  $lt: '<',
  $lte: '≤',
  $in: 'is one of',
  $nin: 'is none of',
  $exists: 'exists',
  $regex: 'matches',
  $contains: 'contains',
  $size: 'has a size of',
  $all: 'has all of',
};

function fieldWords({ field, operator, value }: FieldFilter): string {
  if (operator === '$exists') return value === false ? `${field} does not exist` : `${field} exists`;
  return `${field} ${operatorWords[operator]} ${JSON.stringify(value)}`;
}
