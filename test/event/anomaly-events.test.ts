import { defaultLimits } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../src/event/parse-event.js';
import { eventFaults, parsedEvent } from '../support/parsed-events.js';
import { fullestEvents, smallestEvents } from '../support/sample-events.js';

const detected = smallestEvents['anomaly.detected'];

describe('an anomaly', () => {
  test('is told by its metric and timestamp, and by its id where it has one', () => {
    expect(parsedEvent(detected)).toMatchObject({
      family: 'anomaly',
      metric: 'server-1.cpu.user',
      value: 98.5,
      timestamp: 1_755_000_000,
      anomalyId: undefined,
    });
    expect(parsedEvent(fullestEvents['anomaly.detected'])).toMatchObject({ anomalyId: 'anomaly-1' });
  });

  test.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('may have the value %s, by its number or its name', (number, name) => {
    for (const value of [number, name]) {
      const parsed = parsedEvent({ ...detected, value });
      expect(parsed).toMatchObject({ value: number });
      expect(parsed.json['value']).toBe(name);
    }
  });

  test.each([['5'], ['nan'], ['+Infinity'], [''], [null], [true], [[1]], [{}]])(
    'may not have the value %j',
    (value) => {
      const [issue] = parseEvent({ ...detected, value }, 0, defaultLimits).issues ?? [];
      expect(issue).toMatchObject({ code: 'invalid_type', path: 'value' });
      expect(issue?.message).toMatch(/^Expected a number or "NaN", "Infinity", "-Infinity", got /);
    },
  );

  test('has a timestamp that is a number, in the host’s own measure', () => {
    for (const timestamp of [1_755_000_000, 1_755_000_000_000, 0.5, -1]) {
      expect(parsedEvent({ ...detected, timestamp })).toMatchObject({ timestamp, atMs: 0 });
    }
    for (const timestamp of ['1755000000', Number.NaN, null]) {
      expect(eventFaults({ ...detected, timestamp })).toEqual(['invalid_type timestamp']);
    }
  });

  test('has a metric whose name is at most 1,000 characters long', () => {
    expect(eventFaults({ ...detected, metric: 'm'.repeat(1000) })).toEqual([]);
    expect(eventFaults({ ...detected, metric: 'm'.repeat(1001) })).toEqual(['limit_exceeded metric']);
  });

  test.each([
    'graph.png',
    '/etc/passwd',
    'file:///etc/passwd',
    'http://skyline.example/graph.png',
    'data:image/png;base64,AAAA',
    'https://',
    'https:///graph.png',
    'https://a b',
    'https://a\n',
    'https://a\u0000',
    '',
  ])('has no image at %j', (image) => {
    const [issue] = parseEvent({ ...detected, image }, 0, defaultLimits).issues ?? [];
    expect(issue).toMatchObject({ code: 'invalid_value', path: 'image' });
    expect(issue?.message).toMatch(/^Expected an https URL or a handle of engine.images.put\(\), got "/);
  });

  test('has links that say something and lead somewhere', () => {
    const links = [
      { text: 'A', url: 'https://a.example/x?y=|<>#z' },
      { text: 'B', url: 'HTTP://b.example', more: 1 },
    ];
    expect(parsedEvent({ ...detected, links }).json['links']).toEqual(links);
    expect(
      eventFaults({
        ...detected,
        links: [{ text: '', url: 'https://a' }, { text: 'B', url: 'javascript:alert(1)' }, { url: 5 }, 'https://c'],
      }),
    ).toEqual([
      'invalid_value links[0].text',
      'invalid_value links[1].url',
      'required links[2].text',
      'invalid_type links[2].url',
      'invalid_type links[3]',
    ]);
    expect(eventFaults({ ...detected, links: new Array(101).fill(links[0]) })).toEqual(['limit_exceeded links']);
    expect(eventFaults({ ...detected, links: [{ text: 'A', url: `https://${'a'.repeat(3000)}` }] })).toEqual([
      'limit_exceeded links[0].url',
    ]);
  });

  test('has labels that are single values', () => {
    expect(eventFaults({ ...detected, labels: { fine: 1, wrong: ['a'], 'also wrong': null } })).toEqual([
      'invalid_type labels.wrong',
    ]);
    expect(eventFaults({ ...detected, labels: { 'a b': {} } })).toEqual(['invalid_type labels["a b"]']);
    expect(eventFaults({ ...detected, labels: ['a'] })).toEqual(['invalid_type labels']);
  });
});

describe('what became of an anomaly', () => {
  const learnt = { type: 'features-profile.learnt', entity: 'my-team' };

  test('is told by the anomaly’s metric and timestamp, by its id, or by both', () => {
    const byId = parsedEvent({ ...learnt, anomalyId: 'anomaly-1' });
    expect(byId).toMatchObject({ family: 'anomaly-update', metric: undefined, timestamp: undefined });
    expect(byId).toMatchObject({ anomalyId: 'anomaly-1' });
    expect(parsedEvent({ ...learnt, metric: 'm', timestamp: 5 })).toMatchObject({ metric: 'm', timestamp: 5 });
    expect(parsedEvent({ ...learnt, metric: 'm', anomalyId: 'a' })).toMatchObject({ metric: 'm', anomalyId: 'a' });
  });

  test.each([
    [{}, 'metric', 'nothing'],
    [{ timestamp: 5 }, 'metric', 'a timestamp alone'],
    [{ metric: 'm' }, 'timestamp', 'a metric alone'],
  ])('is not told by %j', (anomaly, path, got) => {
    const message = `Expected a metric and a timestamp, or an anomalyId, got ${got}`;
    expect(parseEvent({ ...learnt, ...anomaly }, 0, defaultLimits).issues).toEqual([
      { code: 'required', path, message },
    ]);
  });

  test('names what is wrong with what it says', () => {
    const created = smallestEvents['features-profile.created'];
    expect(eventFaults({ ...created, profileId: 7, link: 'profile?id=7', learnDays: -1 })).toEqual([
      'invalid_type profileId',
      'invalid_value link',
      'invalid_value learnDays',
    ]);
    const validated = smallestEvents['features-profile.validated'];
    expect(eventFaults({ ...validated, count: 1.5 })).toEqual(['invalid_type count']);
    expect(eventFaults({ ...validated, count: -1 })).toEqual(['invalid_value count']);
  });
});
