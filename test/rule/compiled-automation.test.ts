import { toRule } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import { measureId } from '../../src/rule/fact.js';
import { type Json, onArtifacts, smallest, stored, withFilter } from '../support/definitions.js';

const hourMs = 3_600_000;
const compiled = (definition: unknown) => compileAutomation(stored(definition));
const policyOf = (definition: Json) => {
  const { cooldown } = compiled(definition);
  return [cooldown.ms, cooldown.per];
};

describe('a compiled automation', () => {
  test('rings once a run in 24 hours for metrics, once a run and state in 24 hours for states, else every time', () => {
    expect(policyOf(smallest)).toEqual([24 * hourMs, 'run']);
    expect(policyOf(withFilter({}, 'run.state'))).toEqual([24 * hourMs, 'run-state']);
    expect(policyOf(withFilter({}, 'anomaly.detected'))).toEqual([hourMs, 'metric']);
    for (const type of [
      'run.alert',
      'artifact.created',
      'artifact.alias-removed',
      'collection.tag-added',
      'custom.x',
    ]) {
      expect(policyOf(withFilter({}, type))).toEqual([0, 'automation']);
    }
  });

  test.each([
    ['1.5h', 1.5 * hourMs],
    ['15m', hourMs / 4],
    ['30s', 30_000],
    ['500ms', 500],
    ['7d', 168 * hourMs],
    [1234, 1234],
    [0, 0],
  ])('with a cooldown of %j rings again after %d ms', (cooldown, ms) => {
    expect(policyOf({ ...smallest, policy: { cooldown } })).toEqual([ms, 'run']);
  });

  test('may count otherwise and keep the usual time', () => {
    expect(policyOf({ ...smallest, policy: { per: 'automation' } })).toEqual([24 * hourMs, 'automation']);
  });

  test('has a rate limit only where it says so, by default for the automation as a whole', () => {
    expect(compiled(smallest).rateLimit).toBeUndefined();
    expect(compiled({ ...smallest, policy: { rateLimit: { max: 3, window: '1m' } } }).rateLimit).toEqual({
      max: 3,
      windowMs: 60_000,
      per: 'automation',
    });
  });

  test('asks for each fact once, and knows the metrics it cannot do without', () => {
    const leaf = { $metric: { name: 'loss', $gt: 1 } };
    const filter = {
      $or: [leaf, { $not: leaf }, { $metric: { name: 'loss', agg: 'avg', window: 3, $gt: 1 } }],
      name: 'x',
    };
    const { facts, metricFacts, metricNames } = compiled(withFilter(filter));
    expect(facts.map(({ id }) => id).sort()).toEqual(['field:name', 'metric:avg:3:loss', 'metric:last:loss']);
    expect(metricFacts.map(({ measure }) => measureId(measure)).sort()).toEqual(['avg:3', 'last']);
    expect([...metricNames]).toEqual(['loss']);
  });

  test('asks its gate of the values of its facts, in their order', () => {
    const filter = { name: 'prod', $metric: { name: 'loss', $gt: 1 }, $zscore: { name: 'loss', threshold: 3 } };
    const { facts, gate } = compiled(withFilter(filter));
    const known: Record<string, unknown> = {
      'metric:zscore:run:30:loss': -4,
      'field:name': 'prod',
      'metric:last:loss': 2,
    };
    const values = facts.map(({ id }) => known[id]);
    expect(values).toHaveLength(3);
    expect(gate(values)).toBe(true);
    for (const place of facts.keys()) expect(gate(values.with(place, undefined))).toBe(false);
  });

  test('says what its rule asks, as toRule writes it', () => {
    const definition = withFilter({ $state: 'failed', name: { $regex: '^prod' } }, 'run.state');
    const { automation, conditions } = compiled(definition);
    expect(conditions).toEqual(toRule(automation).conditions);
  });

  test('on run states always asks for the state', () => {
    expect(compiled(withFilter({}, 'run.state')).facts).toMatchObject([{ type: 'state', id: 'state' }]);
    expect(compiled(onArtifacts({})).facts).toEqual([]);
  });

  test('without a filter holds for every event of its type', () => {
    expect(compiled(onArtifacts(undefined)).gate([])).toBe(true);
    const { gate } = compiled(withFilter(undefined, 'run.state'));
    const rings = [['finished'], ['running'], ['crashed', 'failed'], ['killed'], ['preempted']].map((state) =>
      gate([state]),
    );
    expect(rings).toEqual([true, true, true, false, false]);
  });

  test('waiting for failed holds for crashed, and for killed only where killed is named', () => {
    const holds = ($state: string, state: string[]): boolean =>
      compiled(withFilter({ $state }, 'run.state')).gate([state]);
    expect(holds('failed', ['crashed', 'failed'])).toBe(true);
    expect(holds('crashed', ['failed'])).toBe(false);
    expect(holds('killed', ['killed'])).toBe(true);
    expect(compiled(withFilter({ $not: { $state: 'finished' } }, 'run.state')).gate([['killed']])).toBe(false);
  });
});
