import type { Execution } from 'tocsin';
import type { SlackArrival } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { channelOf } from './automations.js';
import type { LoggedAnswer, LoggedEmit } from './emit-log.js';
import { type Evidence, judge } from './judge.js';
import { type Bell, metricsEvent, type PlannedEvent } from './sequence.js';

type Rung = Pick<PlannedEvent, 'event' | 'bells'>;

const alias = (id: string, bell: Partial<Bell> = {}): Rung => ({
  event: { type: 'custom.alias', id, entity: 'my-team' },
  bells: [{ automation: 'production', subject: id, max: 1, grade: 'must', ...bell }],
});

/** An emit that is answered a moment after it was sent, the nth at the nth second. */
function emitted(nth: number, rung: Rung, answer: Partial<LoggedAnswer> = {}, place = 0): LoggedEmit {
  const sentAtMs = nth * 1000;
  return {
    planned: { nth, emitter: place, ...rung },
    place,
    sends: 1,
    sentAtMs,
    answers: [{ fired: [], skipped: [], duplicate: false, atMs: sentAtMs + 10, process: 1, ...answer }],
  };
}

const firing = (...ids: string[]): Partial<LoggedAnswer> => ({
  fired: ids.map((executionId) => ({ automation: 'production', executionId })),
});

const execution = (id: string, eventId: string, more: Partial<Execution> = {}): Execution => ({
  id,
  automationId: 'production',
  automationName: 'production',
  automationRevision: 1,
  status: 'finished',
  count: 1,
  createdAt: 0,
  updatedAt: 0,
  event: { id: eventId },
  action: { type: 'none' },
  attempts: [],
  ...more,
});

const arrival = (deliveryId: string | undefined, channelName: string = channelOf.production): SlackArrival => ({
  deliveryId,
  channelId: channelName,
  channelName,
  ts: '1.000000',
  threadTs: undefined,
  arrivedAtMs: 0,
  via: 'chat.postMessage',
});

const nothing: Evidence = { emits: [], lives: new Map(), executions: [], arrivals: [], lookUp: true };

/** Two events that rang as they should. */
const sound: Evidence = {
  ...nothing,
  emits: [emitted(1, alias('a'), firing('1')), emitted(2, alias('b'), firing('2'))],
  executions: [execution('1', 'a'), execution('2', 'b')],
  arrivals: [arrival('1'), arrival('2')],
};

/** How many faults of each kind there are. */
function counts(evidence: Evidence): object {
  const faults = Object.entries(judge(evidence)).filter(([, list]) => list.length > 0);
  return Object.fromEntries(faults.map(([kind, list]) => [kind, list.length]));
}

