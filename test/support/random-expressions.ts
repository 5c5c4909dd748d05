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
