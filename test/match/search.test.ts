import { describe, expect, test } from 'vitest';
import type { Json } from '../support/definitions.js';
import { aliasAdded, metricsEvent, stateEvent } from '../support/events.js';
import { parsedEvent } from '../support/parsed-events.js';
import { created, found, idOf, indexOf, onArtifacts, search } from './searches.js';

describe('thresholds', () => {
  const limits = Array.from({ length: 1000 }, (_, at) => at);

  test('of one measure cost one look at it, however many they are', () => {
    const above = limits.map((at) => ({ $metric: { name: 'loss', $gt: at } }));
    const below = limits.map((at) => ({ $metric: { name: 'loss', $lt: -at } }));
    const index = indexOf([...above, ...below]);
    expect(search(index, parsedEvent(metricsEvent({ loss: 0.5 })), -0.5)).toEqual({ found: [1000], reads: 1 });
    expect(search(index, parsedEvent(metricsEvent({ loss: 2.5 })), 2.5)).toEqual({ found: [0, 1, 2], reads: 1 });
    expect(search(index, parsedEvent(metricsEvent({ loss: 0 })), Number.NaN)).toEqual({ found: [], reads: 1 });
    expect(search(index, parsedEvent(metricsEvent({ loss: 0 })), undefined)).toEqual({ found: [], reads: 1 });
    expect(search(index, parsedEvent(metricsEvent({ other: 0 })), 2.5)).toEqual({ found: [], reads: 0 });
  });

  test('of a measure that no automation waits for any more cost nothing', () => {
    const index = indexOf([
      { $metric: { name: 'loss', $gt: 1 } },
      { $metric: { name: 'loss', agg: 'avg', window: 5, $gt: 1 } },
      { tag: 'a', $metric: { name: 'loss', agg: 'max', window: 5, $gt: 1 } },
    ]);
    const event = parsedEvent(metricsEvent({ loss: 1 }, { run: { id: 'run-1', tags: ['a'] } }));
    const readsAfterRemoving = (at: number): number => {
      index.remove(idOf(at));
      return search(index, event, 0).reads;
    };
    expect(search(index, event, 0).reads).toBe(3);
    expect([1, 2, 0].map(readsAfterRemoving)).toEqual([2, 1, 0]);
  });

  test('are met by the infinities, by a zero of either sign, and by a change in either direction', () => {
    const metric = (test: Json): Json => ({ $metric: { name: 'loss', ...test } });
    const change = { $change: { name: 'loss', kind: 'absolute', amount: 2 } };
    const index = indexOf([
      metric({ $gt: 1e308 }),
      metric({ $lte: 0 }),
      metric({ $gte: -0 }),
      metric({ $eq: 0 }),
      change,
    ]);
    const at = (value: number) => found(index, metricsEvent({ loss: value }), value);
    expect(at(Number.POSITIVE_INFINITY)).toEqual([0, 2, 4]);
    expect(at(Number.NEGATIVE_INFINITY)).toEqual([1, 4]);
    expect(at(0)).toEqual([1, 2, 3]);
    expect(at(-0)).toEqual([1, 2, 3]);
    expect(at(-2)).toEqual([1, 4]);
    expect(at(1.5)).toEqual([2]);
  });

  test('ring on the metric that is logged, also where another one passes', () => {
    const either = { $or: [{ $metric: { name: 'a', $gt: 1 } }, { $metric: { name: 'b', $gt: 1 } }] };
    const index = indexOf([either]);
    const event = parsedEvent(metricsEvent({ a: 0 }));
    const onlyB = ({ name }: { readonly name: string }): number => (name === 'b' ? 2 : 0);
    expect(index.watch(event.place).candidates({ event, run: undefined, window: onlyB })).toHaveLength(1);
  });

  test('of a metric that every event logs do not hide what must be finite', () => {
    const index = indexOf([
      { $metric: { name: 'loss', $finite: false } },
      { $metric: { name: 'loss', $finite: true } },
    ]);
    expect(found(index, metricsEvent({ loss: 'NaN' }), false)).toEqual([0]);
    expect(found(index, metricsEvent({ loss: 1 }), true)).toEqual([1]);
  });
});

