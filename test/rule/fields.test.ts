import { operators } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { toFilter } from '../../src/definition/filter-tree.js';
import { toConditions } from '../../src/rule/conditions.js';
import { fieldMatches } from '../../src/rule/field-matches.js';
import { parsedFilter } from '../support/definitions.js';
import { gateHolds } from '../support/gate-and-judge.js';

/** Whether a question to the field `tag` holds for a value of it. */
function holds(question: unknown, value?: unknown): boolean {
  const filter = toFilter(parsedFilter({ tag: question }, 'artifact.created'));
  return gateHolds(toConditions(filter), value === undefined ? {} : { 'field:tag': value });
}

const questions = [
  { $eq: 'a' },
  { $in: ['a', null] },
  { $gt: 'a' },
  { $gte: 0 },
  { $lt: 'a' },
  { $lte: 0 },
  { $regex: '' },
  { $contains: '' },
  { $size: 0 },
  { $all: ['a'] },
  { $exists: true },
];

describe('a field', () => {
  test('that is missing equals nothing, is in no list, and does not exist', () => {
    expect(questions.filter((question) => holds(question))).toEqual([]);
    expect(
      [{ $ne: 'a' }, { $ne: null }, { $nin: ['a'] }, { $nin: [] }, { $exists: false }].every((q) => holds(q)),
    ).toBe(true);
    expect(holds({ $eq: null })).toBe(false);
  });

  test('that is null is there, equals null, and is in no order', () => {
    expect(holds({ $exists: true }, null)).toBe(true);
    expect(holds(null, null)).toBe(true);
    expect(holds({ $lte: 0 }, null)).toBe(false);
    expect(holds({ $in: [null] }, null)).toBe(true);
  });

  test('is never converted', () => {
    expect(holds(5, '5')).toBe(false);
    expect(holds('5', 5)).toBe(false);
    expect(holds(1, true)).toBe(false);
    expect(holds(0, '')).toBe(false);
    expect(holds({ $gt: 1 }, '5')).toBe(false);
    expect(holds({ $lt: '9' }, 5)).toBe(false);
    expect(holds({ $in: ['5', true] }, 5)).toBe(false);
    expect(holds({ $contains: '5' }, 15)).toBe(false);
    expect(holds({ $regex: '5' }, 5)).toBe(false);
  });

  test('is ordered with its own kind: numbers as numbers, texts by their code units', () => {
    expect(holds({ $gt: 9 }, 10)).toBe(true);
    expect(holds({ $gt: '9' }, '10')).toBe(false);
    expect(holds({ $lt: 'a' }, 'Z')).toBe(true);
    expect(holds({ $gte: 2, $lt: 3 }, 2)).toBe(true);
    expect(holds({ $gte: 2, $lt: 3 }, 3)).toBe(false);
    expect(holds({ $gt: false }, true)).toBe(false);
  });

  test('that is a list holds when one of its elements does', () => {
    expect(holds('b', ['a', 'b'])).toBe(true);
    expect(holds({ $in: ['c', 'b'] }, ['a', 'b'])).toBe(true);
    expect(holds({ $regex: '^b' }, ['a', 'b'])).toBe(true);
    expect(holds({ $contains: 'b' }, ['abc'])).toBe(true);
    expect(holds({ $gt: 4 }, [1, 5])).toBe(true);
    expect(holds({ $ne: 'b' }, ['a', 'b'])).toBe(false);
    expect(holds({ $nin: ['b'] }, ['a', 'b'])).toBe(false);
    expect(holds({ $ne: 'b' }, [])).toBe(true);
    expect(holds({ $exists: true }, [])).toBe(true);
    expect(holds({ $gt: 1, $lt: 4 }, [1, 5])).toBe(true);
  });

  test('that is a list has a size, and has all of some values', () => {
    expect(holds({ $size: 2 }, ['a', 'b'])).toBe(true);
    expect(holds({ $size: 0 }, [])).toBe(true);
    expect(holds({ $size: 1 }, 'a')).toBe(false);
    expect(holds({ $all: ['b', 'a'] }, ['a', 'b', 'c'])).toBe(true);
    expect(holds({ $all: ['a', 'd'] }, ['a', 'b', 'c'])).toBe(false);
    expect(holds({ $all: ['a'] }, 'a')).toBe(true);
    expect(holds({ $all: ['a', 'b'] }, 'a')).toBe(false);
    expect(holds({ $all: [] }, ['a'])).toBe(false);
    expect(holds({ $all: ['5'] }, [5])).toBe(false);
    expect(holds({ $all: ['a', 'a'] }, 'a')).toBe(true);
  });

  test('that is a list has all of many values, or does not for want of one', () => {
    const many = Array.from({ length: 20 }, (_, index) => `tag-${index}`);
    expect(holds({ $all: many }, [...many, 'more'].reverse())).toBe(true);
    expect(holds({ $all: [...many, ...many] }, many)).toBe(true);
    expect(holds({ $all: many }, [...many.slice(1), 'more', 'still more'])).toBe(false);
    expect(holds({ $all: many }, many.slice(1))).toBe(false);
    expect(holds({ $all: many }, 'tag-0')).toBe(false);
  });

  test('that is an object equals nothing', () => {
    expect(questions.filter((question) => holds(question, { a: 'a' }))).toEqual([{ $exists: true }]);
  });

  test('of a prototype name is told from what every object inherits', () => {
    const conditions = toConditions(toFilter({ toString: { $exists: true } }));
    expect(gateHolds(conditions, {})).toBe(false);
    expect(gateHolds(conditions, { 'field:toString': 'x' })).toBe(true);
    expect(holds('constructor', 'constructor')).toBe(true);
  });
});

