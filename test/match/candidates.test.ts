import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scopeKey, scopesOf } from '../../src/definition/scope.js';
import { createAutomationIndex } from '../../src/match/automation-index.js';
import { type FactSource, readFactValues } from '../../src/match/facts.js';
import { type CompiledAutomation, compileAutomation } from '../../src/rule/compiled-automation.js';
import { stored } from '../support/definitions.js';
import { randomDefinition, randomSource } from './random-automations.js';

const seed = 1;

/** Whether an event is any business of an automation, whatever its filter. */
function fits({ automation, metricNames }: CompiledAutomation, { event }: FactSource): boolean {
  const isInScope = scopesOf(event.place).some((scope) => scopeKey(scope) === scopeKey(automation.event.scope));
  if (!automation.enabled || automation.event.type !== event.type || !isInScope) return false;
  return event.type !== 'run.metrics' || event.metrics.names.some((name) => metricNames.has(name));
}

function idsOf(automations: readonly CompiledAutomation[]): string[] {
  return automations.map(({ automation }) => automation.id);
}

type Step = { readonly id: string; readonly definition?: object | undefined } | FactSource;

const id = fc.nat(29).map((at) => `automation-${String(at).padStart(2, '0')}`);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ id, definition: randomDefinition }) },
    { weight: 1, arbitrary: fc.record({ id }) },
    { weight: 4, arbitrary: randomSource },
  ),
  { minLength: 40, maxLength: 80, size: 'max' },
);

describe('the candidates of an event', () => {
  test('are all that match, in their order, and none that the event is no business of, whatever came and went', () => {
    const counts = { fitting: 0, candidates: 0, decided: 0, matches: 0 };
    fc.assert(
      fc.property(steps, (all) => {
        const index = createAutomationIndex();
        for (const step of all) {
          if ('event' in step) {
            const fitting = [...index.all()].filter((each) => fits(each, step));
            const matching = fitting.filter(({ facts, gate }) => gate(readFactValues(facts, step)));
            const found = index.watch(step.event.place).candidates(step);
            const candidates = found.map(({ compiled }) => compiled);
            const ids = idsOf(candidates);
            expect(ids).toEqual([...new Set(ids)].sort());
            expect(ids.filter((each) => !idsOf(fitting).includes(each))).toEqual([]);
            expect(idsOf(matching).filter((each) => !ids.includes(each))).toEqual([]);
            expect(candidates.every((each) => index.get(each.automation.id) === each)).toBe(true);
            // Of what is decided no gate is asked, so it must match.
            const decided = found.filter(({ isDecided }) => isDecided).map(({ compiled }) => compiled);
            expect(idsOf(decided).filter((each) => !idsOf(matching).includes(each))).toEqual([]);
            counts.decided += decided.length;
            counts.fitting += fitting.length;
            counts.candidates += candidates.length;
            counts.matches += matching.length;
          } else if (step.definition === undefined) {
            index.remove(step.id);
          } else {
            index.set(compileAutomation(stored(step.definition, step.id)));
          }
        }
      }),
      { seed, numRuns: 100 },
    );
    expect(counts.matches).toBeGreaterThan(500);
    expect(counts.decided).toBeGreaterThan(20);
    // It is to leave out most of those that do not match.
    expect(counts.candidates - counts.matches).toBeLessThan((counts.fitting - counts.matches) / 2);
  });
});
