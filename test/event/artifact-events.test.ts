import { describe, expect, test } from 'vitest';
import { artifactCreated } from '../support/events.js';
import { eventFaults, parsedEvent } from '../support/parsed-events.js';
import { fullestEvents, smallestEvents } from '../support/sample-events.js';

describe('an event of an artifact or a collection', () => {
  test.each(['artifact.linked', 'artifact.tag-removed', 'collection.tag-added'] as const)(
    'happens in its collection: %s',
    (type) => {
      expect(parsedEvent(smallestEvents[type])).toMatchObject({
        collection: 'digits',
        place: { entity: 'my-team', project: undefined, registry: 'models', collection: 'digits' },
      });
    },
  );

  test('without a project or registry is its team’s', () => {
    const { registry, ...event } = artifactCreated();
    expect(registry).toBe('models');
    expect(parsedEvent(event).place).toEqual({ entity: 'my-team' });
  });

  test('is in a project or a registry, not in both', () => {
    expect(eventFaults({ ...artifactCreated(), project: 'p' })).toEqual(['invalid_value registry']);
  });

  test('needs texts for aliases, tags and versions, and an object for metadata', () => {
    const wrong = { id: 5, type: null, version: 3, aliases: 'latest', tags: ['a', null], metadata: ['x'] };
    expect(eventFaults({ ...artifactCreated(), artifact: wrong })).toEqual([
      'invalid_type artifact.id',
      'invalid_type artifact.type',
      'invalid_type artifact.version',
      'invalid_type artifact.aliases',
      'invalid_type artifact.tags[1]',
      'invalid_type artifact.metadata',
    ]);
    expect(eventFaults({ ...artifactCreated(), author: ['ada'] })).toEqual(['invalid_type author']);
  });

  test('of a collection has no artifact, and may carry one as anything else', () => {
    const parsed = parsedEvent({ ...fullestEvents['collection.tag-added'], artifact: 5 });
    expect('artifact' in parsed).toBe(false);
    expect(parsed.json).toMatchObject({ artifact: 5 });
  });
});

describe('an event that is in no collection', () => {
  test.each(['run.state', 'run.metrics', 'anomaly.detected', 'anomaly.labelled'] as const)(
    'may call anything a collection: %s',
    (type) => {
      for (const collection of ['digits', 5, { name: 'digits' }]) {
        const parsed = parsedEvent({ ...smallestEvents[type], project: 'my-project', collection });
        expect(parsed.place.collection).toBeUndefined();
        expect(parsed.json).toMatchObject({ collection });
      }
    },
  );
});

describe('an event of the host’s own', () => {
  test('may carry anything that JSON can say, under names that other events give a meaning', () => {
    const more = { run: 5, metrics: [1, null], artifact: 'x', state: { a: [true] }, value: 'high', labels: null };
    const parsed = parsedEvent({ ...smallestEvents['custom.deploy'], ...more }, 7);
    expect(parsed.json).toEqual({ ...smallestEvents['custom.deploy'], ...more, at: 7 });
    expect(Object.keys(parsed).sort()).toEqual(['atMs', 'family', 'id', 'json', 'place', 'type']);
  });

  test('happens in a collection where it names its project or registry', () => {
    const event = smallestEvents['custom.deploy'];
    const place = { entity: 'my-team', registry: 'models', collection: 'digits' };
    expect(parsedEvent({ ...event, ...place }).place).toEqual({
      ...place,
      organization: undefined,
      project: undefined,
    });
    expect(parsedEvent({ ...event, collection: 'digits' }).place.collection).toBeUndefined();
    expect(eventFaults({ ...event, ...place, collection: 5 })).toEqual(['invalid_type collection']);
    expect(eventFaults({ ...event, ...place, project: 'p' })).toEqual(['invalid_value registry']);
  });

  test('carries no NaN, which JSON has not', () => {
    expect(eventFaults({ ...smallestEvents['custom.deploy'], size: Number.NaN })).toEqual(['invalid_type size']);
  });

  test('may have any name, of up to 255 characters with its prefix', () => {
    for (const type of [
      'custom.a',
      'custom.a.b/c d',
      'custom.__proto__',
      'custom.run.state',
      `custom.${'x'.repeat(248)}`,
    ]) {
      expect(parsedEvent({ type, entity: 'my-team' })).toMatchObject({ type, family: 'custom' });
    }
  });
});
