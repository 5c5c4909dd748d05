import fc from 'fast-check';
import { operators, type RuleCondition } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { compileGate } from '../../src/rule/gate.js';
import { fastest } from '../support/fastest.js';
import { askBoth, leafAnswers } from '../support/gate-and-judge.js';
import { ruleCase } from '../support/random-rules.js';

const above = (fact: string, value: number): RuleCondition => ({ fact, operator: 'metricIsAbove', value });

describe('a gate', () => {
  test('says what json-rules-engine says, whatever is asked of whatever', async () => {
    const cases = 10_000;
    let held = 0;
    const answers = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(ruleCase, async (asked) => {
        const { gate, judge } = await askBoth(asked);
        expect(gate).toBe(judge);
        held += gate ? 1 : 0;
        for (const { leaf, holds } of leafAnswers(asked)) {
          const answer = `${leaf.operator} ${holds}`;
          answers.set(answer, (answers.get(answer) ?? 0) + 1);
        }
      }),
      { seed: 1, numRuns: cases },
    );
    expect(held / cases).toBeGreaterThan(0.35);
    expect(held / cases).toBeLessThan(0.65);
    const rare = operators.flatMap(({ name }) =>
      [true, false].map((holds) => `${name} ${holds}`).filter((answer) => (answers.get(answer) ?? 0) < 20),
    );
    expect(rare).toEqual([]);
  }, 60_000);

  test('takes the values in the order of the facts that it was compiled for', () => {
    const both = { all: [above('metric:last:a', 1), above('metric:last:b', 10)] };
    const gate = compileGate(both, ['metric:last:b', 'metric:last:c', 'metric:last:a']);
    expect(gate([11, 0, 2])).toBe(true);
    expect(gate([2, 0, 11])).toBe(false);
    expect(gate([])).toBe(false);
  });

  test('asks of what it is not told as of what is missing', () => {
    expect(compileGate(above('metric:last:a', 1), [])([5])).toBe(false);
    expect(compileGate({ fact: 'never', operator: 'fieldIsIn', value: [] }, ['state'])([['running']])).toBe(false);
    expect(compileGate({ fact: 'field:x', operator: 'fieldNotEquals', value: 'a' }, [])([])).toBe(true);
    expect(compileGate(above('toString', 1), ['__proto__', 'constructor'])([5, 5])).toBe(false);
  });

  test('holds for every event where nothing is asked', () => {
    expect(compileGate({ all: [] }, [])([])).toBe(true);
    expect(compileGate({ all: [{ all: [] }, { any: [{ all: [] }] }] }, ['state'])([undefined])).toBe(true);
  });

  test('may be as deep and as wide as a definition', () => {
    let deep = above('a', 1);
    for (let depth = 0; depth < 512; depth += 1) {
      const beside = above('b', depth);
      deep = depth % 2 === 0 ? { all: [beside, deep] } : { any: [deep, beside] };
    }
    const gate = compileGate(deep, ['a', 'b']);
    expect([gate([2, 511]), gate([2, 0]), gate([0, 511])]).toEqual([true, false, true]);
    const wide = { all: Array.from({ length: 10_000 }, (_, index) => above('a', index)) };
    expect(compileGate(wide, ['a'])([10_000])).toBe(true);
    expect(compileGate(wide, ['a'])([9_999])).toBe(false);
  });

  test('of 1,000 values and a field of 100,000 does not compare each with each', () => {
    const list = Array.from({ length: 100_000 }, (_, index) => index);
    const values = Array.from({ length: 1000 }, (_, index) => 100_000 - 1 - index);
    const gates = (['fieldHasAll', 'fieldIsIn'] as const).map((operator) =>
      compileGate({ fact: 'field:x', operator, value: values }, ['field:x']),
    );
    expect(gates.map((gate) => gate([list]))).toEqual([true, true]);
    const askAll = (): void => {
      for (const gate of gates) gate([list]);
    };
    expect(fastest(askAll)).toBeLessThan(40);
  });
});