describe('the judge', () => {
  test('has nothing against what rang once for each event, in order', () => {
    expect(counts(sound)).toEqual({});
  });

  test.each<[string, Evidence, object]>([
    [
      'what did not ring',
      { ...sound, executions: [execution('1', 'a')], arrivals: [arrival('1')] },
      { lost: 2 /* the bell, and the answer that told of it */ },
    ],
    ['what did not arrive', { ...sound, arrivals: [arrival('1')] }, { lost: 1 }],
    [
      'what still waits',
      { ...sound, executions: [execution('1', 'a'), execution('2', 'b', { status: 'pending' })] },
      { lost: 1 },
    ],
    [
      'an event that rang twice',
      {
        ...sound,
        executions: [...sound.executions, execution('3', 'b')],
        arrivals: [...sound.arrivals, arrival('3')],
      },
      { doubled: 1 },
    ],
    ['a message that arrived twice', { ...sound, arrivals: [...sound.arrivals, arrival('2')] }, { doubled: 1 }],
    ['a message that nobody committed', { ...sound, arrivals: [...sound.arrivals, arrival('3')] }, { wrong: 1 }],
    ['a message without an id', { ...sound, arrivals: [...sound.arrivals, arrival(undefined)] }, { wrong: 1 }],
    [
      'a message in the wrong channel',
      { ...sound, arrivals: [arrival('1'), arrival('2', channelOf.low)] },
      { wrong: 1 },
    ],
    ['messages in the wrong order', { ...sound, arrivals: [arrival('2'), arrival('1')] }, { wrong: 2 }],
    [
      'what rang for nothing',
      { ...sound, emits: [emitted(1, alias('a'), firing('1')), emitted(2, { ...alias('b'), bells: [] })] },
      { wrong: 1 },
    ],
  ])('sees %s', (_, evidence, faults) => {
    expect(counts(evidence)).toEqual(faults);
  });

  test('excuses a message that arrived twice only if nobody was to look, and the receipt says so', () => {
    const twice = { ...sound, arrivals: [...sound.arrivals, arrival('2')], lookUp: false };
    expect(counts(twice)).toEqual({ doubled: 1 });
    const receipt = { note: 'may be a duplicate: an earlier attempt ended ambiguously' };
    expect(counts({ ...twice, executions: [execution('1', 'a'), execution('2', 'b', { receipt })] })).toEqual({
      excused: 1,
    });
  });

  test('holds a bell to its bound: three for six events, and not four', () => {
    const limited = (nth: number, id?: string) =>
      emitted(nth, alias(`e${nth}`, { subject: 'digits', max: 3 }), id === undefined ? {} : firing(id));
    const rings = (many: number): Evidence => {
      const ids = Array.from({ length: many }, (_, index) => `${index + 1}`);
      return {
        ...nothing,
        emits: Array.from({ length: 6 }, (_, index) => limited(index + 1, ids[index])),
        executions: ids.map((id) => execution(id, `e${id}`)),
        arrivals: ids.map((id) => arrival(id)),
      };
    };
    expect(counts(rings(3))).toEqual({});
    expect(counts(rings(2))).toEqual({ lost: 1 });
    expect(counts(rings(4))).toEqual({ doubled: 1 });
  });

  test('knows no order between processes but that of answers', () => {
    const swapped = { ...sound, arrivals: [arrival('2'), arrival('1')] };
    const [first, second] = sound.emits;
    const elsewhere = second && {
      ...second,
      place: 1,
      answers: second.answers.map((answer) => ({ ...answer, process: 2 })),
    };
    const emits = [first, elsewhere].filter((emit) => emit !== undefined);
    expect(counts({ ...swapped, emits })).toEqual({ wrong: 1 });
    const atOnce = emits.map((emit) => ({ ...emit, sentAtMs: 1000 }));
    expect(counts({ ...swapped, emits: atOnce })).toEqual({});
  });
});

describe('the judge of windows', () => {
  /** A run of bad events by processes; each answered with what it matched. */
  const bad = (nth: number, process: number, ...matched: string[]): LoggedEmit =>
    emitted(nth, metricsEvent(`m${nth}`, 'run', true, 'may'), {
      process,
      skipped: matched.map((automation) => ({ automation, reason: 'cooldown' })),
    });
  const killed = (endedAtMs: number) => new Map([[1, { endedAtMs, isKilled: true }]]);
  const five = (...matched: string[]) => [1, 2, 3, 4].map((nth) => bad(nth, 1, 'low')).concat(bad(5, 2, ...matched));

  test('wants each bad event to match, and five to make an average, if the last checkpoint must have had four', () => {
    expect(counts({ ...nothing, emits: five('low', 'average'), lives: killed(9000) })).toEqual({});
    expect(counts({ ...nothing, emits: five('low'), lives: killed(9000) })).toEqual({ wrong: 1 });
    expect(counts({ ...nothing, emits: five('average'), lives: killed(9000) })).toEqual({ wrong: 1 });
  });

  test('forgives what the kill can have taken, but not what was closed', () => {
    expect(counts({ ...nothing, emits: five('low'), lives: killed(4100) })).toEqual({});
    const closed = new Map([[1, { endedAtMs: 4100, isKilled: false }]]);
    expect(counts({ ...nothing, emits: five('low'), lives: closed })).toEqual({ wrong: 1 });
  });

  test('wants an event that is emitted again to be a duplicate, if the last checkpoint must have had it', () => {
    const again = (endedAtMs: number, duplicate: boolean): Evidence => {
      const emit = emitted(1, alias('a'));
      emit.answers.push({ fired: [], skipped: [], duplicate, atMs: endedAtMs + 1000, process: 2 });
      return { ...sound, emits: [emit, ...sound.emits], lives: killed(endedAtMs) };
    };
    expect(counts(again(9000, true))).toEqual({});
    expect(counts(again(9000, false))).toEqual({ wrong: 1 });
    expect(counts(again(1100, false))).toEqual({});
  });

  test('sees a sample that counted twice', () => {
    const four = [1, 2, 3].map((nth) => bad(nth, 1, 'low')).concat(bad(4, 2, 'low', 'average'));
    expect(counts({ ...nothing, emits: four, lives: killed(3000) })).toEqual({ wrong: 1 });
  });
});
