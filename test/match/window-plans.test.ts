import { describe, expect, test } from 'vitest';
import { createAutomationIndex } from '../../src/match/automation-index.js';
import { createWindowPlans } from '../../src/match/window-plans.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import { smallest, stored } from '../support/definitions.js';

const place = { entity: 'my-team', project: 'my-project' };

function onMetrics(id: string, $metric: object, more: object = {}) {
  const event = { ...smallest.event, filter: { $metric: { name: 'loss', $gt: 1, ...$metric } } };
  return compileAutomation(stored({ ...smallest, event, ...more }, id));
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
    expect(plans(place)).toEqual([
      { name: 'loss', aggregation: 'none', window: 1 },
      { name: 'loss', aggregation: 'avg', window: 5 },
      { name: 'loss', aggregation: 'max', window: 9 },
    ]);
    expect(plans({ entity: 'their-team', project: 'p' })).toEqual([
      { name: 'accuracy', aggregation: 'none', window: 1 },
    ]);
    expect(plans({ entity: 'nobody' })).toEqual([]);
  });

  test('include those that an automation on run states reads', () => {
    const index = createAutomationIndex();
    const filter = { $state: 'finished', $metric: { name: 'accuracy', agg: 'min', window: 3, $lt: 0.9 } };
    index.set(compileAutomation(stored({ ...smallest, event: { ...smallest.event, type: 'run.state', filter } })));
    expect(createWindowPlans(index)(place)).toEqual([{ name: 'accuracy', aggregation: 'min', window: 3 }]);
  });

  test('stay the same object until an automation changes', () => {
    const index = createAutomationIndex();
    const plans = createWindowPlans(index);
    index.set(onMetrics('1', {}));
    const before = plans(place);
    expect(plans({ ...place })).toBe(before);
    index.set(onMetrics('1', { agg: 'avg', window: 2 }));
    expect(plans(place)).toEqual([{ name: 'loss', aggregation: 'avg', window: 2 }]);
    index.remove('1');
    expect(plans(place)).toEqual([]);
  });
});
