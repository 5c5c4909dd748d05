import { defaultLimits } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { metricValueOf } from '../../src/event/metric-values.js';
import { parseEvent } from '../../src/event/parse-event.js';
import { metricsEvent } from '../support/events.js';
import { eventFaults, parsedEvent } from '../support/parsed-events.js';

/** The numbers that windows get. */
function numbers(metrics: unknown): Record<string, number> {
  const event = parsedEvent(metricsEvent(metrics as never));
  if (!('metrics' in event)) return {};
  const { names, values } = event.metrics;
  return Object.fromEntries(names.map((name, index) => [name, values[index] as number]));
}

describe('the metrics of an event', () => {
  test('may be any numbers, also by the names of those that JSON lacks', () => {
    expect(numbers({ a: 1.5, b: 'NaN', c: 'Infinity', d: '-Infinity', e: Number.NaN, f: -1 / 0, g: -0 })).toEqual({
      a: 1.5,
      b: Number.NaN,
      c: Number.POSITIVE_INFINITY,
      d: Number.NEGATIVE_INFINITY,
      e: Number.NaN,
      f: Number.NEGATIVE_INFINITY,
      g: -0,
    });
  });

  test('are recorded as JSON can say them', () => {
    const { json } = parsedEvent(metricsEvent({ a: 1, b: Number.NaN, c: 1 / 0, d: '-Infinity' }));
    expect(json['metrics']).toEqual({ a: 1, b: 'NaN', c: 'Infinity', d: '-Infinity' });
  });

  test.each([
    '5',
    'nan',
    'inf',
    '+Infinity',
    '',
    null,
    undefined,
    true,
    [1],
    {},
    1n,
    () => 1,
    Symbol('x'),
    new Date(0),
  ])('may not be %s', (value) => {
    const { issues } = parseEvent(metricsEvent({ fine: 1, 'val/loss': value as never }), 0, defaultLimits);
    expect(issues).toMatchObject([{ code: 'invalid_type', path: 'metrics["val/loss"]' }]);
    expect(issues?.[0]?.message).toMatch(/^Expected a number or "NaN", "Infinity", "-Infinity", got /);
  });

  test.each([null, 5, 'loss', [1], new Map([['loss', 1]]), new Float64Array(2), new Date(0)])(
    'are no %s',
    (metrics) => {
      expect(eventFaults(metricsEvent(metrics as never))).toEqual(['invalid_type metrics']);
    },
  );

  test('may have any names, and none of them reaches a prototype', () => {
    const metrics = JSON.parse('{"__proto__":1,"constructor":2,"toString":3,"a.b/c":4,"":5," ":6}') as Record<
      string,
      number
    >;
    expect(Object.entries(numbers(metrics)).sort()).toEqual(Object.entries(metrics).sort());
    const { json } = parsedEvent(metricsEvent(metrics));
    expect(Object.getPrototypeOf(json['metrics'])).toBe(Object.prototype);
  });

  test('may be none', () => {
    expect(numbers({})).toEqual({});
  });

  test('may be 10,000 and no more', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, index]));
    expect(Object.keys(numbers(many(10_000)))).toHaveLength(10_000);
    expect(eventFaults(metricsEvent(many(10_001)))).toEqual(['limit_exceeded metrics']);
    expect(eventFaults(metricsEvent(many(3)), { ...defaultLimits, eventMetrics: 2 })).toEqual([
      'limit_exceeded metrics',
    ]);
  });

  test('may have names of 256 KiB in all and no more', () => {
    const long = (characters: number) => ({ ['m'.repeat(characters)]: 1 });
    expect(eventFaults(metricsEvent(long(262_000)))).toEqual([]);
    expect(eventFaults(metricsEvent(long(262_144)))).toEqual(['limit_exceeded metrics']);
  });

  test('do not change when the host changes its object', () => {
    const metrics = { loss: 1 };
    const event = parsedEvent(metricsEvent(metrics));
    metrics.loss = 2;
    expect('metrics' in event ? metricValueOf(event.metrics, 'loss') : undefined).toBe(1);
    expect(event.json['metrics']).toEqual({ loss: 1 });
  });
});
