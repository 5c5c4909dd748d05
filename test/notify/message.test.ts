import * as fc from 'fast-check';
import type { FilterJson, JsonObject, MessageField, NotificationAction } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { type EventType, eventTypes } from '../../src/definition/event-type.js';
import { alertMessage, writeMessage } from '../../src/notify/message.js';
import { lowAccuracy, type MatchSketch, matchOf, v } from './matches.js';

const plain: NotificationAction = {
  type: 'notification',
  integrationId: 'i',
  title: 'Low accuracy',
  message: '',
  severity: 'WARN',
};

const write = (sketch: MatchSketch, action: Partial<NotificationAction> = {}) =>
  writeMessage({ ...matchOf(sketch), action: { ...plain, ...action } });

/** Fields as `name: value`. */
const lines = (fields: readonly MessageField[]): string[] => fields.map(({ name, value }) => `${name}: ${value}`);

const facts = (
  type: EventType,
  json: JsonObject = {},
  filter?: FilterJson,
  values: MatchSketch['facts'] = {},
): string[] => lines(write({ type, json, facts: values, ...(filter === undefined ? {} : { filter }) }).fields);

describe('a message', () => {
  test('has its variables filled in', () => {
    const message = write(lowAccuracy, {
      title: `⚠️ ${v('run_name')}`,
      message: `${v('metric_current_status')} in ${v('project_name')}; ${v('unknown')}`,
      fields: [
        { name: `${v('entity_name')}'s owner`, value: v('event_author') },
        { name: 'Left out', value: ` ${v('alias')} ` },
      ],
    });
    expect(message).toEqual({
      title: '⚠️ brisk-sun-7',
      text: 'avg(accuracy, 5) = 0.83 (< 0.85) in my-project; ',
      severity: 'WARN',
      fields: [
        { name: "my-team's owner", value: 'ada' },
        { name: 'Project', value: 'my-team/my-project' },
        { name: 'Run', value: 'brisk-sun-7 (run-1)' },
        { name: 'User', value: 'ada' },
        { name: 'avg(5) of accuracy', value: '0.83 (< 0.85)' },
        { name: 'Step', value: '40' },
      ],
      links: [],
      automationName: 'low-accuracy',
      atMs: 0,
    });
  });

  test('never expands what an event says', () => {
    const run = { id: 'run-1', name: `${v('run_id')}${v('automation_name')}` };
    const message = write(
      { ...lowAccuracy, json: { run } },
      { title: v('run_name'), message: `\${run_${v('run_id')}}` },
    );
    expect(message.title).toBe(run.name);
    fc.assert(
      fc.property(fc.string(), (name) => {
        const said = { id: 'run-1', name: `x${v('run_id')}${name}` };
        const { title } = write({ ...lowAccuracy, json: { run: said } }, { title: `[${v('run_name')}]` });
        expect(title).toBe(`[${said.name}]`);
      }),
    );
  });

  test('does not grow with the event beyond its bound', () => {
    const note = 'x'.repeat(200_000);
    const own = Array.from({ length: 50 }, (_, index) => ({ name: `f${index}`, value: v('event.note') }));
    const message = write({ ...lowAccuracy, json: { note } }, { title: v('event.note'), fields: own });
    expect(message.title).toHaveLength(100_000);
    expect(JSON.stringify(message).length).toBeLessThan(510_000);
  });
});

