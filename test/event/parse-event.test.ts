import { defaultLimits, type TocsinEvent } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { eventTypes } from '../../src/definition/event-type.js';
import { parseEvent } from '../../src/event/parse-event.js';
import { artifactCreated, metricsEvent, stateEvent } from '../support/events.js';
import { eventFaults, parsedEvent } from '../support/parsed-events.js';
import { fullestEvents, smallestEvents } from '../support/sample-events.js';

const alert = smallestEvents['run.alert'];

/** The fields that events of each type must have. */
const required = {
  'run.metrics': ['entity', 'run', 'metrics'],
  'run.state': ['entity', 'run', 'state'],
  'run.alert': ['entity', 'run', 'title', 'text'],
  'artifact.created': ['entity', 'collection', 'artifact'],
  'artifact.linked': ['entity', 'collection', 'artifact'],
  'artifact.unlinked': ['entity', 'collection', 'artifact'],
  'artifact.alias-added': ['entity', 'collection', 'artifact', 'alias'],
  'artifact.alias-removed': ['entity', 'collection', 'artifact', 'alias'],
  'artifact.tag-added': ['entity', 'collection', 'artifact', 'tag'],
  'artifact.tag-removed': ['entity', 'collection', 'artifact', 'tag'],
  'collection.tag-added': ['entity', 'collection', 'tag'],
  'collection.tag-removed': ['entity', 'collection', 'tag'],
  'anomaly.detected': ['entity', 'metric', 'value', 'timestamp'],
  'anomaly.labelled': ['entity', 'metric', 'timestamp', 'label'],
  'training-data.viewed': ['entity', 'metric', 'timestamp', 'viewer'],
  'features-profile.created': ['entity', 'metric', 'timestamp', 'profileId'],
  'features-profile.layers-created': ['entity', 'metric', 'timestamp'],
  'features-profile.learnt': ['entity', 'metric', 'timestamp'],
  'features-profile.disabled': ['entity', 'metric', 'timestamp'],
  'features-profile.validated': ['entity', 'metric', 'timestamp', 'count'],
  'custom.deploy': ['entity'],
} as const;

/** What is filled in where an event leaves it out. */
const defaults: Readonly<Record<string, object>> = { 'run.alert': { level: 'INFO' } };

type Type = keyof typeof required;
const types = Object.keys(required) as Type[];

test('every type of event is among those tested here', () => {
  expect(types.filter((type) => type !== 'custom.deploy').sort()).toEqual([...eventTypes].sort());
});

describe.each(types)('%s', (type) => {
  const event = smallestEvents[type];

  test('is read as it was given, with the time of the clock', () => {
    const parsed = parsedEvent(event, 1234);
    expect(parsed).toMatchObject({ type, id: undefined, atMs: 1234, place: { entity: 'my-team' } });
    expect(parsed.json).toEqual({ ...event, ...defaults[type], at: 1234 });
    expect(parsedEvent({ ...event, at: -5.5, id: 'e-1' }, 1234)).toMatchObject({ id: 'e-1', atMs: -5.5 });
  });

  test('is read with everything that it can say', () => {
    const full = fullestEvents[type];
    const parsed = parsedEvent(full, 1234);
    expect(parsed).toMatchObject({ type, id: 'event-1', atMs: full.at, place: { organization: 'acme' } });
    expect(parsed.json).toEqual(full);
    expect(parsedEvent(JSON.parse(JSON.stringify(full)), 1234)).toEqual(parsed);
  });

  test.each(Object.keys(fullestEvents[type]))('names its %s when that is of a kind that it can never be', (field) => {
    if (field === 'type') return;
    const wrong = field === 'entity' || field === 'run' || field === 'artifact' ? 7 : { of: 'the wrong kind' };
    const [fault] = eventFaults({ ...fullestEvents[type], [field]: wrong });
    expect(fault?.replace('metrics.of', 'metrics')).toBe(field === 'labels' ? undefined : `invalid_type ${field}`);
  });

  test.each(required[type])('needs its %s', (field) => {
    expect(eventFaults({ ...event, [field]: undefined })).toEqual([`required ${field}`]);
  });

  test.each(required[type].filter((field) => field !== 'text' && field !== 'title'))(
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

  test('gets its time in the copy, not in the object of the host', () => {
    const given = { type: 'custom.deploy', entity: 'my-team' };
    expect(parsedEvent(given, 5).json).toEqual({ ...given, at: 5 });
    expect(given).toEqual({ type: 'custom.deploy', entity: 'my-team' });
    expect(parsedEvent(Object.freeze({ ...given, at: 7 }), 5)).toMatchObject({ atMs: 7, json: { at: 7 } });
  });

  test('is told of all that is wrong with it, in its fields and across them', () => {
    const both = { ...event, project: 'p', registry: 'r', at: 'now' };
    expect(eventFaults(both)).toEqual(['invalid_type at', 'invalid_value registry']);
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
    expect(issues?.[0]?.message).toMatch(/^Expected a type of event such as run.metrics.*, got /);
  });

  test.each([
    ['run.metric', 'run.metrics'],
    ['RUN_METRIC', 'run.metrics'],
    ['CREATE_ARTIFACT', 'artifact.created'],
    ['artifact.aliasAdded', 'artifact.alias-added'],
    ['artifact.tag', 'artifact.tag-added, artifact.tag-removed'],
    ['features_profile_learnt', 'features-profile.learnt'],
    ['nonsense', 'run.metrics, artifact.created, collection.tag-added, anomaly.detected'],
    ['', 'run.metrics, artifact.created, collection.tag-added, anomaly.detected'],
  ])('of type %j is told of %s first, and of types of its own', (type, nearest) => {
    const [issue] = parseEvent({ ...stateEvent('finished'), type }, 0, defaultLimits).issues ?? [];
    expect(issue?.message.startsWith(`Expected a type of event such as ${nearest}`)).toBe(true);
    expect(issue?.message).toMatch(/, or "custom\." and a name for one of your own, got "/);
    expect(issue?.message.length).toBeLessThan(200);
  });

  test.each(['custom', 'custom.', `custom.${'x'.repeat(249)}`, 'custom.'.repeat(100_000)])(
    'of its own type needs a name that is not too long: %.20s',
    (type) => {
      const [issue] = parseEvent({ type, entity: 'e' }, 0, defaultLimits).issues ?? [];
      expect(issue).toMatchObject({ code: 'unknown_event_type', path: 'type' });
      expect(issue?.message).toMatch(/^Expected "custom\." and a name, at most 255 characters in all, got "custom/);
      expect(issue?.message.length).toBeLessThan(200);
    },
  );

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
