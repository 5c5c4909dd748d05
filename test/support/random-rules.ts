import fc from 'fast-check';
import {
  type AutomationDefinition,
  type LeafCondition,
  type OperatorName,
  operators,
  type RuleCondition,
  toRule,
} from 'tocsin';
import { withFilter } from './definitions.js';
import { filterAndFacts, pattern, scalar, texts } from './random-filters.js';

/** A rule's conditions, and facts that may or may not pass them. */
export interface RuleCase {
  readonly condition: RuleCondition;
  /** Each fact once, `undefined` where it can't be told. A condition may ask for others. */
  readonly facts: readonly (readonly [id: string, value: unknown])[];
}

const fieldId = fc.constantFrom('field:name', 'field:tag', 'field:__proto__', 'field:constructor', 'field:toString');
const metricId = fc.constantFrom(
  'metric:last:a',
  'metric:last:__proto__',
  'metric:avg:5:constructor',
  'metric:zscore:run:30:hasOwnProperty',
  'metric:finite:toString',
);
/** No definition makes these; `never` is asked for and never there. */
const bareId = fc.constantFrom('state', 'never', '__proto__', 'constructor', 'toString', 'hasOwnProperty');

const number = fc.constantFrom(0, -0, 1, 5, -1, -5, 0.5, 1e300, -1e-300, Number.MAX_SAFE_INTEGER);
const text = fc.constantFrom(...texts);
/** So few that questions and fields often meet. */
const few = fc.constantFrom('prod-1', '__proto__', 1, -0, true);
const shortList = fc.array(few, { maxLength: 4 });
const list = fc.array(fc.oneof(few, scalar, number), { maxLength: 4 });

/** The values that a definition gives to each question, and now and then one of another type. */
function valueFor(operator: OperatorName): fc.Arbitrary<LeafCondition['value']> {
  return fc.oneof({ weight: 9, arbitrary: usualValue(operator) }, fc.oneof(scalar, number, list));
}

function usualValue(operator: OperatorName): fc.Arbitrary<LeafCondition['value']> {
  if (operator === 'metricIsFinite') return fc.boolean();
  if (operator.startsWith('metric')) return number;
  switch (operator.replace(/^field(Not)?/, '')) {
    case 'IsIn':
      return list;
    case 'HasAll':
      return fc.array(few, { maxLength: 2 });
    case 'Contains':
      return text;
    case 'Matches':
      return pattern;
    case 'HasSize':
      return fc.nat({ max: 3 });
    case 'Exists':
      return fc.constant(true);
    default:
      return fc.oneof(few, scalar, number);
  }
}

/** Every operator as often as every other. */
const leaf: fc.Arbitrary<RuleCondition> = fc.oneof(
  ...operators.map(({ name }) =>
    fc.record({
      fact: fc.oneof({ weight: 9, arbitrary: name.startsWith('metric') ? metricId : fieldId }, bareId),
      operator: fc.constant(name),
      value: valueFor(name),
    }),
  ),
);

/** An `any` is never empty: json-rules-engine would take it for true. */
const condition = fc.letrec<{ condition: RuleCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'condition' },
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie('condition'), { maxLength: 4 }).map((all): RuleCondition => ({ all })) },
    {
      weight: 2,
      arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }).map((any): RuleCondition => ({ any })),
    },
  ),
})).condition;

const oddNumber = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const nothing = fc.constant(undefined);
const windowValue = fc.oneof(
  { weight: 10, arbitrary: number },
  { weight: 3, arbitrary: oddNumber },
  { weight: 2, arbitrary: fc.boolean() },
  fc.constantFrom('5', '', null, [5], {}),
  nothing,
);
const finiteness = fc.oneof({ weight: 4, arbitrary: fc.boolean() }, windowValue);
const fieldValue = fc.oneof(
  { weight: 4, arbitrary: few },
  { weight: 3, arbitrary: scalar },
  { weight: 2, arbitrary: text },
  { weight: 4, arbitrary: shortList },
  { weight: 2, arbitrary: list },
  number,
  fc.constantFrom({ fact: 'field:name' }, { path: '$.x', operator: 'equal' }, {}, [[]], [{}], [Number.NaN]),
  oddNumber,
  nothing,
);

function factValue(id: string): fc.Arbitrary<unknown> {
  if (id.startsWith('metric:finite:')) return finiteness;
  return id.startsWith('metric:') ? windowValue : fieldValue;
}

/** Every leaf of a rule's conditions. */
export function leavesOf(of: RuleCondition): LeafCondition[] {
  if ('all' in of) return of.all.flatMap(leavesOf);
  if ('any' in of) return of.any.flatMap(leavesOf);
  return [of];
}

/** Conditions as no filter would make them: any operator and value, of any fact. */
const bareCase: fc.Arbitrary<RuleCase> = condition.chain((made) => {
  const ids = [...new Set(leavesOf(made).map(({ fact }) => fact))].filter((id) => id !== 'never').reverse();
  const values = fc.tuple(...ids.map(factValue));
  return values.map((all) => ({ condition: made, facts: ids.map((id, place) => [id, all[place]] as const) }));
});

/** Conditions of filters on run states, which have every kind of question. */
const filterCase: fc.Arbitrary<RuleCase> = filterAndFacts.map(({ filter, facts }) => ({
  condition: toRule(withFilter(filter, 'run.state') as unknown as AutomationDefinition).conditions,
  facts: Object.entries(facts),
}));

/** Rules with facts, which pass about as often as not. */
export const ruleCase: fc.Arbitrary<RuleCase> = fc.oneof(
  { weight: 2, arbitrary: bareCase },
  { weight: 1, arbitrary: filterCase },
);
