import { describe, expect, test } from 'vitest';
import { fieldNames } from '../../src/definition/field-names.js';
import { fieldValue } from '../../src/event/field-value.js';
import type { RunInfo } from '../../src/event/parsed-event.js';
import { aliasAdded, artifactCreated, metricsEvent, stateEvent } from '../support/events.js';
import { parsedEvent } from '../support/parsed-events.js';
import { fullestEvents, smallestEvents } from '../support/sample-events.js';

/** What stands for all names under a prefix. */
const examples: Readonly<Record<string, string>> = {
  'config.': 'config.lr',
  'run.': 'run.id',
  'metrics.': 'metrics.loss',
  'metadata.': 'metadata.accuracy',
  'artifact.': 'artifact.id',
  'label.': 'label.region',
  'labels.': 'labels.region',
};

function read(event: object, field: string, run?: RunInfo): unknown {
  return fieldValue(parsedEvent(event), run, field);
}

describe('a field of a run event', () => {
  const run = {
    id: 'r',
    name: 'prod-7',
    user: 'ada',
    tags: ['a', 'b'],
    config: { lr: 0.1, model: { depth: 3 }, 'a.b': 1 },
  };
  const event = stateEvent('finished', { run });

  test.each([
    ['name', 'prod-7'],
    ['user', 'ada'],
    ['runId', 'r'],
    ['tag', ['a', 'b']],
    ['config.lr', 0.1],
    ['config.model.depth', 3],
    ['config.a.b', 1],
    ['entity', 'my-team'],
    ['run.config.lr', 0.1],
    ['config.none', undefined],
    ['nothing', undefined],
  ])('%s is %j', (field, value) => {
    expect(read(event, field)).toEqual(value);
  });

  test('is what the run has said of itself before, where the event says nothing', () => {
    expect(read(metricsEvent({}), 'name')).toBeUndefined();
    expect(read(metricsEvent({}), 'name', run)).toBe('prod-7');
    expect(read(metricsEvent({}), 'config.lr', run)).toBe(0.1);
  });

  test('that is null is null, not missing', () => {
    const config = { lr: null, model: { depth: null } };
    expect(read(stateEvent('finished', { run: { id: 'r', config } }), 'config.lr')).toBeNull();
    expect(read(stateEvent('finished', { run: { id: 'r', config } }), 'config.model.depth')).toBeNull();
  });

  test('that nobody knows is a dotted path of own properties', () => {
    const event = { ...stateEvent('finished'), gpu: { memory: { used: 5 }, 'a.b': { c: 6 } }, 'gpu.count': 8 };
    expect(read(event, 'gpu.memory.used')).toBe(5);
    expect(read(event, 'gpu.count')).toBe(8);
    expect(read(event, 'gpu.a.b')).toEqual({ c: 6 });
    for (const field of [
      'gpu.memory.toString',
      'toString',
      'gpu.constructor.name',
      '__proto__.toString',
      'run.id.length',
      '',
      '.',
      'gpu.',
    ]) {
      expect(read(event, field)).toBeUndefined();
    }
  });
});

describe('a field of an artifact event', () => {
  const artifact = {
    id: 'v',
    type: 'model',
    version: 'v3',
    aliases: ['latest'],
    tags: ['t'],
    metadata: { acc: 0.9, x: null },
  };

  test.each([
    ['alias', ['latest']],
    ['tag', ['t']],
    ['artifactType', 'model'],
    ['version', 'v3'],
    ['collection', 'digits'],
    ['author', 'ada'],
    ['metadata.acc', 0.9],
    ['metadata.x', null],
    ['metadata.toString', undefined],
    ['artifact.id', 'v'],
  ])('%s is %j', (field, value) => {
    expect(read(artifactCreated({ artifact, author: 'ada' }), field)).toEqual(value);
  });

  test('alias is the one that was added or removed, where one was', () => {
    expect(read(aliasAdded('production', { artifact }), 'alias')).toBe('production');
    const removed = { ...smallestEvents['artifact.alias-removed'], artifact, alias: 'old' };
    expect(read(removed, 'alias')).toBe('old');
    expect(read(removed, 'tag')).toEqual(['t']);
  });

  test('tag is the one that was added or removed, where one was', () => {
    for (const type of ['artifact.tag-added', 'artifact.tag-removed'] as const) {
      const event = { ...smallestEvents[type], artifact, tag: 'shipped' };
      expect(read(event, 'tag')).toBe('shipped');
      expect(read(event, 'alias')).toEqual(['latest']);
    }
  });

  test.each(['artifact.linked', 'artifact.unlinked'] as const)('is the same where the version was %s', (type) => {
    const event = fullestEvents[type];
    expect(read(event, 'artifactType')).toBe('model');
    expect(read(event, 'metadata.data.rows')).toBe(5);
    expect(read(event, 'author')).toBe('ada');
  });
});

