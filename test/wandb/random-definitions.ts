import fc from 'fast-check';
import type { AutomationDefinition, FilterJson } from 'tocsin';
import { isGroups } from '../../src/wandb/groups.js';
import { missingFromWandb } from '../../src/wandb/missing-value.js';
import { options, scopeIds } from './cases.js';

const text = fc.oneof(
  fc.constantFrom('', 'a', 'prod-1', '5', 'null', '{"a":1}', '[', '"', '__proto__', '${alias}', '💥'),
  fc.string(),
);
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
const scalar = fc.oneof(text, number, fc.boolean());
const scalars = fc.array(scalar, { maxLength: 3 });
const amount = fc.double({ min: 1e-9, max: 1e9, noNaN: true });

/** A test as W&B can say it: every operator named, and no null. */
const fieldTest = fc
  .record(
    {
      $eq: scalar,
      $ne: scalar,
      $gt: scalar,
      $gte: scalar,
      $lt: scalar,
      $lte: scalar,
      $in: scalars,
      $nin: scalars,
      $exists: fc.boolean(),
      $regex: fc.constantFrom('', '^prod-', '[0-9]$', '(?i)a'),
      $contains: text,
      $size: fc.nat(5),
      $all: scalars,
    },
    { requiredKeys: [] },
  )
  .filter((test) => Object.keys(test).length > 0);

/** Filters in the one form in which they come back from W&B's: one key an object. */
function fieldFilter(names: readonly string[]): fc.Arbitrary<FilterJson> {
  const name = fc.constantFrom(...names);
  return fc.letrec<{ filter: FilterJson; filters: FilterJson[] }>((tie) => ({
    filters: fc.array(tie('filter'), { maxLength: 3 }),
    filter: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'filter' },
      fc.tuple(name, fieldTest).map(([field, test]): FilterJson => ({ [field]: test })),
      fc.tuple(name, fc.boolean()).map(([field, holds]) => missingFromWandb(field, holds)),
      tie('filters').map(($and): FilterJson => ({ $and })),
      tie('filters').map(($or): FilterJson => ({ $or })),
      tie('filters').map(($nor): FilterJson => ({ $nor })),
      tie('filter').map(($not): FilterJson => ({ $not })),
      fc.constant<FilterJson>({}),
    ),
  })).filter;
}

const runFields = ['name', 'runId', 'tag', 'user', 'config.lr', 'config.a.b', 'step', 'hasOwnProperty', 'a b'];
const artifactFields = ['alias', 'tag', 'artifactType', 'metadata.owner', 'version', 'valueOf', 'path.to.field'];

const metricName = fc.oneof(
  fc.constantFrom('accuracy', 'val/loss', '$.x', '__proto__', ' '),
  fc.string({ minLength: 1 }),
);
const window = fc.integer({ min: 1, max: 100_000 });
const agg = fc.constantFrom('avg' as const, 'min' as const, 'max' as const);
const direction = fc.constantFrom('increase' as const, 'decrease' as const, 'any' as const);
const comparison = fc.constantFrom('$gt', '$gte', '$lt', '$lte');
const kind = fc.constantFrom('absolute' as const, 'relative' as const);

const windows = fc.oneof(fc.constant({}), fc.record({ agg, window }));
const twoWindows = fc.oneof(fc.constant({}), fc.record({ agg, window, priorWindow: window }));

const metric: fc.Arbitrary<FilterJson> = fc.oneof(
  fc
    .tuple(metricName, windows, comparison, number)
    .map(([name, over, key, threshold]): FilterJson => ({ $metric: { name, ...over, [key]: threshold } })),
  fc
    .tuple(metricName, twoWindows, fc.record({ direction, kind, amount }))
    .map(([name, over, rest]): FilterJson => ({ $change: { name, ...over, ...rest } })),
  fc
    .record({ name: metricName, window: window.filter((values) => values > 1), threshold: amount, direction })
    .map(($zscore): FilterJson => ({ $zscore })),
);

const state = fc
  .subarray(['failed', 'finished', 'running'] as const, { minLength: 1 })
  .map((states) => ({ $state: states }));

