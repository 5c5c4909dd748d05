import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBoundedMemory } from '../../src/match/bounded-memory.js';
import { addRule, createRuleSet, removeRule } from '../../src/match/rule-set.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import { stored } from '../support/definitions.js';
import { randomDefinition } from './random-automations.js';

const memory = createBoundedMemory(10);

test('a set of rules keeps nothing of those that are gone, in whichever order they went', () => {
  const definitions = fc.array(fc.tuple(randomDefinition, fc.nat()), { minLength: 1, maxLength: 20, size: 'max' });
  fc.assert(
    fc.property(definitions, (all) => {
      const rules = createRuleSet(memory);
      const compiled = all.map(([definition], at) => compileAutomation(stored(definition, String(at))));
      for (const each of compiled) addRule(rules, each, Number.NaN);
      expect(rules.positions.size).toBe(all.length);
      const orderOf = new Map(compiled.map((each, at) => [each, all[at]?.[1] ?? 0]));
      for (const each of compiled.toSorted((left, right) => (orderOf.get(left) ?? 0) - (orderOf.get(right) ?? 0))) {
        removeRule(rules, each);
      }
      expect(rules).toEqual(createRuleSet(memory));
    }),
    { seed: 1, numRuns: 100 },
  );
});