describe('a field of a collection event', () => {
  test.each([
    ['collection', 'digits'],
    ['tag', 'vision'],
    ['author', 'ada'],
    ['registry', 'models'],
    ['alias', undefined],
    ['artifactType', undefined],
  ])('%s is %j', (field, value) => {
    expect(read(fullestEvents['collection.tag-removed'], field)).toBe(value);
  });
});

describe('a field of an anomaly', () => {
  const event = fullestEvents['anomaly.detected'];

  test.each([
    ['metric', 'server-1.cpu.user'],
    ['source', 'mirage'],
    ['timestamp', 1_755_000_000],
    ['anomalyId', 'anomaly-1'],
    ['label.region', 'eu'],
    ['label.hosts', 3],
    ['label.is.canary', false],
    ['labels.region', 'eu'],
    ['label.none', undefined],
    ['label.toString', undefined],
    ['label.', undefined],
    ['label', undefined],
  ])('%s is %j', (field, value) => {
    expect(read(event, field)).toBe(value);
  });

  test('value is a number, or the name of one that JSON lacks', () => {
    expect(read(smallestEvents['anomaly.detected'], 'value')).toBe(98.5);
    expect(read(event, 'value')).toBe('Infinity');
    expect(read({ ...event, value: Number.NaN }, 'value')).toBe('NaN');
  });

  test('is there for what became of it too', () => {
    expect(read(fullestEvents['anomaly.labelled'], 'label')).toBe('deploy');
    expect(read({ ...fullestEvents['anomaly.labelled'], labels: { region: 'eu' } }, 'label.region')).toBe('eu');
    expect(read(fullestEvents['training-data.viewed'], 'viewer')).toBe('ada');
    expect(read(fullestEvents['features-profile.created'], 'learnDays')).toBe(30);
  });

  test('without labels has none', () => {
    expect(read(smallestEvents['anomaly.detected'], 'label.region')).toBeUndefined();
    expect(read({ ...smallestEvents['anomaly.detected'], 'label.region': 'eu' }, 'label.region')).toBe('eu');
  });
});

describe('a field of an event of the host’s own', () => {
  const event = { type: 'custom.deploy', entity: 'my-team', config: { lr: 1 }, tag: null, a: { 'b.c': [{ d: 2 }] } };

  test.each([
    ['type', 'custom.deploy'],
    ['config.lr', 1],
    ['tag', null],
    ['a.b.c', [{ d: 2 }]],
    ['a.b.c.0.d', undefined],
    ['a.b.c.length', undefined],
    ['a.toString', undefined],
    ['a.constructor.name', undefined],
    ['__proto__', undefined],
    ['entity.length', undefined],
    ['runId', undefined],
  ])('%s is %j, by its path of own properties', (field, value) => {
    expect(read(event, field)).toEqual(value);
  });
});

describe.each(Object.keys(smallestEvents) as (keyof typeof smallestEvents)[])('%s', (type) => {
  test('can be asked for fields that nobody knows', () => {
    const event = { ...smallestEvents[type], gpu: { memory: { used: 5 } } };
    expect(read(event, 'gpu.memory.used')).toBe(5);
    expect(read(event, 'gpu.memory.toString')).toBeUndefined();
    expect(read(event, 'hasOwnProperty')).toBeUndefined();
  });

  test('has the fields by name that its fullest form has, and no others', () => {
    const full = fullestEvents[type];
    const names = fieldNames(type);
    if (type === 'custom.deploy') return expect(names).toBeUndefined();
    const unread = names?.filter((name) => read(full, examples[name] ?? name) === undefined);
    expect(unread).toEqual(['project', 'registry'].filter((name) => !Object.hasOwn(full, name)));
    expect(Object.keys(full).filter((key) => !names?.includes(key) && !names?.includes(`${key}.`))).toEqual([]);
  });
});
