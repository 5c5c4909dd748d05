import { fieldMatches } from './field-matches.js';

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

/** What a field can be asked. */
export type FieldQuestion =
  | 'Equals'
  | 'IsIn'
  | 'Contains'
  | 'Matches'
  | 'IsAbove'
  | 'IsAtLeast'
  | 'IsBelow'
  | 'IsAtMost'
  | 'HasSize'
  | 'HasAll'
  | 'Exists';

/** What a metric can be asked. */
export type MetricQuestion =
  | 'IsAbove'
  | 'IsAtLeast'
  | 'IsBelow'
  | 'IsAtMost'
  | 'Equals'
  | 'DoesNotEqual'
  | 'MagnitudeIsAtLeast'
  | 'MagnitudeIsBelow';

/** The names of our operators for fields. A `Not` is the plain contrary, which a missing field passes. */
export type FieldOperatorName = `field${'' | 'Not'}${FieldQuestion}`;

/** The names of our operators for metrics. None of them passes for a window that can't be told. */
export type MetricOperatorName = `metric${MetricQuestion}` | 'metricIsFinite';

/** The names of our operators. */
export type OperatorName = FieldOperatorName | MetricOperatorName;

type Test = (fact: unknown, value: unknown) => boolean;

/** A list-valued field passes when any of its elements does. */
function anyElement(test: Test): Test {
  return (fact, value) =>
    Array.isArray(fact) ? fact.some((element) => test(element, value)) : fact !== undefined && test(fact, value);
}

/** An ordering between different types is false; texts are ordered by their UTF-16 code units. */
function ordered(compare: (fact: number | string, value: number | string) => boolean): Test {
  return (fact, value) =>
    (typeof fact === 'number' && typeof value === 'number') || (typeof fact === 'string' && typeof value === 'string')
      ? compare(fact, value)
      : false;
}

/** How much work one search for a part may be, in characters times characters. */
const mostWork = 4_000_000;

/** Finding a long part in a long text can take as much as both together; what is beyond is not searched. */
function contains(text: string, part: string): boolean {
  return text.slice(0, Math.max(part.length, 4096, Math.floor(mostWork / Math.max(1, part.length)))).includes(part);
}

/** A single value is as good as a list of it; nothing has all of nothing. */
function hasAll(fact: unknown, values: unknown): boolean {
  if (fact === undefined || !Array.isArray(values) || values.length === 0) return false;
  const elements: readonly unknown[] = Array.isArray(fact) ? fact : [fact];
  return values.every((value) => elements.includes(value));
}

/** What a field can be asked; MongoDB's meaning, two-valued. Each has a negation, which a missing field passes. */
const fieldTests: Readonly<Record<FieldQuestion, Test>> = {
  Equals: anyElement((fact, value) => fact === value),
  IsIn: anyElement((fact, value) => Array.isArray(value) && value.includes(fact)),
  Contains: anyElement((fact, value) => typeof fact === 'string' && typeof value === 'string' && contains(fact, value)),
  Matches: (fact, value) => typeof value === 'string' && fieldMatches(fact, value),
  IsAbove: anyElement(ordered((fact, value) => fact > value)),
  IsAtLeast: anyElement(ordered((fact, value) => fact >= value)),
  IsBelow: anyElement(ordered((fact, value) => fact < value)),
  IsAtMost: anyElement(ordered((fact, value) => fact <= value)),
  HasSize: (fact, value) => Array.isArray(fact) && fact.length === value,
  HasAll: hasAll,
  Exists: (fact) => fact !== undefined,
};

/** What a metric can be asked. A window that can't tell (no fact) passes none of them, so negation is a flip. */
const metricTests: Readonly<Record<MetricQuestion, (fact: number, value: number) => boolean>> = {
  IsAbove: (fact, value) => fact > value,
  IsAtLeast: (fact, value) => fact >= value,
  IsBelow: (fact, value) => fact < value,
  IsAtMost: (fact, value) => fact <= value,
  Equals: (fact, value) => fact === value,
  DoesNotEqual: (fact, value) => fact !== value,
  MagnitudeIsAtLeast: (fact, value) => Math.abs(fact) >= value,
  MagnitudeIsBelow: (fact, value) => Math.abs(fact) < value,
};

/**
 * Our json-rules-engine operators, to register on an `Engine` of your own that is to evaluate what {@link toRule}
 * gives. json-rules-engine's own would not do: its `lessThan` turns texts into numbers, and none of them knows a
 * missing field.
 *
 * @example
 * {@includeCode ../../examples/bare-rule.ts}
 */
export const operators: readonly RuleOperator[] = Object.freeze([
  ...questionsOf(fieldTests).flatMap(([question, test]): RuleOperator[] => [
    { name: `field${question}`, evaluate: test },
    { name: `fieldNot${question}`, evaluate: (fact, value) => !test(fact, value) },
  ]),
  ...questionsOf(metricTests).map(
    ([question, test]): RuleOperator => ({
      name: `metric${question}`,
      evaluate: (fact, value) =>
        typeof fact === 'number' && !Number.isNaN(fact) && typeof value === 'number' && test(fact, value),
    }),
  ),
  // Of the last value, which is no number that could be compared.
  { name: 'metricIsFinite', evaluate: (fact, value) => typeof fact === 'boolean' && fact === value },
]);

function questionsOf<Question extends string, Asked>(tests: Readonly<Record<Question, Asked>>): [Question, Asked][] {
  return Object.entries(tests) as [Question, Asked][];
}
