import { describe, expect, test } from 'vitest';
import type { ParsedEvent } from '../../src/event/parsed-event.js';
import { compileAutomation } from '../../src/rule/compiled-automation.js';
import { type Json, smallest, stored } from '../support/definitions.js';
import { metricsEvent } from '../support/events.js';
import { parsedEvent } from '../support/parsed-events.js';
import { created, found, idOf, indexOf, onArtifacts, search } from './searches.js';

describe('patterns', () => {
  const named = (name: string): object => metricsEvent({ loss: 2 }, { run: { id: 'run-1', name } });
  const pattern = ($regex: string): Json => ({ name: { $regex }, $metric: { name: 'loss', $gt: 1 } });

  test('that come and go are searched for in texts that are known already', () => {
    const index = indexOf([pattern('^a'), pattern('b$')]);
    expect(found(index, named('ab'), 2)).toEqual([0, 1]);
    const more = compileAutomation(stored({ ...smallest, event: { ...smallest.event, filter: pattern('^ab') } }, '2'));
    index.set(more);
    expect(found(index, named('ab'), 2)).toEqual([0, 1, 2]);
    index.remove(idOf(0));
    expect(found(index, named('ab'), 2)).toEqual([1, 2]);
    index.remove('2');
    index.set(more);
    expect(found(index, named('ab'), 2)).toEqual([1, 2]);
    expect(found(index, named('abb'), 2)).toEqual([1, 2]);
    index.remove('2');
    index.remove(idOf(1));
    expect(found(index, named('ab'), 2)).toEqual([]);
  });

  test('are found whatever texts came between, more than are remembered', () => {
    const index = indexOf([pattern('^run-7$')]);
    const parsed = parsedEvent(named('run-0'));
    for (let at = 0; at < 25_000; at += 1) {
      const event = { ...parsed, run: { id: 'run-1', name: `run-${at}` } } as ParsedEvent;
      expect(search(index, event, 2).found.length === 1).toBe(at === 7);
    }
    expect(found(index, named('run-7'), 2)).toEqual([0]);
    expect(found(index, named('run-0'), 2)).toEqual([]);
  });

  test('are left to the gates in a text or a list that is very long', () => {
    const index = indexOf([pattern('^a'), { tag: { $regex: '^a' }, $metric: { name: 'loss', $gt: 1 } }]);
    expect(found(index, named('b'.repeat(200_000)), 2)).toEqual([0]);
    const tags = Array.from({ length: 1000 }, (_, at) => `b${at}`);
    expect(found(index, metricsEvent({ loss: 2 }, { run: { id: 'run-1', tags } }), 2)).toEqual([1]);
    // What is asked of the metric is asked first.
    expect(found(index, named('b'.repeat(200_000)), 1 / 2)).toEqual([]);
  });
});

describe('large filters', () => {
  test('are found by each of their parts', () => {
    const values = Array.from({ length: 900 }, (_, at) => at);
    const index = onArtifacts([{ x: { $in: values } }, { x: { $in: values.slice(0, 60) } }]);
    expect(found(index, created({ x: 59 }))).toEqual([0, 1]);
    expect(found(index, created({ x: 899 }))).toEqual([0]);
    const names = Array.from({ length: 200 }, (_, at) => `metric-${at}`);
    const either = indexOf([{ $or: names.map((name) => ({ $metric: { name, $gt: 1 } })), tag: 'a' }]);
    const event = metricsEvent({ 'metric-199': 0 }, { run: { id: 'run-1', tags: ['a'] } });
    expect(found(either, event, 2)).toEqual([0]);
    expect(found(either, metricsEvent({ other: 0 }, { run: { id: 'run-1', tags: ['a'] } }), 2)).toEqual([]);
  });

  test('that can never hold are no candidates of anything', () => {
    const index = indexOf([
      { $or: [], $metric: { name: 'loss', $gt: 1 } },
      { x: { $in: [] }, $metric: { name: 'loss', $gt: 1 } },
    ]);
    expect(found(index, metricsEvent({ loss: 2 }), 2)).toEqual([]);
  });

  test('of many automations on fields of their own leave each to be found by its own', () => {
    const index = onArtifacts(Array.from({ length: 1000 }, (_, at) => ({ [`metadata.k${at}`]: at })));
    const model = { id: 'version-1', type: 'model', version: 'v1' };
    expect(found(index, created({ artifact: { ...model, metadata: { k999: 999, k7: 8 } } }))).toEqual([999]);
  });
});

describe('large events', () => {
  test('with a list of many elements are looked through once', () => {
    const index = onArtifacts([{ x: 'a' }, { x: 'b' }]);
    const event = parsedEvent(created({ x: [] }));
    const json = { ...event.json, x: [...Array.from({ length: 100_000 }, () => 'a'), 'b'] };
    expect(search(index, { ...event, json } as ParsedEvent).found).toEqual([0, 1]);
  });

  test('with many metrics find the automations on each of them', () => {
    const names = Array.from({ length: 2000 }, (_, at) => `metric-${at}`);
    const metrics = Object.fromEntries(names.map((name) => [name, 2]));
    const index = indexOf([
      { $metric: { name: 'metric-1999', $gt: 1 } },
      { $metric: { name: 'metric-2000', $gt: 1 } },
      { tag: 'a', $metric: { name: 'metric-0', $gt: 1 } },
    ]);
    const run = { id: 'run-1', tags: ['a', 'b'] };
    expect(found(index, metricsEvent(metrics, { run }), 2)).toEqual([0, 2]);
    const { 'metric-0': _, ...others } = metrics;
    expect(found(index, metricsEvent(others, { run }), 2)).toEqual([0]);
  });
});
