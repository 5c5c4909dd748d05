import fc from 'fast-check';
import type { ChangeConditionJson, FilterJson, MetricConditionJson, ZScoreConditionJson } from 'tocsin';
import { changeFactId, metricFactId, zscoreFactId } from './kleene.js';

/** Names that mean something to JavaScript, to JSONPath, to our fact ids or to nobody. */
const oddNames = [
  'toString',
  'hasOwnProperty',
  'valueOf',
  '$.x',
  'a.b',
  'last:a',
  'min-samples=3:a',
  '5/3:a',
  '💥',
  ' ',
];

const fieldName = fc.constantFrom('name', 'tag', 'config.lr', 'toString', 'hasOwnProperty', 'a.b', 'length', '');
const metricName = fc.constantFrom('a', 'val/loss', 'constructor', '__proto__', ...oddNames);
/** Texts of fields; some mean something to JavaScript. */
export const texts = ['', 'a', 'b', 'prod-1', '5', 'null', 'true', 'NaN', 'constructor', '__proto__', 'toString'];
const number = fc.constantFrom(0, 1, 5, -1, 0.5, 1e300, -1e-300);
/** What a field of an event, or a filter's value for it, may be. */
export const scalar = fc.oneof(fc.constantFrom(...texts), number, fc.boolean(), fc.constant(null));
/** These mean the same to RE2 and to JavaScript. */
export const pattern = fc.constantFrom('', '^prod-', 'a', '[0-9]$', 'o|u', '^$', 'x{2,3}');
const scalars = fc.array(scalar, { maxLength: 3 });

const fieldTest = fc.oneof(
  scalar,
  fc.record({ $eq: scalar }),
  fc.record({ $ne: scalar }),
  fc.record({ $in: scalars }),
  fc.record({ $nin: scalars }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $regex: pattern }),
  fc.record({ $contains: fc.constantFrom(...texts) }),
  fc.record({ $size: fc.nat({ max: 3 }) }),
  fc.record({ $all: scalars }),
  fc.record({ $gt: scalar, $lte: scalar }, { requiredKeys: ['$gt'] }),
  fc.record({ $gte: scalar, $lt: scalar }, { requiredKeys: ['$lt'] }),
);

const comparison = fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$eq', '$ne');

const metricCondition: fc.Arbitrary<MetricConditionJson> = fc
  .record({
    name: metricName,
    agg: fc.constantFrom('none', 'avg', 'min', 'max'),
    window: fc.constantFrom(1, 3, 5),
    fewer: fc.boolean(),
    comparison,
    threshold: number,
  })
  .map(({ name, agg, window, fewer, comparison: key, threshold }) => {
    if (agg === 'none') return { name, [key]: threshold };
    const minSamples = fewer ? { minSamples: Math.ceil(window / 2) } : {};
    return { name, agg, window, ...minSamples, [key]: threshold } as MetricConditionJson;
  });

const finiteCondition = fc.record({ name: metricName, $finite: fc.boolean() });

const direction = fc.constantFrom('increase', 'decrease', 'any', undefined);
const amount = fc.constantFrom(0.5, 1, 5, 1e-300);

const changeCondition: fc.Arbitrary<ChangeConditionJson> = fc
  .record({
    name: metricName,
    agg: fc.constantFrom('none', 'avg', 'min', 'max'),
    window: fc.constantFrom(1, 3),
    priorWindow: fc.constantFrom(undefined, 1, 5),
    fewer: fc.boolean(),
    direction,
    kind: fc.constantFrom('absolute', 'relative'),
    amount,
  })
  .map(({ agg, window, priorWindow, fewer, direction, ...rest }) => ({
    ...rest,
    ...(direction === undefined ? {} : { direction }),
    ...(agg === 'none' ? {} : { agg, window, ...(priorWindow === undefined ? {} : { priorWindow }) }),
    ...(agg !== 'none' && fewer ? { minSamples: window + 1 } : {}),
  }));

