import fc from 'fast-check';
import { type Scope, team } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { eventTypes } from '../../src/definition/event-type.js';
import { scopeContains, scopeKey } from '../../src/definition/scope.js';
import type { ParsedEvent } from '../../src/event/parsed-event.js';
import { type AutomationIndex, createAutomationIndex } from '../../src/match/automation-index.js';
import { type CompiledAutomation, compileAutomation } from '../../src/rule/compiled-automation.js';
import { smallest, stored } from '../support/definitions.js';
import { metricsEvent } from '../support/events.js';
import { parsedEvent } from '../support/parsed-events.js';
import { smallestEvents } from '../support/sample-events.js';

const seed = 1;

/** Few enough that they meet, odd enough that a key made by joining them would let them collide. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'a/b', 'b/a') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('b', 'a","b', 'b","a', '"', '","', '[', '\\', 'ü', '💥', 'project', 'null', ' '),
  },
);
const noName = fc.oneof(name, fc.constant(undefined));

const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.record({ type: fc.constant('organization' as const), organization: name }),
  fc.record({ type: fc.constant('team' as const), entity: name }),
  fc.record({ type: fc.constant('project' as const), entity: name, project: name }),
  fc.record({ type: fc.constant('registry' as const), entity: name, registry: name }),
  fc.record({ type: fc.constant('collection' as const), entity: name, project: name, collection: name }),
  fc.record({ type: fc.constant('collection' as const), entity: name, registry: name, collection: name }),
);

const type = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('run.metrics' as const, 'run.state' as const, 'artifact.created' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...eventTypes, 'custom.deploy' as const) },
);

/** What happens to runs and metrics happens in no collection. */
const hasCollections = (each: string): boolean => /^(artifact|collection|custom)\./.test(each);

const metricName = fc.constantFrom('loss', 'val/loss', 'acc');
const automation = fc
  .record({
    type,
    scope,
    enabled: fc.boolean(),
    metrics: fc.array(metricName, { minLength: 1, maxLength: 2 }),
  })
  .filter((each) => each.scope.type !== 'collection' || hasCollections(each.type));

const event = fc.record({
  type,
  organization: noName,
  entity: name,
  parent: fc.oneof(fc.record({ project: name }), fc.record({ registry: name }), fc.constant({})),
  collection: name,
  metrics: fc.uniqueArray(metricName),
});

type RandomAutomation = typeof automation extends fc.Arbitrary<infer Value> ? Value : never;
type RandomEvent = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

function compiled({ type, scope, enabled, metrics }: RandomAutomation, id: string): CompiledAutomation {
  const filter = type === 'run.metrics' ? { $or: metrics.map((name) => ({ $metric: { name, $gt: 0 } })) } : {};
  return compileAutomation(stored({ ...smallest, enabled, event: { type, scope, filter } }, id));
}

function emitted({ type, organization, entity, parent, collection, metrics }: RandomEvent) {
  const place = { entity, project: undefined, ...parent, ...(organization === undefined ? {} : { organization }) };
  const values = Object.fromEntries(metrics.map((name) => [name, 1]));
  const ofType = { metrics: values, ...(hasCollections(type) ? { collection } : {}) };
  return parsedEvent({ ...smallestEvents[type], registry: undefined, ...ofType, ...place });
}

/** The ids of an event's candidates, when every metric measures the same. */
function candidateIds(index: AutomationIndex, event: ParsedEvent, measured = 1): string[] {
  const source = { event, run: undefined, window: () => measured };
  return index
    .watch(event.place)
    .candidates(source)
    .map(({ compiled }) => compiled.automation.id);
}

/** Whether an event happens in a scope, said plainly. */
function isIn(scope: Scope, { type, organization, entity, parent, collection }: RandomEvent): boolean {
  if (scope.type === 'organization') return scope.organization === organization;
  if (scope.entity !== entity) return false;
  const place: { readonly project?: string; readonly registry?: string } = parent;
  if (scope.type === 'team') return true;
  if (scope.type === 'project') return scope.project === place.project;
  if (scope.type === 'registry') return scope.registry === place.registry;
  const sameParent = scope.project === place.project && scope.registry === place.registry;
  return sameParent && hasCollections(type) && scope.collection === collection;
}

function matches(automation: RandomAutomation, event: RandomEvent): boolean {
  const wantsMetric = event.type === 'run.metrics' && !automation.metrics.some((name) => event.metrics.includes(name));
  return automation.enabled && automation.type === event.type && !wantsMetric && isIn(automation.scope, event);
}

const idOf = (index: number): string => `automation-${String(index).padStart(3, '0')}`;

