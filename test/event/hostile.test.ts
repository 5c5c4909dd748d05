import { defaultLimits } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { parseEvent, parseFully } from '../../src/event/parse-event.js';
import { artifactCreated, metricsEvent, stateEvent } from '../support/events.js';
import { cycle, growingList, nested, notJson, prototypeKeys, withKey } from '../support/hostile.js';
import { eventFaults, parsedEvent } from '../support/parsed-events.js';
import { smallestEvents } from '../support/sample-events.js';

describe('an event of a hostile host', () => {
  describe.each(notJson)('that holds %s', (_, value) => {
    test('has issues and throws nothing, wherever it stands', () => {
      const faulty = [
        value,
        { ...stateEvent('finished'), more: value },
        { ...stateEvent('finished'), run: value },
        { ...stateEvent('finished'), state: value },
        { ...metricsEvent({}), metrics: { loss: [value] } },
        { ...metricsEvent({ loss: 1 }), step: value },
        { ...artifactCreated(), artifact: { ...artifactCreated().artifact, metadata: { value } } },
        { ...smallestEvents['collection.tag-added'], tag: value },
        { ...smallestEvents['anomaly.detected'], metric: value },
        { ...smallestEvents['anomaly.detected'], labels: { value } },
        { ...smallestEvents['anomaly.detected'], links: [value] },
        { ...smallestEvents['anomaly.labelled'], anomalyId: value },
        { ...smallestEvents['custom.deploy'], collection: value },
        { ...smallestEvents['custom.deploy'], payload: { value } },
      ];
      for (const input of faulty) expect(eventFaults(input)).not.toEqual([]);
    });
  });

  test.each(prototypeKeys)('may not have the key %s outside its metrics', (key) => {
    expect(eventFaults({ ...stateEvent('finished'), more: withKey(key) })).toEqual([`forbidden_key more.${key}`]);
    const own = JSON.parse(`{"type":"run.metrics","entity":"e","run":{"id":"r"},"metrics":{},"${key}":{"x":1}}`);
    expect(eventFaults(own)).toEqual([`forbidden_key ${key}`]);
    const label = { ...smallestEvents['anomaly.detected'], labels: withKey(key) };
    expect(eventFaults(label)).toEqual([`forbidden_key labels.${key}`]);
    const custom = { ...smallestEvents['custom.deploy'], payload: [withKey(key)] };
    expect(eventFaults(custom)).toEqual([`forbidden_key payload[0].${key}`]);
    const infinite = { ...smallestEvents['anomaly.detected'], value: 1 / 0 };
    expect(eventFaults({ ...infinite, ...JSON.parse(`{"more":{"${key}":1}}`) })).toEqual([`forbidden_key more.${key}`]);
    expect('x' in {}).toBe(false);
  });

  test('is not read for what it inherits', () => {
    expect(eventFaults(Object.create(stateEvent('finished')))).toEqual(['invalid_type ']);
    expect(eventFaults(Object.create(metricsEvent({ loss: 1 })))).toEqual(['invalid_type ']);
    expect(parsedEvent(Object.assign(Object.create(null), metricsEvent({ loss: 1 })))).toMatchObject({
      type: 'run.metrics',
    });
  });

  test('that changes its type while it is read has an issue', () => {
    for (const [first, then] of [
      ['run.state', 'artifact.created'],
      ['run.metrics', 'nonsense'],
      ['run.metrics', undefined],
    ]) {
      let asked = 0;
      const shifty = {
        ...metricsEvent({ loss: 1 }),
        state: 'finished',
        get type() {
          asked += 1;
          return asked === 1 ? first : then;
        },
      };
      expect(eventFaults(shifty)).not.toEqual([]);
    }
  });

  test.each([
    ['anomaly.detected', 'custom.deploy'],
    ['custom.deploy', 'run.state'],
    ['custom.deploy', `custom.${'x'.repeat(250)}`],
    ['run.metrics', 'anomaly.detected'],
  ])('that is %s when it is asked first and %.20s when it is copied has an issue', (first, then) => {
    let asked = 0;
    const shifty = {
      ...metricsEvent({ loss: 1 }),
      ...smallestEvents['anomaly.detected'],
      state: 'finished',
      get type() {
        asked += 1;
        return asked === 1 ? first : then;
      },
    };
    const { issues } = parseFully(shifty, 0, defaultLimits);
    expect(issues).toMatchObject([{ path: 'type' }]);
    expect(asked).toBeGreaterThan(1);
  });

  test('may be 16 levels deep and no deeper', () => {
    const more = (depth: number) => ({ ...stateEvent('finished'), more: nested(depth, (inner) => [inner], 1) });
    expect(eventFaults(more(15))).toEqual([]);
    expect(eventFaults(more(16))).toEqual([`limit_exceeded more${'[0]'.repeat(16)}`]);
    expect(eventFaults(more(10_000))).toEqual([`limit_exceeded more${'[0]'.repeat(16)}`]);
    expect(eventFaults({ ...stateEvent('finished'), more: cycle() })[0]).toMatch(/^limit_exceeded more\.self/);
  });

  test('may be 256 KiB and no larger, in one text or in many', () => {
    const error = (characters: number) => stateEvent('failed', { error: 'x'.repeat(characters) });
    expect(eventFaults(error(262_000))).toEqual([]);
    expect(eventFaults(error(262_145))).toEqual(['limit_exceeded error']);
    expect(eventFaults(error(10_000_000))).toEqual(['limit_exceeded error']);
    const twice = { ...stateEvent('failed'), first: 'x'.repeat(200_000), second: 'y'.repeat(200_000) };
    expect(eventFaults(twice)).toEqual(['limit_exceeded first']);
    expect(eventFaults({ ...stateEvent('failed'), numbers: new Array(131_073).fill(1) })).toEqual([
      'limit_exceeded numbers',
    ]);
    const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, null]));
    expect(eventFaults({ ...stateEvent('failed'), keys })[0]).toMatch(/^limit_exceeded keys/);
  });

  test('holds to the limits of the host', () => {
    const limits = { ...defaultLimits, eventCharacters: 200, eventDepth: 3 };
    expect(eventFaults(stateEvent('failed', { error: 'x'.repeat(201) }), limits)).toEqual(['limit_exceeded error']);
    const config = { a: { b: 1 } };
    expect(eventFaults(stateEvent('failed', { run: { id: 'r', config } }), limits)).toEqual([
      'limit_exceeded run.config.a.b',
    ]);
  });

  test('whose list grows while it is read is read as it was at first', () => {
    expect(parsedEvent({ ...stateEvent('failed'), list: growingList() }).json['list']).toEqual([1]);
  });

  test('is refused for its size before its values are read', () => {
    let reads = 0;
    const counted = (target: object) =>
      new Proxy(target, {
        get(object, key) {
          reads += 1;
          return Reflect.get(object, key);
        },
      });
    const metrics = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`m${index}`, index]));
    expect(eventFaults(metricsEvent(counted(metrics) as never))).toEqual(['limit_exceeded metrics']);
    const list = counted(new Array(1_000_000).fill('x'));
    expect(eventFaults({ ...stateEvent('failed'), list })).toEqual(['limit_exceeded list']);
    const deep = nested(1000, (inner) => counted({ inner }), 1);
    expect(eventFaults({ ...stateEvent('failed'), deep })[0]).toMatch(/^limit_exceeded deep/);
    expect(reads).toBeLessThan(40);
  });

  test('has one issue for a list, however many of its members are wrong', () => {
    const wrong = new Array(100_000).fill(1);
    expect(eventFaults(stateEvent('failed', { run: { id: 'r', tags: wrong } }))).toEqual(['invalid_type run.tags[0]']);
    const labels = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`l${index}`, null]));
    const detected = smallestEvents['anomaly.detected'];
    expect(eventFaults({ ...detected, labels })).toEqual(['invalid_type labels.l0']);
    expect(eventFaults({ ...detected, links: wrong })).toEqual(['limit_exceeded links']);
  });

  test('that throws while it is read says so', () => {
    const { issues } = parseEvent(
      {
        ...stateEvent('failed'),
        get error() {
          throw new Error('not today');
        },
      },
      0,
      defaultLimits,
    );
    expect(issues).toEqual([{ code: 'invalid_value', path: 'error', message: 'Reading it failed: Error: not today' }]);
  });
});
