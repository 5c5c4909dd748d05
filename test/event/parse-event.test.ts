import { defaultLimits, type TocsinEvent } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../src/event/parse-event.js';
import { aliasAdded, artifactCreated, metricsEvent, stateEvent } from '../support/events.js';
import { eventFaults, parsedEvent } from '../support/parsed-events.js';

const place = { entity: 'my-team', project: 'my-project' };
const alert = { type: 'run.alert', ...place, run: { id: 'run-1' }, title: 'Low', text: 'Look' };

/** One event of each type, with its required fields. */
const events: Readonly<Record<string, { readonly event: object; readonly required: readonly string[] }>> = {
  'run.metrics': { event: metricsEvent({ loss: 1 }), required: ['entity', 'run', 'metrics'] },
  'run.state': { event: stateEvent('finished'), required: ['entity', 'run', 'state'] },
  'run.alert': { event: alert, required: ['entity', 'run', 'title', 'text'] },
  'artifact.created': { event: artifactCreated(), required: ['entity', 'collection', 'artifact'] },
  'artifact.alias-added': { event: aliasAdded('prod'), required: ['entity', 'collection', 'artifact', 'alias'] },
};

describe.each(Object.entries(events))('%s', (type, { event, required }) => {
  test('is read as it was given, with the time of the clock', () => {
    const parsed = parsedEvent(event, 1234);
    expect(parsed).toMatchObject({ type, id: undefined, atMs: 1234, place: { entity: 'my-team' } });
    expect(parsed.json).toEqual({ ...event, at: 1234 });
    expect(parsedEvent({ ...event, at: -5.5, id: 'e-1' }, 1234)).toMatchObject({ id: 'e-1', atMs: -5.5 });
  });

  test.each(required)('needs its %s', (field) => {
    expect(eventFaults({ ...event, [field]: undefined })).toEqual([`required ${field}`]);
  });

  test.each(required.filter((field) => field !== 'text' && field !== 'title'))(
    'needs more than an empty %s',
    (field) => {
      const empty = typeof (event as Record<string, unknown>)[field] === 'string' ? '' : null;
      expect(eventFaults({ ...event, [field]: empty })).toEqual([
        `${empty === '' ? 'invalid_value' : 'invalid_type'} ${field}`,
      ]);
    },
  );

  test('names every field of the wrong type', () => {
    const wrong = { id: 5, at: 'now', organization: ['acme'], entity: 7 };
    expect(eventFaults({ ...event, ...wrong })).toEqual([
      'invalid_type id',
      'invalid_type at',
      'invalid_type organization',
      'invalid_type entity',
    ]);
  });

  test('keeps fields that nobody knows', () => {
    const parsed = parsedEvent({ ...event, gpu: { memory: [1, 'x', null, true] } });
    expect(parsed.json).toMatchObject({ gpu: { memory: [1, 'x', null, true] } });
  });

  test('is a copy: what the host does to its event afterwards changes nothing', () => {
    const nested = { list: [1], inside: { deep: 'before' } };
    const given: Record<string, unknown> = { ...event, nested };
    const parsed = parsedEvent(given);
    const before = JSON.stringify(parsed.json);
    nested.list.push(2);
    nested.inside.deep = 'after';
    given['entity'] = 'their-team';
    expect(JSON.stringify(parsed.json)).toBe(before);
    expect(parsed.place.entity).toBe('my-team');
    expect(Object.isFrozen(parsed)).toBe(true);
    expect(Object.isFrozen(nested) || Object.isFrozen(given)).toBe(false);
  });

  test('may be at any time a date can be, and at no other', () => {
    expect(eventFaults({ ...event, at: 8.64e15 })).toEqual([]);
    expect(eventFaults({ ...event, at: 8.65e15 })).toEqual(['limit_exceeded at']);
    expect(eventFaults({ ...event, at: Number.NaN })).toEqual(['invalid_type at']);
    expect(eventFaults({ ...event, at: new Date() })).toEqual(['invalid_type at']);
  });
});

describe('an event', () => {
  test.each([undefined, null, 'run.metrics', 5, [], () => ({})])('is no %s', (input) => {
    expect(eventFaults(input)).toEqual(['invalid_type ']);
  });

  test.each([undefined, 'run.metric', 'constructor', '__proto__', 5, ['run.state']])('is of no type %j', (type) => {
    const { issues } = parseEvent({ ...stateEvent('finished'), type }, 0, defaultLimits);
    expect(issues).toMatchObject([{ code: 'unknown_event_type', path: 'type' }]);
    expect(issues?.[0]?.message).toMatch(/^Expected run.metrics or run.state or .*, got /);
  });

  test('of a run needs an id of it, and may say more', () => {
    expect(eventFaults(stateEvent('running', { run: {} as never }))).toEqual(['required run.id']);
    expect(eventFaults(stateEvent('running', { run: { id: '' } }))).toEqual(['invalid_value run.id']);
    expect(eventFaults(stateEvent('running', { run: { id: 'r', tags: 'a' as never, config: [] as never } }))).toEqual([
      'invalid_type run.tags',
      'invalid_type run.config',
    ]);
    expect(eventFaults(stateEvent('running', { run: { id: 'r', tags: ['a', 5 as never] } }))).toEqual([
      'invalid_type run.tags[1]',
    ]);
    const run = { id: 'r', name: 'n', user: 'u', tags: ['a'], config: { lr: 0.1 }, host: 'node-1' };
    expect(parsedEvent(stateEvent('running', { run }))).toMatchObject({ run });
  });

  test('of an artifact needs its id, type and version', () => {
    expect(eventFaults(artifactCreated({ artifact: {} as never }))).toEqual([
      'required artifact.id',
      'required artifact.type',
      'required artifact.version',
    ]);
  });

  test('of an alert is INFO in any case, and dropped for a minute where it says nothing else', () => {
    expect(parsedEvent(alert)).toMatchObject({ level: 'INFO', waitMs: 60_000, alertIntegrationId: undefined });
    const more = { level: 'warn', waitMs: 0, alertIntegrationId: 'slack-1' };
    expect(parsedEvent({ ...alert, ...more })).toMatchObject({ ...more, level: 'WARN' });
    expect(eventFaults({ ...alert, level: 'loud', waitMs: -1 })).toEqual([
      'invalid_value level',
      'invalid_value waitMs',
    ]);
  });

  test('may come into a state that nobody knows', () => {
    expect(parsedEvent(stateEvent('preempted'))).toMatchObject({ state: 'preempted' });
  });

  test('may have a step that is any number', () => {
    expect(parsedEvent(metricsEvent({ loss: 1 }, { step: 0.5 })).json).toMatchObject({ step: 0.5 });
    expect(eventFaults(metricsEvent({ loss: 1 }, { step: '5' as never }))).toEqual(['invalid_type step']);
    expect(eventFaults(metricsEvent({ loss: 1 }, { step: Number.NaN }))).toEqual(['invalid_type step']);
  });

  test('tells all its faults at once', () => {
    const input = { type: 'run.metrics', run: {}, metrics: { loss: 'high', acc: 1 } } as unknown as TocsinEvent;
    expect(eventFaults(input)).toEqual(['required entity', 'required run.id', 'invalid_type metrics.loss']);
  });
});