const zscoreCondition: fc.Arbitrary<ZScoreConditionJson> = fc
  .record({
    name: metricName,
    window: fc.constantFrom(undefined, 2, 5),
    fewer: fc.boolean(),
    over: fc.constantFrom(undefined, 'run', 'project'),
    direction,
    threshold: amount,
  })
  .map(({ name, window, fewer, over, direction, threshold }) => ({
    name,
    threshold,
    ...(window === undefined ? {} : { window }),
    ...(fewer ? { minSamples: 2 } : {}),
    ...(over === undefined ? {} : { over }),
    ...(direction === undefined ? {} : { direction }),
  }));

const metricQuestion = fc.oneof(
  { weight: 3, arbitrary: metricCondition.map(($metric): FilterJson => ({ $metric })) },
  finiteCondition.map(($metric): FilterJson => ({ $metric })),
  changeCondition.map(($change): FilterJson => ({ $change })),
  zscoreCondition.map(($zscore): FilterJson => ({ $zscore })),
);

const state = fc.constantFrom('running', 'finished', 'failed', 'crashed', 'killed');

/** Whole filters, for `run.state`, where fields, metrics and states may all stand. */
export const randomFilter: fc.Arbitrary<FilterJson> = fc.letrec<{ filter: FilterJson; filters: FilterJson[] }>(
  (tie) => ({
    filters: fc.array(tie('filter'), { maxLength: 3 }),
    filter: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'filter' },
      fc.tuple(fieldName, fieldTest).map(([field, test]): FilterJson => ({ [field]: test })),
      metricQuestion,
      fc.oneof(state, fc.array(state, { minLength: 1, maxLength: 3 })).map(($state) => ({ $state }) as FilterJson),
      tie('filters').map(($and): FilterJson => ({ $and })),
      tie('filters').map(($or): FilterJson => ({ $or })),
      tie('filters').map(($nor): FilterJson => ({ $nor })),
      tie('filter').map(($not): FilterJson => ({ $not })),
      fc
        .tuple(tie('filter'), metricCondition, fieldTest)
        .map(([$not, $metric, name]): FilterJson => ({ $not, $metric, name })),
      fc.constant<FilterJson>({}),
    ),
  }),
).filter;

/** The ids of the facts that a filter asks for, apart from the state. */
function factIds(filter: FilterJson): string[] {
  return Object.entries(filter).flatMap(([key, value]): string[] => {
    if (key === '$and' || key === '$or' || key === '$nor') return (value as FilterJson[]).flatMap(factIds);
    if (key === '$not') return factIds(value as FilterJson);
    if (key === '$metric') return [metricFactId(value as MetricConditionJson)];
    if (key === '$change') return [changeFactId(value as ChangeConditionJson)];
    if (key === '$zscore') return [zscoreFactId(value as ZScoreConditionJson)];
    return key === '$state' ? [] : [`field:${key}`];
  });
}

const absent = Symbol('absent');
const fieldValue = fc.oneof(
  fc.constant(absent),
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.constantFrom({ fact: 'field:name' }, { path: '$.x', operator: 'equal' }, {}),
);
const windowValue = fc.oneof(
  fc.constant(absent),
  number,
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, '5', null, true, false),
);

/** A filter, and facts that it may or may not find. */
export const filterAndFacts = randomFilter.chain((filter) => {
  const ids = [...new Set(factIds(filter))];
  const values = ids.map((id): fc.Arbitrary<unknown> => (id.startsWith('field:') ? fieldValue : windowValue));
  const states = fc.constantFrom(
    ['running'],
    ['finished'],
    ['failed'],
    ['crashed', 'failed'],
    ['killed'],
    ['preempted'],
  );
  return fc.record({
    filter: fc.constant(filter),
    facts: fc.tuple(states, ...values).map(([state, ...rest]) => {
      const known = ids.map((id, index) => [id, rest[index]] as const).filter(([, value]) => value !== absent);
      return { state, ...Object.fromEntries(known) } as Record<string, unknown>;
    }),
  });
});
