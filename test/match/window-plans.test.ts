import { describe, expect, test } from 'vitest';
import { createAutomationIndex } from '../../src/match/automation-index.js';
import { createWindowPlans } from '../../src/match/window-plans.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import type { WindowPlan } from '../../src/window/live-run.js';
import { smallest, stored } from '../support/definitions.js';

const place = { entity: 'my-team', project: 'my-project' };

function onMetrics(id: string, $metric: object, more: object = {}) {
  const event = { ...smallest.event, filter: { $metric: { name: 'loss', $gt: 1, ...$metric } } };
  return compileAutomation(stored({ ...smallest, event, ...more }, id));
}

function idsOf(plan: WindowPlan): string[] {
  return plan.map(({ id }) => id);
}

describe('the windows that a run needs', () => {
  test('are those of every automation that watches its place, each once, enabled or not', () => {
    const index = createAutomationIndex();
    const plans = createWindowPlans(index);
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
    expect(idsOf(createWindowPlans(index)(place))).toEqual(['metric:min:3:accuracy']);
  });

  test('stay the same object until an automation changes', () => {
    const index = createAutomationIndex();
    const plans = createWindowPlans(index);
    index.set(onMetrics('1', {}));
    const before = plans(place);
    expect(plans({ ...place })).toBe(before);
    index.set(onMetrics('1', { agg: 'avg', window: 2 }));
    expect(idsOf(plans(place))).toEqual(['metric:avg:2:loss']);
    index.remove('1');
    expect(plans(place)).toEqual([]);
  });
});
