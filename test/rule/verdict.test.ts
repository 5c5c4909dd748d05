import { Almanac, Rule } from 'json-rules-engine';
import { toRule } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { bindRule } from '../../src/rule/verdict.js';
import { parsed, withFilter } from '../support/definitions.js';

const filter = { $metric: { name: 'loss', $gt: 1 }, name: { $regex: '^prod-' } };
const rule = toRule(parsed(withFilter(filter)));

describe('the verdict', () => {
  test('rests on two members of json-rules-engine that its types leave out', () => {
    expect(Rule.prototype).toMatchObject({ setEngine: expect.any(Function), evaluate: expect.any(Function) });
    expect(() => new Rule(JSON.stringify(rule)).toJSON()).not.toThrow();
    expect(new Almanac()).toMatchObject({ addFact: expect.any(Function), factValue: expect.any(Function) });
  });

  test('comes with what each condition compared', async () => {
    const { matched, conditions } = await bindRule(rule)({ 'metric:last:loss': 2, 'field:name': 'prod-1' });
    expect(matched).toBe(true);
    expect(conditions).toMatchObject({
      all: [
        { fact: 'metric:last:loss', operator: 'metricIsAbove', value: 1, factResult: 2, result: true },
        { fact: 'field:name', operator: 'fieldMatches', value: '^prod-', factResult: 'prod-1', result: true },
      ],
    });
  });

  test('is false where a fact is missing, and does not fail', async () => {
    expect(await bindRule(rule)({ 'field:name': 'prod-1' })).toMatchObject({ matched: false });
    expect(await bindRule(rule)({})).toMatchObject({ matched: false });
  });

  test('takes a field that looks like a fact, a path or a promise for what it is', async () => {
    const looksLike = toRule(parsed(withFilter({ $metric: { name: 'loss', $gt: 1 }, name: { $ne: 'x' } })));
    const values = [
      { fact: 'metric:last:loss' },
      { path: '$.x' },
      JSON.parse('{"then":"x"}'),
      '$.name',
      ['x', { fact: 'y' }],
    ];
    const verdicts = values.map((name) => bindRule(looksLike)({ 'metric:last:loss': 2, 'field:name': name }));
    expect((await Promise.all(verdicts)).map(({ matched }) => matched)).toEqual([true, true, true, true, false]);
  });

  test('on 1,000 overlapping sets of facts never mixes them', async () => {
    const judge = bindRule(rule);
    const verdicts = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        judge({ 'metric:last:loss': index % 3, 'field:name': `${index % 2 === 0 ? 'prod' : 'test'}-${index}` }),
      ),
    );
    verdicts.forEach(({ matched, conditions }, index) => {
      expect(matched).toBe(index % 3 === 2 && index % 2 === 0);
      expect(conditions).toMatchObject({ all: [{ factResult: index % 3 }, {}] });
      expect(JSON.stringify(conditions)).toContain(`-${index}"`);
    });
  });

  test('of a rule does not change the rule', async () => {
    const before = JSON.stringify(rule);
    await bindRule(rule)({ 'metric:last:loss': 2, 'field:name': 'prod-1' });
    expect(JSON.stringify(rule)).toBe(before);
  });
});
