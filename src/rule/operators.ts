import type { FactTest, TestMaker } from './fact-test.js';
import { type FieldQuestion, fieldTests } from './field-tests.js';
import { finiteTest, type MetricQuestion, metricTests } from './metric-tests.js';

/** An operator for json-rules-engine: `engine.addOperator(operator.name, operator.evaluate)`. */
export interface RuleOperator {
  readonly name: OperatorName;
  /**
   * Whether the fact passes.
   *
   * @param fact - The fact's value; `undefined` where there is none.
   * @param value - The value that stands in the condition.
   */
  readonly evaluate: (fact: unknown, value: unknown) => boolean;
}

/** The names of our operators for fields. A `Not` is the plain contrary, which a missing field passes. */
export type FieldOperatorName = `field${'' | 'Not'}${FieldQuestion}`;

/** The names of our operators for metrics. None of them passes for a window that can't be told. */
export type MetricOperatorName = `metric${MetricQuestion}` | 'metricIsFinite';

/** The names of our operators. */
export type OperatorName = FieldOperatorName | MetricOperatorName;

/** What each operator asks: the one meaning that json-rules-engine and the gate share. */
const tests = new Map<OperatorName, TestMaker>([
  ...questionsOf(fieldTests).flatMap(([question, make]): [OperatorName, TestMaker][] => [
    [`field${question}`, make],
    [`fieldNot${question}`, contrary(make)],
  ]),
  ...questionsOf(metricTests).map(([question, make]): [OperatorName, TestMaker] => [`metric${question}`, make]),
  ['metricIsFinite', finiteTest],
]);

/**
 * Our json-rules-engine operators, to register on an `Engine` of your own that is to evaluate what {@link toRule}
 * gives. json-rules-engine's own would not do: its `lessThan` turns texts into numbers, and none of them knows a
 * missing field.
 *
 * @example
 * {@includeCode ../../examples/bare-rule.ts}
 */
export const operators: readonly RuleOperator[] = Object.freeze(
  [...tests].map(([name, make]): RuleOperator => ({ name, evaluate: (fact, value) => make(value)(fact) })),
);

/** The test that an operator makes of its value. */
export function operatorTest(name: OperatorName, value: unknown): FactTest {
  const make = tests.get(name);
  if (make === undefined) throw new Error(`No such operator: ${name}`);
  return make(value);
}

function contrary(make: TestMaker): TestMaker {
  return (value) => {
    const test = make(value);
    return (fact) => !test(fact);
  };
}

function questionsOf<Question extends string>(all: Readonly<Record<Question, TestMaker>>): [Question, TestMaker][] {
  return Object.entries(all) as [Question, TestMaker][];
}