const withRuns = (condition: fc.Arbitrary<FilterJson>): fc.Arbitrary<FilterJson> =>
  fc
    .tuple(condition, fc.array(fieldFilter(runFields), { maxLength: 3 }))
    .map(([first, rest]): FilterJson => (rest.length === 0 ? first : { $and: [first, ...rest] }));

/** A whole filter of artifacts: W&B's own groups around it leave nothing behind. */
const artifactFilter = fieldFilter(artifactFields).filter((filter) => {
  const { $and, $or } = filter;
  if (Object.keys(filter).length === 0 || (isGroups(filter) && $or?.length === 1)) return false;
  return $and === undefined || $and.length > 1 || ($and[0] !== undefined && isGroups($and[0]));
});

const artifactTypes = fc.constantFrom(
  'artifact.linked',
  'artifact.unlinked',
  'artifact.alias-added',
  'artifact.tag-added',
  'artifact.tag-removed',
  'collection.tag-added',
  'collection.tag-removed',
);

const { [scopeIds.ARTIFACT_COLLECTION]: inCollection, [scopeIds.REGISTRY]: inRegistry, ...others } = options.scopes;
const runScope = fc.constantFrom(...Object.values(others));
const anyScope = fc.constantFrom(...Object.values(options.scopes));

const event = fc.oneof(
  fc.record({ type: fc.constant('run.metrics'), scope: runScope, filter: withRuns(metric) }),
  fc.record({ type: fc.constant('run.state'), scope: runScope, filter: withRuns(state) }),
  fc.record({ type: artifactTypes, scope: anyScope, filter: artifactFilter }, { requiredKeys: ['type', 'scope'] }),
  fc.record(
    { type: fc.constant('artifact.created'), scope: fc.constant(inCollection), filter: artifactFilter },
    { requiredKeys: ['type', 'scope'] },
  ),
);

const integrationId = fc.constantFrom('integration-7', 'one-of-ours');
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    scalar,
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('', 'a', 'text', '💥'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const payload = fc.dictionary(fc.constantFrom('', 'a', 'é'), json.value, { maxKeys: 3, noNullPrototype: true });

const action = fc.oneof(
  fc.constant({ type: 'none' }),
  fc.record({
    type: fc.constant('notification'),
    integrationId,
    title: text,
    message: text,
    severity: fc.constantFrom('INFO', 'WARN', 'ERROR'),
  }),
  fc.record({ type: fc.constant('webhook'), integrationId, payload }, { requiredKeys: ['type', 'integrationId'] }),
);

/** Definitions that W&B can say, in the form in which they come back. */
export const sayableDefinition = fc.record(
  {
    version: fc.constant(1),
    name: fc.string({ minLength: 1, maxLength: 255 }),
    description: text,
    enabled: fc.boolean(),
    event,
    action,
  },
  { requiredKeys: ['version', 'name', 'enabled', 'event', 'action'] },
) as fc.Arbitrary<unknown> as fc.Arbitrary<AutomationDefinition>;

/** Filters in any shape: many keys an object, values alone, null. */
export const looseFilter: fc.Arbitrary<FilterJson> = fc.letrec<{ filter: FilterJson; filters: FilterJson[] }>((tie) => {
  const value = fc.constantFrom(0, 1, 'a', 'prod-1', true);
  const test = fc.oneof(
    value,
    fc.record(
      { $eq: value, $ne: value, $exists: fc.boolean(), $in: fc.array(value, { maxLength: 2 }) },
      { requiredKeys: ['$ne'] },
    ),
    fc.record({ $gt: value, $lte: value }, { requiredKeys: ['$gt'] }),
    fc.constantFrom<FilterJson[string]>(null, { $eq: null }, { $ne: null }),
  );
  return {
    filters: fc.array(tie('filter'), { maxLength: 3 }),
    filter: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'loose' },
      fc.dictionary(fc.constantFrom('alias', 'tag', 'version'), test, {
        maxKeys: 3,
        noNullPrototype: true,
      }) as fc.Arbitrary<FilterJson>,
      fc.record(
        { $and: tie('filters'), $or: tie('filters'), $nor: tie('filters'), $not: tie('filter'), alias: test },
        { requiredKeys: [] },
      ) as fc.Arbitrary<FilterJson>,
      fc.constantFrom('alias', 'tag').chain((name) => fc.boolean().map((holds) => missingFromWandb(name, holds))),
    ),
  };
}).filter;
