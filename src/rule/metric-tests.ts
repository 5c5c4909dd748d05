import { type FactTest, never, type TestMaker } from './fact-test.js';

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

/** A window that can't tell (no fact) passes no question, so negation is a flip. */
export const metricTests: Readonly<Record<MetricQuestion, TestMaker>> = {
  IsAbove: withNumber((value) => (fact) => isNumber(fact) && fact > value),
  IsAtLeast: withNumber((value) => (fact) => isNumber(fact) && fact >= value),
  IsBelow: withNumber((value) => (fact) => isNumber(fact) && fact < value),
  IsAtMost: withNumber((value) => (fact) => isNumber(fact) && fact <= value),
  Equals: withNumber((value) => (fact) => isNumber(fact) && fact === value),
  DoesNotEqual: withNumber((value) => (fact) => isNumber(fact) && fact !== value),
  MagnitudeIsAtLeast: withNumber((value) => (fact) => isNumber(fact) && Math.abs(fact) >= value),
  MagnitudeIsBelow: withNumber((value) => (fact) => isNumber(fact) && Math.abs(fact) < value),
};

/** Of the last value, which is no number that could be compared. */
export const finiteTest: TestMaker = (value) => (fact) => typeof fact === 'boolean' && fact === value;

function withNumber(make: (value: number) => FactTest): TestMaker {
  return (value) => (typeof value === 'number' ? make(value) : never);
}

function isNumber(fact: unknown): fact is number {
  return typeof fact === 'number' && !Number.isNaN(fact);
}
