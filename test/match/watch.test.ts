import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScopePlace } from '../../src/definition/scope.js';
import { type AutomationIndex, createAutomationIndex } from '../../src/match/automation-index.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import type { WindowPlan } from '../../src/window/live-run.js';
import { smallest, stored } from '../support/definitions.js';

const place = { entity: 'my-team', project: 'my-project' };

function onMetrics(id: string, $metric: object, more: object = {}) {
  const event = { ...smallest.event, filter: { $metric: { name: 'loss', $gt: 1, ...$metric } } };
  return compileAutomation(stored({ ...smallest, event, ...more }, id));
}

function plansOf(index: AutomationIndex): (place: ScopePlace) => WindowPlan {
  return (place) => index.watch(place).plan;
}

function idsOf(plan: WindowPlan): string[] {
  return plan.map(({ id }) => id);
}

describe('the windows that a run needs', () => {
  test('are those of every automation that watches its place, each once, enabled or not', () => {
    const index = createAutomationIndex();
    const plans = plansOf(index);
    index.set(onMetrics('1', {}));
    index.set(onMetrics('2', { agg: 'avg', window: 5 }));
    index.set(onMetrics('3', { agg: 'avg', window: 5, minSamples: 2 }));
    index.set(onMetrics('4', { agg: 'max', window: 9 }, { enabled: false }));
    const elsewhere = { type: 'team', entity: 'their-team' };
    index.set(compileAutomation(stored({ ...smallest, event: { ...smallest.event, scope: elsewhere } }, '5')));
    index.set(onMetrics('6', { agg: 'avg', window: 5 }));
    expect(idsOf(plans(place))).toEqual([
      'metric:last:loss',
      'metric:avg:5:loss',
      'metric:avg:5/2:loss',
      'metric:max:9:loss',
    ]);
    expect(idsOf(plans({ entity: 'their-team', project: 'p' }))).toEqual(['metric:last:accuracy']);
    expect(plans({ entity: 'nobody' })).toEqual([]);
  });

  test('include those that an automation on run states reads', () => {
    const index = createAutomationIndex();
    const filter = { $state: 'finished', $metric: { name: 'accuracy', agg: 'min', window: 3, $lt: 0.9 } };
    index.set(compileAutomation(stored({ ...smallest, event: { ...smallest.event, type: 'run.state', filter } })));
    expect(idsOf(plansOf(index)(place))).toEqual(['metric:min:3:accuracy']);
  });

  test('stay the same object until an automation changes', () => {
    const index = createAutomationIndex();
    const plans = plansOf(index);
    index.set(onMetrics('1', {}));
    const before = plans(place);
    expect(plans({ ...place })).toBe(before);
    index.set(onMetrics('1', { agg: 'avg', window: 2 }));
    expect(idsOf(plans(place))).toEqual(['metric:avg:2:loss']);
    index.remove('1');
    expect(plans(place)).toEqual([]);
  });
});