describe('the candidates of an event', () => {
  test('are the automations that a look at every one of them finds, oldest first', () => {
    let found = 0;
    const automations = fc.array(automation, { maxLength: 40, size: 'max' });
    fc.assert(
      fc.property(automations, fc.array(event, { minLength: 1, maxLength: 20, size: 'max' }), (each, events) => {
        const index = createAutomationIndex();
        for (const [at, random] of each.entries()) index.set(compiled(random, idOf(at)));
        for (const random of events) {
          const expected = each.flatMap((automation, at) => (matches(automation, random) ? [idOf(at)] : []));
          expect(candidateIds(index, emitted(random))).toEqual(expected);
          found += expected.length;
        }
      }),
      { seed, numRuns: 250 },
    );
    expect(found).toBeGreaterThan(250);
  });

  test('follow every change of an automation: its type, its scope, whether it is enabled, whether it is there', () => {
    const change = fc.record({ at: fc.integer({ min: 0, max: 9 }), to: fc.oneof(automation, fc.constant(undefined)) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60, size: 'max' }), event, (changes, random) => {
        const index = createAutomationIndex();
        const now = new Map<string, RandomAutomation>();
        for (const { at, to } of changes) {
          if (to === undefined) index.remove(idOf(at));
          else index.set(compiled(to, idOf(at)));
          if (to === undefined) now.delete(idOf(at));
          else now.set(idOf(at), to);
        }
        const expected = [...now].filter(([, automation]) => matches(automation, random)).map(([id]) => id);
        expect(candidateIds(index, emitted(random))).toEqual(expected.sort());
        expect([...index.all()].map(({ automation }) => automation.id)).toEqual([...now.keys()]);
      }),
      { seed, numRuns: 250 },
    );
  });

  test('do not include one that is disabled, which is watching all the same', () => {
    const index = createAutomationIndex();
    index.set(compileAutomation(stored({ ...smallest, enabled: false }, 'off')));
    const event = parsedEvent(metricsEvent({ accuracy: 1 }));
    expect(candidateIds(index, event, 0.5)).toEqual([]);
    expect(index.watching(['run.metrics'], event.place)).toHaveLength(1);
    expect(index.get('off')?.automation.enabled).toBe(false);
    expect(index.get('on')).toBeUndefined();
  });

  test('include one that names any metric of the event, and none that names others only', () => {
    const index = createAutomationIndex();
    const either = {
      $or: [{ $metric: { name: 'a', $gt: 1 } }, { $not: { $metric: { name: 'constructor', $gt: 1 } } }],
    };
    index.set(compileAutomation(stored({ ...smallest, event: { ...smallest.event, filter: either } })));
    const found = (...names: string[]): number =>
      candidateIds(index, parsedEvent(metricsEvent(Object.fromEntries(names.map((name) => [name, 1]))))).length;
    expect([found('a'), found('constructor'), found('a', 'b')]).toEqual([1, 1, 1]);
    expect([found('b'), found(), found('A'), found('toString')]).toEqual([0, 0, 0, 0]);
  });

  test('keep the order of their creation when one is changed', () => {
    const index = createAutomationIndex();
    for (const id of ['a', 'b', 'c']) index.set(compileAutomation(stored(smallest, id)));
    index.set(compileAutomation(stored({ ...smallest, name: 'changed' }, 'a')));
    expect([...index.all()].map(({ automation }) => automation.id)).toEqual(['a', 'b', 'c']);
    expect(index.get('a')?.automation.name).toBe('changed');
  });

  test('are the same when one is put in that is there already', () => {
    const index = createAutomationIndex();
    const compiled = compileAutomation(stored(smallest, 'a'));
    const event = parsedEvent(metricsEvent({ accuracy: 0.5 }));
    index.set(compiled);
    index.set(compiled);
    expect(candidateIds(index, event, 0.5)).toEqual(['a']);
    index.remove('a');
    expect(candidateIds(index, event, 0.5)).toEqual([]);
  });
});

describe('the name of a scope', () => {
  test('is the same for equal scopes only', () => {
    fc.assert(
      fc.property(scope, scope, (one, other) => {
        const equal = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(scopeKey(one) === scopeKey(other)).toBe(equal);
      }),
      { seed, numRuns: 3000 },
    );
  });

  test('tells which scopes are inside which', () => {
    const collection: Scope = { type: 'collection', entity: 'a', registry: 'r', collection: 'c' };
    const within = (outer: Scope): boolean => scopeContains(outer, collection);
    expect(within(team('a'))).toBe(true);
    expect(within({ type: 'registry', entity: 'a', registry: 'r' })).toBe(true);
    expect(within(collection)).toBe(true);
    expect(within({ type: 'project', entity: 'a', project: 'r' })).toBe(false);
    expect(within(team('b'))).toBe(false);
    expect(scopeContains(collection, team('a'))).toBe(false);
  });
});
