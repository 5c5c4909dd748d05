import fc from 'fast-check';
import type { FilterJson } from 'tocsin';
import type { ParsedEvent } from '../../src/event/parsed-event.js';
import type { FactSource } from '../../src/match/facts.js';
import type { MetricFact } from '../../src/rule/fact.js';
import { type Json, smallest } from '../support/definitions.js';
import { parsedEvent } from '../support/parsed-events.js';
import { smallestEvents } from '../support/sample-events.js';

/** Few enough that filters and events meet, and some that mean something to JavaScript. */
const texts = ['a', 'b', 'prod-1', '1', '', '__proto__', 'constructor', 'toString'];
const scalar = fc.oneof(fc.constantFrom(...texts), fc.constantFrom(1, 0, -0, 5, true, false, null));
const fields = ['x', 'y', 'config.lr', 'name', 'tag', 'toString', 'hasOwnProperty', 'alias'];
const metrics = ['loss', 'acc', 'constructor', '__proto__'];
const numbers = [0, 1, 5, -1, 0.5, 1e300, -1e-300];

const types = ['run.metrics', 'run.state', 'artifact.alias-added', 'custom.deploy'] as const;
const type = fc.constantFrom(...types);

const field = fc.constantFrom(...fields);
const positiveTest = fc.oneof(
  scalar,
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ $regex: fc.constantFrom('^prod-', 'a', '[0-9]$', 'o|u', '^$', '') }),
  fc.record({ $all: fc.array(scalar, { maxLength: 2 }) }),
);
const otherTest = fc.oneof(
  fc.record({ $ne: scalar }),
  fc.record({ $nin: fc.array(scalar, { maxLength: 2 }) }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $gte: scalar }),
  fc.record({ $contains: fc.constantFrom(...texts) }),
);
const fieldTest = fc.oneof({ weight: 4, arbitrary: positiveTest }, { weight: 1, arbitrary: otherTest });

const question: fc.Arbitrary<FilterJson> = fc
  .record({ name: fc.constantFrom(...metrics), how: fc.nat(9), at: fc.constantFrom(...numbers) })
  .map(({ name, how, at }): FilterJson => {
    const amount = Math.abs(at) + 1;
    if (how === 0) return { $metric: { name, $finite: at > 0 } };
    if (how === 1) return { $change: { name, kind: 'absolute', amount } };
    if (how === 2) return { $zscore: { name, threshold: amount, direction: 'decrease', window: 3 } };
    const comparison = (['$gt', '$gte', '$lt', '$lte', '$eq', '$ne'] as const)[how - 3] ?? '$gt';
    return { $metric: { name, ...(at > 1 ? { agg: 'avg', window: 5 } : {}), [comparison]: at } };
  });

function filterOf(type: (typeof types)[number]): fc.Arbitrary<FilterJson> {
  const hasMetrics = type === 'run.metrics' || type === 'run.state';
  const field_ = fc.tuple(field, fieldTest).map(([name, test]): FilterJson => ({ [name]: test }) as FilterJson);
  const state = fc.constantFrom('finished', 'failed', 'crashed', 'killed').map(($state) => ({ $state }) as FilterJson);
  const leaf = fc.oneof(field_, ...(hasMetrics ? [question] : []), ...(type === 'run.state' ? [state] : []));
  const some = fc.letrec<{ filter: FilterJson; filters: FilterJson[] }>((tie) => ({
    filters: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
    filter: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'filter' },
      { weight: 3, arbitrary: leaf },
      { weight: 2, arbitrary: tie('filters').map(($and): FilterJson => ({ $and })) },
      { weight: 2, arbitrary: tie('filters').map(($or): FilterJson => ({ $or })) },
      { weight: 1, arbitrary: tie('filter').map(($not): FilterJson => ({ $not })) },
    ),
  })).filter;
  // One on metrics must ask for a metric.
  return type === 'run.metrics'
    ? fc.oneof(
        { weight: 3, arbitrary: fc.tuple(some, question).map(($and): FilterJson => ({ $and })) },
        { weight: 1, arbitrary: question },
      )
    : some;
}

const scopes = [
  { type: 'organization', organization: 'acme' },
  { type: 'team', entity: 'my-team' },
  { type: 'project', entity: 'my-team', project: 'p' },
  { type: 'registry', entity: 'my-team', registry: 'p' },
] as const;

/** A definition with a random filter. */
export const randomDefinition: fc.Arbitrary<Json> = type.chain((type) =>
  fc
    .record({ scope: fc.constantFrom(...scopes), filter: filterOf(type), enabled: fc.nat(9).map((at) => at > 0) })
    .map(({ scope, filter, enabled }) => ({ ...smallest, enabled, event: { type, scope, filter } })),
);

const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const measured = fc.constantFrom(
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  true,
  false,
  ...numbers,
);

/** An event, with what is measured of its run. */
export const randomSource: fc.Arbitrary<FactSource> = fc
  .record({
    type,
    more: fc.dictionary(fc.constantFrom('x', 'y', 'toString', 'hasOwnProperty'), value),
    name: fc.constantFrom('prod-1', 'a', 'constructor'),
    tags: fc.array(fc.constantFrom(...texts), { maxLength: 3 }),
    lr: value,
    alias: fc.constantFrom('a', 'prod-1', '__proto__'),
    organization: fc.constantFrom('acme', undefined),
    parent: fc.constantFrom<Json[]>({ project: 'p' }, { registry: 'p' }, { project: 'other' }),
    names: fc.uniqueArray(fc.constantFrom(...metrics)),
    state: fc.constantFrom('finished', 'failed', 'crashed', 'killed', 'preempted'),
    measures: fc.array(measured, { minLength: 7, maxLength: 7 }),
  })
  .map(({ type, more, name, tags, lr, alias, organization, parent, names, state, measures }) => {
    const given: Json = { ...smallestEvents[type], project: undefined, registry: undefined, ...more, ...parent };
    if (organization !== undefined) given['organization'] = organization;
    if (type === 'run.metrics') given['metrics'] = Object.fromEntries(names.map((each) => [each, 1]));
    if (type === 'run.state') given['state'] = state;
    if (type === 'artifact.alias-added') given['alias'] = alias;
    if ('run' in given) given['run'] = { id: 'run-1', name, tags, config: { lr } };
    return sourceOf(parsedEvent(given), measures);
  });

function sourceOf(event: ParsedEvent, measures: readonly (number | boolean | undefined)[]): FactSource {
  const window = ({ id, measure }: MetricFact): number | boolean | undefined => {
    const place = [...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % measures.length;
    const found = measures[place];
    // Each measure has its type.
    return (typeof found === 'boolean') === (measure.type === 'finiteness') ? found : undefined;
  };
  return { event, run: 'run' in event ? event.run : undefined, window };
}
