import { type FactTest, never, type TestMaker } from './fact-test.js';
import { fieldMatches } from './field-matches.js';

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

/** MongoDB's meaning, two-valued. Each question has a negation, which a missing field passes. */
export const fieldTests: Readonly<Record<FieldQuestion, TestMaker>> = {
  Equals: anyElement((value) => (fact) => fact === value),
  IsIn: anyElement(isIn),
  Contains: anyElement((value) => (typeof value === 'string' ? contains(value) : never)),
  Matches: (value) => (typeof value === 'string' ? (fact) => fieldMatches(fact, value) : never),
  IsAbove: anyElement(ordered((fact, value) => fact > value)),
  IsAtLeast: anyElement(ordered((fact, value) => fact >= value)),
  IsBelow: anyElement(ordered((fact, value) => fact < value)),
  IsAtMost: anyElement(ordered((fact, value) => fact <= value)),
  HasSize: (value) => (fact) => Array.isArray(fact) && fact.length === value,
  HasAll: (value) => (Array.isArray(value) && value.length > 0 ? hasAll(value) : never),
  Exists: () => (fact) => fact !== undefined,
};

/** A list-valued field passes when any of its elements does. */
function anyElement(make: TestMaker): TestMaker {
  return (value) => {
    const test = make(value);
    return (fact) => {
      if (!Array.isArray(fact)) return fact !== undefined && test(fact);
      for (const element of fact) if (test(element)) return true;
      return false;
    };
  };
}

/** An ordering between different types is false; texts are ordered by their UTF-16 code units. */
function ordered(compare: (fact: number | string, value: number | string) => boolean): TestMaker {
  return (value) => {
    if (typeof value === 'number') return (fact) => typeof fact === 'number' && compare(fact, value);
    if (typeof value === 'string') return (fact) => typeof fact === 'string' && compare(fact, value);
    return never;
  };
}

/** A set tells values apart as `includes` does, and takes as long for many of them as for one. */
function isIn(values: unknown): FactTest {
  if (!Array.isArray(values)) return never;
  const set = new Set<unknown>(values);
  return (fact) => set.has(fact);
}

/** How much work one search for a part may be, in characters times characters. */
const mostWork = 4_000_000;

/** Finding a long part in a long text can take as much as both together; what is beyond is not searched. */
function contains(part: string): FactTest {
  const characters = Math.max(part.length, 4096, Math.floor(mostWork / Math.max(1, part.length)));
  return (fact) => typeof fact === 'string' && fact.slice(0, characters).includes(part);
}

/** A single value is as good as a list of it; nothing has all of nothing. */
function hasAll(values: readonly unknown[]): FactTest {
  const wanted = new Set(values);
  return (fact) => {
    if (!Array.isArray(fact)) return fact !== undefined && wanted.size === 1 && wanted.has(fact);
    return wanted.size <= fact.length && hasEach(fact, wanted);
  };
}

/** For more values than this, a list is made a set first: to go through a long list for each of many would take long. */
const mostScans = 8;

function hasEach(list: readonly unknown[], wanted: ReadonlySet<unknown>): boolean {
  const elements = wanted.size > mostScans ? new Set(list) : undefined;
  for (const value of wanted) if (!(elements?.has(value) ?? list.includes(value))) return false;
  return true;
}
