import { describe, expect, test } from 'vitest';
import { fieldValue } from '../../src/event/field-value.js';
import type { RunInfo } from '../../src/event/parsed-event.js';
import { aliasAdded, artifactCreated, metricsEvent, stateEvent } from '../support/events.js';
import { parsedEvent } from '../support/parsed-events.js';

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
    for (const field of ['gpu.memory.toString', 'toString', 'gpu.constructor.name', 'run.id.length', '', '.', 'gpu.']) {
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

  test('alias is the one that was added, where one was', () => {
    expect(read(aliasAdded('production', { artifact }), 'alias')).toBe('production');
  });
});