describe('the facts that a message tells by itself', () => {
  test('are of metrics: what was measured, against what', () => {
    const filter: FilterJson = {
      $or: [
        { $metric: { name: 'a', $finite: false } },
        { $change: { name: 'b', agg: 'max', window: 3, kind: 'relative', amount: 0.1, direction: 'increase' } },
        { $zscore: { name: 'c', threshold: 3 } },
        { $not: { $metric: { name: 'd', $gte: 0.5 } } },
      ],
    };
    const values = {
      'metric:finite:a': false,
      'metric:change:relative:max:3:3:b': 0.123,
      'metric:zscore:run:30:c': 3.25,
    };
    expect(facts('run.metrics', { metrics: { a: 'Infinity' } }, filter, values).slice(3)).toEqual([
      'a: Infinity (not finite)',
      'change of max(3) of b: +12.3 % (≥ 10 %)',
      'z-score(30) of c: 3.25 (at least ±3)',
      'd: no value (< 0.5)',
    ]);
  });

  test('are of a run: its state and error, or its alert', () => {
    expect(facts('run.state', { state: 'failed', error: 'out of memory' })).toEqual([
      'Project: my-team/my-project',
      'Run: brisk-sun-7 (run-1)',
      'State: failed',
      'Error: out of memory',
      'User: ada',
    ]);
    expect(facts('run.alert', { title: 'Stalled', text: 'no progress', level: 'WARN' }).slice(3)).toEqual([
      'Alert: Stalled',
      'Text: no progress',
      'Level: WARN',
    ]);
  });

  test('are of an artifact: version, type, alias or tag, author', () => {
    const inRegistry = { project: undefined, registry: 'models' } as never as JsonObject;
    expect(facts('artifact.alias-added', { ...inRegistry, alias: 'production' })).toEqual([
      'Registry: my-team/models',
      'Artifact: digits:v12',
      'Type: model',
      'Alias: production',
      'Author: ada',
    ]);
    expect(facts('artifact.tag-removed', { tag: 'stale' })).toContain('Tag: stale');
  });

  test('are of a collection: its tag', () => {
    expect(facts('collection.tag-added', { tag: 'gold' }).slice(1)).toEqual([
      'Collection: digits',
      'Tag: gold',
      'Author: ada',
    ]);
  });

  test('are of an anomaly: metric, value, source and labels', () => {
    const labels = { host: 'server-1', severity: 3 };
    expect(facts('anomaly.detected', { labels }).slice(1)).toEqual([
      'Metric: server-1.cpu.user',
      'Value: 97.5',
      'Timestamp: 1760000000',
      'Source: mirage',
      'host: server-1',
      'severity: 3',
    ]);
  });

  test('are of what became of an anomaly', () => {
    expect(facts('training-data.viewed', { viewer: 'grace', link: 'https://example.com/' }).slice(1)).toEqual([
      'Event: training-data.viewed',
      'Metric: server-1.cpu.user',
      'Timestamp: 1760000000',
      'viewer: grace',
    ]);
  });

  test('are of an event of one’s own: its first ten texts, numbers and booleans', () => {
    const more = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, index]));
    const json = { queue: 'training', list: [1], none: null, empty: '', isFull: true, ...more };
    const told = facts('custom.queue', json);
    expect(told.slice(0, 5)).toEqual([
      'Project: my-team/my-project',
      'Event: custom.queue',
      'queue: training',
      'depth: 12',
      'isFull: true',
    ]);
    expect(told).toHaveLength(12);
  });

  test('are never empty, whatever the event', () => {
    for (const type of eventTypes) {
      for (const { name, value } of write({ type, json: { state: 'failed' } }).fields) {
        expect(name).not.toBe('');
        expect(value).not.toBe('');
      }
    }
  });
});

