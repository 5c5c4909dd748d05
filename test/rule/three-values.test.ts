import fc from 'fast-check';
import { Engine } from 'json-rules-engine';
import { type FilterJson, operators, toRule } from 'tocsin';
import { describe, expect, test } from 'vitest';
import type { FilterLeaf } from '../../src/definition/filter.js';
import { isMetricLeaf, toFilter } from '../../src/definition/filter-tree.js';
import { explainFilter } from '../../src/firing/explain-filter.js';
import type { Outcome } from '../../src/firing/explanation.js';
import { toConditions } from '../../src/rule/conditions.js';
import { metricFact } from '../../src/rule/fact.js';
import { compileLeaf } from '../../src/rule/gate.js';
import { bindRule } from '../../src/rule/verdict.js';
import { parsed, withFilter } from '../support/definitions.js';
import { gateHolds } from '../support/gate-and-judge.js';
import { all, type Facts, judge, type Truth } from '../support/kleene.js';
import { filterAndFacts } from '../support/random-filters.js';

const seed = 1;

/** What every automation on run states asks besides its filter. */
function judgeRunState(filter: FilterJson, facts: Facts): Truth {
  const states = facts['state'] as string[];
  const rings = ['running', 'finished', 'failed', 'crashed'].some((state) => states.includes(state));
  return all([
    rings || (states.includes('killed') && JSON.stringify(filter).includes('"killed"')),
    judge(filter, facts),
  ]);
}

function ruleOf(filter: FilterJson) {
  return toRule(parsed(withFilter(filter, 'run.state')));
}

describe('a rule', () => {
  test('is true for the gate and for json-rules-engine exactly where it is true in three-valued logic', async () => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(filterAndFacts, async ({ filter, facts }) => {
        const rule = ruleOf(filter);
        const expected = judgeRunState(filter, facts) === true;
        expect(gateHolds(rule.conditions, facts)).toBe(expected);
        expect((await bindRule(rule)(facts)).matched).toBe(expected);
        held += expected ? 1 : 0;
      }),
      { seed, numRuns: 3000 },
    );
    expect(held).toBeGreaterThan(500);
  });

  test('says the same in an Engine of the host with our operators', async () => {
    await fc.assert(
      fc.asyncProperty(filterAndFacts, async ({ filter, facts }) => {
        const engine = new Engine([], { allowUndefinedFacts: true });
        for (const { name, evaluate } of operators) engine.addOperator(name, evaluate);
        engine.addRule(JSON.parse(JSON.stringify(ruleOf(filter))));
        const { events } = await engine.run(facts);
        expect(events.length === 1).toBe(judgeRunState(filter, facts) === true);
      }),
      { seed, numRuns: 700 },
    );
  });

  test('and the rule of its contrary are never both true, and both are not where a window cannot tell', () => {
    let undecided = 0;
    fc.assert(
      fc.property(filterAndFacts, ({ filter, facts }) => {
        const tree = toFilter(filter);
        const both = [tree, { type: 'not', filter: tree } as const].map((each) => toConditions(each));
        const truth = judge(filter, facts);
        expect(both.map((conditions) => gateHolds(conditions, facts))).toEqual([truth === true, truth === false]);
        undecided += truth === undefined ? 1 : 0;
      }),
      { seed, numRuns: 2000 },
    );
    expect(undecided).toBeGreaterThan(100);
  });

  test('is explained in the three values, false apart from indeterminate', () => {
    const outcomeOf = (truth: Truth): Outcome => (truth === undefined ? 'indeterminate' : truth ? 'true' : 'false');
    fc.assert(
      fc.property(filterAndFacts, ({ filter, facts }) => {
        const { outcome } = explainFilter(toFilter(filter), (leaf) => {
          const left = isMetricLeaf(leaf) ? facts[metricFact(leaf).id] : undefined;
          const isTold =
            leaf.type === 'finite' ? typeof left === 'boolean' : typeof left === 'number' && !Number.isNaN(left);
          const known = !isMetricLeaf(leaf) || isTold;
          return {
            type: 'state',
            outcome: outcomeOf(known ? holds(leaf, facts) : undefined),
            left: undefined,
            right: [],
          };
        });
        expect(outcome).toBe(outcomeOf(judge(filter, facts)));
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('is plain JSON', () => {
    fc.assert(
      fc.property(filterAndFacts, ({ filter }) => {
        const rule = ruleOf(filter);
        expect(JSON.parse(JSON.stringify(rule))).toEqual(rule);
        expect(JSON.stringify(rule)).not.toMatch(/"not":|"any":\[\]/);
      }),
      { seed, numRuns: 500 },
    );
  });
});

function holds(leaf: FilterLeaf, facts: Facts): boolean {
  const condition = toConditions(leaf);
  return 'fact' in condition && compileLeaf(condition)(facts[condition.fact]);
}
