import type { ChangeConditionJson, Direction, FilterJson, MetricConditionJson, ZScoreConditionJson } from 'tocsin';

/** Kleene's three values; `undefined` is "can't be told". */
export type Truth = boolean | undefined;

/** The values of facts by their ids, as a rule asks for them. */
export type Facts = Readonly<Record<string, unknown>>;

/** An independent reading of a filter's JSON, straight from its definition: slow, plain, three-valued. */
export function judge(filter: FilterJson, facts: Facts): Truth {
  return all(Object.entries(filter).map(([key, value]) => judgeKey(key, value, facts)));
}

function judgeKey(key: string, value: unknown, facts: Facts): Truth {
  const each = (): Truth[] => (value as FilterJson[]).map((filter) => judge(filter, facts));
  if (key === '$and') return all(each());
  if (key === '$or') return any(each());
  if (key === '$nor') return not(any(each()));
  if (key === '$not') return not(judge(value as FilterJson, facts));
  if (key === '$metric') return judgeMetric(value as MetricConditionJson, facts);
  if (key === '$change') return judgeChange(value as ChangeConditionJson, facts);
  if (key === '$zscore') return judgeZScore(value as ZScoreConditionJson, facts);
  if (key === '$state') return [value].flat().some((state) => (facts['state'] as unknown[]).includes(state));
  return judgeField(facts[`field:${key}`], value);
}

export function all(truths: readonly Truth[]): Truth {
  if (truths.some((truth) => truth === false)) return false;
  return truths.every((truth) => truth === true) ? true : undefined;
}

function any(truths: readonly Truth[]): Truth {
  if (truths.some((truth) => truth === true)) return true;
  return truths.every((truth) => truth === false) ? false : undefined;
}

function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

/** The id of a metric condition's fact, as the documentation of rules writes it. */
export function metricFactId(condition: MetricConditionJson): string {
  const { name, agg = 'none', window = 1, minSamples = window, $finite } = condition;
  if ($finite !== undefined) return `metric:finite:${name}`;
  if (agg === 'none') return `metric:last:${name}`;
  return `metric:${agg}:${window}${minSamples === window ? '' : `/${minSamples}`}:${name}`;
}

/** The id of a change's fact, as the documentation of rules writes it. */
export function changeFactId(condition: ChangeConditionJson): string {
  const { name, kind, agg = 'none', window = 1, priorWindow = window } = condition;
  const { minSamples = window + priorWindow } = condition;
  const windows = agg === 'none' ? 'last:1' : `${agg}:${window}:${priorWindow}`;
  return `metric:change:${kind}:${windows}${minSamples === window + priorWindow ? '' : `/${minSamples}`}:${name}`;
}

/** The id of a z-score's fact, as the documentation of rules writes it. */
export function zscoreFactId({ name, over = 'run', window = 30, minSamples = window }: ZScoreConditionJson): string {
  return `metric:zscore:${over}:${window}${minSamples === window ? '' : `/${minSamples}`}:${name}`;
}

function judgeChange(condition: ChangeConditionJson, facts: Facts): Truth {
  return judgeMove(facts[changeFactId(condition)], condition.direction, condition.amount);
}

function judgeZScore(condition: ZScoreConditionJson, facts: Facts): Truth {
  return judgeMove(facts[zscoreFactId(condition)], condition.direction, condition.threshold);
}

function judgeMove(value: unknown, direction: Direction = 'any', amount: number): Truth {
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
  if (direction === 'increase') return value >= amount;
  if (direction === 'decrease') return -value >= amount;
  return value >= amount || -value >= amount;
}

function judgeMetric(condition: MetricConditionJson, facts: Facts): Truth {
  const value = facts[metricFactId(condition)];
  if (condition.$finite !== undefined) return typeof value === 'boolean' ? value === condition.$finite : undefined;
  if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
  const { $gt, $gte, $lt, $lte, $eq, $ne } = condition;
  if ($gt !== undefined) return value > $gt;
  if ($gte !== undefined) return value >= $gte;
  if ($lt !== undefined) return value < $lt;
  if ($lte !== undefined) return value <= $lte;
  return $eq !== undefined ? value === $eq : value !== $ne;
}

function judgeField(fact: unknown, test: unknown): boolean {
  if (typeof test !== 'object' || test === null) return judgeField(fact, { $eq: test });
  const elements: unknown[] = fact === undefined ? [] : Array.isArray(fact) ? fact : [fact];
  return Object.entries(test).every(([operator, value]) =>
    operator === '$size'
      ? Array.isArray(fact) && fact.length === value
      : ask(operator, value, elements, fact !== undefined),
  );
}

function ask(operator: string, value: unknown, elements: unknown[], exists: boolean): boolean {
  const ordered = (compare: (left: number | string, right: number | string) => boolean): boolean =>
    elements.some((left) => {
      if (typeof left === 'number' && typeof value === 'number') return compare(left, value);
      return typeof left === 'string' && typeof value === 'string' && compare(left, value);
    });
  const search = (found: (text: string, wanted: string) => boolean): boolean =>
    elements.some((text) => typeof text === 'string' && found(text, value as string));
  switch (operator) {
    case '$eq':
      return elements.some((element) => element === value);
    case '$ne':
      return elements.every((element) => element !== value);
    case '$in':
      return (value as unknown[]).some((wanted) => elements.some((element) => element === wanted));
    case '$nin':
      return (value as unknown[]).every((unwanted) => elements.every((element) => element !== unwanted));
    case '$gt':
      return ordered((left, right) => left > right);
    case '$gte':
      return ordered((left, right) => left >= right);
    case '$lt':
      return ordered((left, right) => left < right);
    case '$lte':
      return ordered((left, right) => left <= right);
    case '$exists':
      return exists === value;
    case '$regex':
      return search((text, pattern) => new RegExp(pattern).test(text));
    case '$contains':
      return search((text, part) => text.includes(part));
    case '$all':
      return (value as unknown[]).length > 0 && (value as unknown[]).every((wanted) => elements.includes(wanted));
    default:
      throw new Error(`No such operator: ${operator}`);
  }
}