describe('links', () => {
  const link = (url: string, text = 'Open', sketch: MatchSketch = lowAccuracy) =>
    write(sketch, { links: [{ text, url }] }).links;

  test('have variables in text and URL; values are encoded, so that none changes where a URL leads', () => {
    const run = { id: '../../admin?x=1#y', name: 'brisk sun/7' };
    expect(
      link(`https://example.com/${v('entity_name')}/${v('run_id')}`, `Open ${v('run_name')}`, {
        ...lowAccuracy,
        json: { run },
      }),
    ).toEqual([{ text: 'Open brisk sun/7', url: 'https://example.com/my-team/..%2F..%2Fadmin%3Fx%3D1%23y' }]);
    const evil = { id: 'evil.example/', name: '@evil.example' };
    expect(link(`https://${v('run_id')}.example.com/`, 'x', { ...lowAccuracy, json: { run: evil } })[0]?.url).toBe(
      'https://evil.example%2F.example.com/',
    );
  });

  test('may be a variable as a whole', () => {
    const json = { dashboard: 'https://example.com/a?b=c&d=e' };
    expect(link(v('event.dashboard'), 'Open', { type: 'custom.queue', json })).toEqual([
      { text: 'Open', url: json.dashboard },
    ]);
  });

  test('say their URL when their text comes out empty', () => {
    expect(link('https://example.com/', v('alias'))).toEqual([
      { text: 'https://example.com/', url: 'https://example.com/' },
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'mailto:a@example.com',
    'ftp://example.com',
    '//example.com',
    '/runs/1',
    'https://',
    'https:///path',
    'https:example.com',
    'https://exa mple.com',
    'https://example.com/\u202Egnp.exe',
    'https://example.com/\nhttps://evil.example',
    '',
  ])('are left out where they come out as %j', (url) => {
    expect(link(url)).toEqual([]);
    expect(link(v('event.x'), 'Open', { type: 'custom.queue', json: { x: url } })).toEqual([]);
  });

  test('lead where they should when they have in them what ends a link elsewhere', () => {
    expect(link('https://example.com/?q=cpu>90&r="<!channel>"')).toEqual([
      { text: 'Open', url: 'https://example.com/?q=cpu%3E90&r=%22%3C!channel%3E%22' },
    ]);
  });

  test('that an anomaly carries come after the action’s own', () => {
    const links = [
      { text: 'Graph', url: 'https://example.com/graph' },
      { text: 'x', url: 'javascript:1' },
      { text: '', url: 'http://example.com/2' },
    ];
    const message = write(
      { type: 'anomaly.detected', json: { links } },
      { links: [{ text: 'Runbook', url: 'https://example.com/runbook' }] },
    );
    expect(message.links).toEqual([
      { text: 'Runbook', url: 'https://example.com/runbook' },
      { text: 'Graph', url: 'https://example.com/graph' },
      { text: 'http://example.com/2', url: 'http://example.com/2' },
    ]);
  });

  test('lead to what became of an anomaly', () => {
    const json = { link: 'https://example.com/fp/7' };
    expect(write({ type: 'features-profile.created', json }).links).toEqual([
      { text: 'Features profile', url: json.link },
    ]);
    expect(write({ type: 'training-data.viewed', json }).links).toEqual([{ text: 'Training data', url: json.link }]);
    expect(write({ type: 'training-data.viewed' }).links).toEqual([]);
    expect(write({ type: 'custom.queue', json }).links).toEqual([]);
  });

  test('never come out as anything but a web address, whatever the values are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        const sketch = { type: 'custom.queue', json: { x: value } } as const;
        for (const { text, url } of [
          ...link(v('event.x'), v('event.x'), sketch),
          ...link(`https://example.com/${v('event.x')}?q=${v('event.x')}`, '', sketch),
        ]) {
          expect(url).toMatch(/^https?:\/\/[^\s<>"]+$/i);
          expect(text.trim()).not.toBe('');
        }
        const [inside] = link(`https://example.com/${v('event.x')}/end`, 'x', sketch);
        expect(inside?.url.split('/')).toHaveLength(5);
      }),
    );
  });
});

test('a run’s own alert is no template and has no links', () => {
  const json = { title: v('run_name'), text: v('run_id'), level: 'ERROR' };
  const { event, run } = matchOf({ type: 'run.alert', json });
  if (event.type !== 'run.alert') throw new Error('Expected an alert');
  expect(alertMessage(event, run)).toEqual({
    title: v('run_name'),
    text: v('run_id'),
    severity: 'ERROR',
    fields: [
      { name: 'Project', value: 'my-team/my-project' },
      { name: 'Run', value: 'brisk-sun-7 (run-1)' },
      { name: 'User', value: 'ada' },
    ],
    links: [],
    automationName: 'run.alert',
    atMs: 0,
  });
});
