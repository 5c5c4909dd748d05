import fc from 'fast-check';
import {
  and,
  type FieldBuilder,
  type FilterExpression,
  type FilterInput,
  nor,
  not,
  or,
  runEvent,
  type ThresholdBuilder,
} from 'tocsin';
import { randomFilter } from './random-filters.js';

const text = fc.string({ maxLength: 6 });
const scalar = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null));
const scalars = fc.array(scalar, { maxLength: 3 });
/** A configuration's key is any text that is no key of a prototype. */
const key = fc.oneof(text, fc.constantFrom('lr', 'a.b', 'constructor', 'toString'));

const fieldBuilder: fc.Arbitrary<FieldBuilder> = fc.oneof(
  fc.constantFrom(runEvent.name, runEvent.user, runEvent.tag),
  key.map((each) => runEvent.config(each)),
);

const fieldExpression: fc.Arbitrary<FilterExpression> = fc.oneof(
  fc
    .tuple(fieldBuilder, fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'), scalar)
    .map(([field, question, value]) => field[question](value)),
  fc
    .tuple(fieldBuilder, fc.constantFrom('in', 'nin'), scalars)
    .map(([field, question, values]) => field[question](values)),
  fc.tuple(fieldBuilder, fc.boolean()).map(([field, expected]) => field.exists(expected)),
  fc.tuple(fieldBuilder, fc.nat({ max: 5 })).map(([field, count]) => field.size(count)),
  fc.tuple(fieldBuilder, scalars).map(([field, values]) => field.all(values)),
  fieldBuilder.map((field) => field.exists()),
  fc.tuple(fieldBuilder, fc.constantFrom('^prod-', '(?i)x', '')).map(([field, pattern]) => field.regex(pattern)),
  fc.tuple(fieldBuilder, text).map(([field, part]) => field.contains(part)),
);

const threshold: fc.Arbitrary<ThresholdBuilder> = fc
  .record({
    name: fc.oneof(fc.string({ minLength: 1, maxLength: 6 }), fc.constantFrom('val/loss', '__proto__')),
    aggregation: fc.constantFrom('none', 'avg', 'mean', 'min', 'max'),
    window: fc.integer({ min: 1, max: 100 }),
    fewer: fc.boolean(),
  })
  .map(({ name, aggregation, window, fewer }) => {
    const metric = runEvent.metric(name);
    if (aggregation === 'none') return metric;
    return fewer ? metric[aggregation](window, { minSamples: 1 }) : metric[aggregation](window);
  });

const metricExpression = fc
  .tuple(
    threshold,
    fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq', 'ne'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map(([builder, question, value]) => builder[question](value));

const anyMetric = fc.string({ minLength: 1, maxLength: 6 }).map((name) => runEvent.metric(name));
const amount = fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true });
const by = fc.oneof(
  amount.map((diff) => ({ diff })),
  amount.map((frac) => ({ frac })),
);
const movement = fc.constantFrom('changesBy', 'increasesBy', 'decreasesBy');

const changeExpression = fc.oneof(
  fc.tuple(anyMetric, movement, by).map(([metric, move, change]) => metric[move](change)),
  fc
    .tuple(anyMetric, fc.constantFrom('avg', 'mean', 'min', 'max'), movement, by, fc.integer({ min: 1, max: 50 }))
    .map(([metric, agg, move, change, priorWindow]) => metric[agg](5)[move]({ ...change, priorWindow, minSamples: 3 })),
);

const zscoreExpression = fc
  .record({
    metric: anyMetric,
    window: fc.constantFrom(undefined, 2, 30, 500),
    over: fc.constantFrom(undefined, 'run', 'project'),
    amount,
    question: fc.constantFrom('gt', 'gte', 'lt', 'lte', 'abs'),
  })
  .map(({ metric, window, over, amount, question }) => {
    const zscore = metric.zscore(window, { over, minSamples: 2 });
    if (question === 'abs') return zscore.abs().gt(amount);
    return question === 'lt' || question === 'lte' ? zscore[question](-amount) : zscore[question](amount);
  });

const finiteExpression = anyMetric.chain((metric) => fc.constantFrom(metric.isFinite(), metric.isNotFinite()));

const state = fc.constantFrom('running', 'finished', 'failed', 'crashed', 'killed');
const stateExpression = fc.oneof(
  state.map((each) => runEvent.state.eq(each)),
  fc.array(state, { minLength: 1, maxLength: 3 }).map((states) => runEvent.state.in(states)),
);

/** Filters from builders, combined in every way, also with filters as JSON. */
export const randomExpression: fc.Arbitrary<FilterExpression> = fc.letrec<{
  expression: FilterExpression;
  input: FilterInput;
}>((tie) => ({
  input: fc.oneof({ weight: 4, arbitrary: tie('expression') }, { weight: 1, arbitrary: randomFilter }),
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'expression' },
    metricExpression,
    changeExpression,
    zscoreExpression,
    finiteExpression,
    fieldExpression,
    stateExpression,
    fc.tuple(tie('expression'), tie('input')).map(([one, other]) => one.and(other)),
    fc.tuple(tie('expression'), tie('input')).map(([one, other]) => one.or(other)),
    tie('expression').map((one) => one.not()),
    fc.array(tie('input'), { maxLength: 3 }).map((each) => and(...each)),
    fc.array(tie('input'), { maxLength: 3 }).map((each) => or(...each)),
    fc.array(tie('input'), { maxLength: 3 }).map((each) => nor(...each)),
    tie('input').map((each) => not(each)),
  ),
})).expression;