describe('fields', () => {
  test('are told apart by value and type, a list by its elements', () => {
    const index = onArtifacts([
      { x: 1 },
      { x: '1' },
      { x: true },
      { x: null },
      { x: 0 },
      { x: { $in: ['', 'a', 'a'] } },
    ]);
    expect(found(index, created({ x: 1 }))).toEqual([0]);
    expect(found(index, created({ x: '1' }))).toEqual([1]);
    expect(found(index, created({ x: true }))).toEqual([2]);
    expect(found(index, created({ x: null }))).toEqual([3]);
    expect(found(index, created({ x: -0 }))).toEqual([4]);
    expect(found(index, created({ x: ['a', 1, '', 'a', 'b'] }))).toEqual([0, 5]);
    expect(found(index, created({ x: [['a']] }))).toEqual([]);
    expect(found(index, created({ x: { a: 1 } }))).toEqual([]);
    expect(found(index, created({}))).toEqual([]);
  });

  test('and values may have names that mean something to JavaScript', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const index = onArtifacts(
      names.map((alias) => ({ alias })),
      'artifact.alias-added',
    );
    for (const [at, name] of names.entries()) expect(found(index, aliasAdded(name))).toEqual([at]);
    expect(found(index, aliasAdded('isPrototypeOf'))).toEqual([]);
    const byField = onArtifacts([{ toString: 'a' }, { hasOwnProperty: 'a' }]);
    expect(found(byField, created({}))).toEqual([]);
    expect(found(byField, created({ toString: 'a' }))).toEqual([0]);
  });

  test('that all automations ask alike do not keep the others from telling them apart', () => {
    const index = onArtifacts(
      Array.from({ length: 1000 }, (_, at) => ({ artifactType: 'model', alias: `alias-${at}` })),
      'artifact.alias-added',
    );
    expect(found(index, aliasAdded('alias-999'))).toContain(999);
    expect(found(index, aliasAdded('alias-999')).length).toBeLessThan(20);
  });

  test('must hold besides what a metric must be', () => {
    const index = indexOf([
      { name: 'prod', $metric: { name: 'loss', $gt: 1 } },
      { tag: { $regex: '^a' }, $metric: { name: 'loss', $gt: 1 } },
    ]);
    const event = (name: string, tags: string[]) => metricsEvent({ loss: 2 }, { run: { id: 'run-1', name, tags } });
    expect(found(index, event('prod', ['b', 'ab']), 2)).toEqual([0, 1]);
    expect(found(index, event('prod', ['b', 'ab']), 1 / 2)).toEqual([]);
    expect(found(index, event('test', ['ba']), 2)).toEqual([]);
  });

  test('that say the same twice are no reason to look at a metric twice', () => {
    const index = indexOf(['a', 'b'].map((tag) => ({ tag, $metric: { name: 'loss', $gt: 1 } })));
    const event = parsedEvent(metricsEvent({ loss: 2 }, { run: { id: 'run-1', tags: ['a', 'a', 'b', 'a'] } }));
    expect(search(index, event, 2)).toEqual({ found: [0, 1], reads: 2 });
  });

  test('may be the state that a run comes into, of which failed is one that has crashed', () => {
    const index = indexOf(
      [{ $state: 'failed' }, { $state: ['finished', 'crashed'] }, {}, { $state: 'killed' }],
      'run.state',
    );
    expect(found(index, stateEvent('crashed'))).toEqual([0, 1, 2]);
    expect(found(index, stateEvent('failed'))).toEqual([0, 2]);
    expect(found(index, stateEvent('finished'))).toEqual([1, 2]);
  });
});