describe('the plan of a place', () => {
  const onTeam = { event: { ...smallest.event, scope: { type: 'team', entity: 'my-team' } } };
  const elsewhere = { event: { ...smallest.event, scope: { type: 'project', entity: 'my-team', project: 'other' } } };
  const ofOrganization = { event: { ...smallest.event, scope: { type: 'organization', organization: 'acme' } } };
  const compiled = (id: string, more: object = {}) => compileAutomation(stored({ ...smallest, ...more }, id));

  test('stays the same object when automations change that ask for nothing new there', () => {
    const index = createAutomationIndex();
    const plans = plansOf(index);
    index.set(compiled('1'));
    const before = plans(place);
    index.set(compiled('2'));
    expect(plans(place)).toBe(before);
    index.set(compiled('3', elsewhere));
    expect(plans(place)).toBe(before);
    index.set(compiled('4', onTeam));
    expect(plans(place)).toBe(before);
    index.set(compiled('5', ofOrganization));
    expect(plans(place)).toBe(before);
    expect(plans({ ...place, organization: 'acme' })).toBe(before);
    index.set(compiled('1', { enabled: false }));
    expect(plans(place)).toBe(before);
    index.remove('1');
    index.remove('3');
    expect(plans(place)).toBe(before);
    index.set(onMetrics('6', { name: 'loss' }));
    expect(idsOf(plans(place)).sort()).toEqual(['metric:last:accuracy', 'metric:last:loss']);
  });

  test('is that of the team where a project asks for nothing more', () => {
    const index = createAutomationIndex();
    const plans = plansOf(index);
    index.set(compiled('1', onTeam));
    const ofTeam = plans({ entity: 'my-team', project: 'any' });
    index.set(compiled('2'));
    expect(plans(place)).toBe(ofTeam);
    index.remove('2');
    expect(plans(place)).toBe(ofTeam);
  });

  test('stays the same object when an automation is changed into one that asks for the same', () => {
    const index = createAutomationIndex();
    index.set(onMetrics('1', { $gt: 1 }));
    const before = plansOf(index)(place);
    index.set(onMetrics('1', { $gt: 2 }));
    expect(plansOf(index)(place)).toBe(before);
  });

  test('follows what is asked for in the team, the project and the organization, whatever comes and goes', () => {
    const random = fc.record({
      id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
      scope: fc.constantFrom(
        smallest.event.scope,
        onTeam.event.scope,
        elsewhere.event.scope,
        ofOrganization.event.scope,
      ),
      names: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
      isThere: fc.boolean(),
      isSeen: fc.boolean(),
    });
    const places: ScopePlace[] = [
      place,
      { ...place, organization: 'acme' },
      { organization: 'acme', entity: 'their-team', project: 'p' },
      { entity: 'my-team', registry: 'other' },
    ];
    fc.assert(
      fc.property(fc.array(random, { maxLength: 40, size: 'max' }), (changes) => {
        const index = createAutomationIndex();
        for (const { id, scope, names, isThere, isSeen } of changes) {
          const filter = { $and: names.map((name) => ({ $metric: { name, $gt: 1 } })) };
          if (isThere) index.set(compiled(id, { event: { ...smallest.event, scope, filter } }));
          else index.remove(id);
          for (const each of isSeen ? places : []) {
            const expected = index.watching(['run.metrics'], each).flatMap(({ metricFacts }) => idsOf(metricFacts));
            expect(idsOf(index.watch(each).plan).sort()).toEqual([...new Set(expected)].sort());
          }
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('a watch', () => {
  test('is empty only where no automation, enabled or not, is on metrics or states of runs', () => {
    const index = createAutomationIndex();
    const isEmpty = (): boolean => index.watch(place).isEmpty;
    expect(isEmpty()).toBe(true);
    const artifacts = { ...smallest.event, type: 'artifact.created', filter: {} };
    index.set(compileAutomation(stored({ ...smallest, event: artifacts }, '1')));
    expect(isEmpty()).toBe(true);
    const states = { ...smallest.event, type: 'run.state', filter: {}, scope: { type: 'team', entity: 'my-team' } };
    index.set(compileAutomation(stored({ ...smallest, event: states, enabled: false }, '2')));
    expect(isEmpty()).toBe(false);
    index.remove('2');
    expect(isEmpty()).toBe(true);
    index.set(onMetrics('3', {}));
    expect(isEmpty()).toBe(false);
    expect(index.watch({ entity: 'my-team', registry: 'my-project' }).isEmpty).toBe(true);
  });

  test('is the same one for all places that no automation names, so that they take no room', () => {
    const index = createAutomationIndex();
    index.set(onMetrics('1', {}));
    const nobody = index.watch({ entity: 'nobody' });
    expect(index.watch({ entity: 'somebody', project: 'else', organization: 'acme' })).toBe(nobody);
    expect(index.watch({ entity: 'my-team', project: 'a' })).toBe(index.watch({ entity: 'my-team', project: 'b' }));
    index.remove('1');
    expect(index.watch(place)).toBe(nobody);
  });

  test('of a place is made once, also where it is in an organization that automations name', () => {
    const index = createAutomationIndex();
    const scope = { type: 'organization', organization: 'acme' };
    index.set(onMetrics('1', {}));
    index.set(compileAutomation(stored({ ...smallest, event: { ...smallest.event, scope } }, '2')));
    const inOrganization = { ...place, organization: 'acme' };
    expect(index.watch({ ...place })).toBe(index.watch(place));
    expect(index.watch({ ...inOrganization })).toBe(index.watch(inOrganization));
    expect(idsOf(index.watch(inOrganization).plan).sort()).toEqual(['metric:last:accuracy', 'metric:last:loss']);
  });
});