describe('a pattern', () => {
  test('is searched for anywhere, and tells case apart unless it says (?i)', () => {
    expect(holds({ $regex: 'prod' }, 'my-prod-run')).toBe(true);
    expect(holds({ $regex: '^prod$' }, 'my-prod-run')).toBe(false);
    expect(holds({ $regex: 'PROD' }, 'my-prod-run')).toBe(false);
    expect(holds({ $regex: '(?i)PROD' }, 'my-prod-run')).toBe(true);
  });

  test('sees the first 4,096 characters of a text', () => {
    expect(fieldMatches(`${'x'.repeat(4095)}y`, 'y')).toBe(true);
    expect(fieldMatches(`${'x'.repeat(4096)}y`, 'y')).toBe(false);
  });

  test('that makes backtracking engines hang is answered', () => {
    expect(fieldMatches(`${'a'.repeat(4000)}!`, '^(a|aa)+$')).toBe(false);
    expect(fieldMatches('a'.repeat(4000), '^(a*)*$')).toBe(true);
  });

  test('means the same when 2,000 others came between', () => {
    for (let index = 0; index < 2000; index += 1) expect(fieldMatches(`run-${index}`, `^run-${index}$`)).toBe(true);
    expect(fieldMatches('run-0', '^run-0$')).toBe(true);
    expect(fieldMatches('run-1', '^run-0$')).toBe(false);
  });
});

describe('the operators', () => {
  test('have one name each, of plain letters', () => {
    const names = operators.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^(field|metric)[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
    expect(Object.isFrozen(operators)).toBe(true);
  });

  test('take nothing for a value that a missing field could have', () => {
    const passed = operators.filter(
      ({ evaluate }) => evaluate(undefined, undefined) || evaluate(undefined, [undefined]),
    );
    expect(passed.filter(({ name }) => !name.startsWith('fieldNot'))).toEqual([]);
  });

  test('for metrics pass no window that cannot tell', () => {
    const metric = operators.filter(({ name }) => name.startsWith('metric'));
    const unknown = [undefined, null, Number.NaN, '5', true, [5], {}];
    expect(metric).toHaveLength(9);
    expect(metric.flatMap(({ evaluate }) => unknown.filter((value) => evaluate(value, 5)))).toEqual([]);
    expect(
      [undefined, null, 1, 'true'].filter((value) => metric.some(({ evaluate }) => evaluate(value, true))),
    ).toEqual([]);
  });

  test('for metrics take the infinities for the numbers they are', () => {
    const passed = (fact: number): string[] =>
      operators.filter(({ name, evaluate }) => name.startsWith('metric') && evaluate(fact, 5)).map(({ name }) => name);
    const far = 'metricMagnitudeIsAtLeast';
    expect(passed(Number.POSITIVE_INFINITY)).toEqual(['metricIsAbove', 'metricIsAtLeast', 'metricDoesNotEqual', far]);
    expect(passed(Number.NEGATIVE_INFINITY)).toEqual(['metricIsBelow', 'metricIsAtMost', 'metricDoesNotEqual', far]);
    expect(passed(5)).toEqual(['metricIsAtLeast', 'metricIsAtMost', 'metricEquals', far]);
    expect(passed(-4)).toContain('metricMagnitudeIsBelow');
  });
});
