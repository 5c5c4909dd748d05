import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParsedRunEvent } from '../../src/event/parsed-event.js';
import { metricsEvent, stateEvent } from '../support/events.js';
import { parsedRunEvent } from '../support/parsed-events.js';
import { logged, openRuns } from './runs.js';

const [maxLiveRuns, runIdleMs] = [4, 50];

/** Which runs are live or have ended, by the book: lists that are searched from end to end. */
function runsByTheBook() {
  // Both with the latest at the end.
  let live: { entity: string; run: string; touchedMs: number }[] = [];
  let entities: string[] = [];
  let ended: string[] = [];
  const evicted: string[] = [];

  const forget = (run: string): void => {
    live = live.filter((each) => each.run !== run);
    entities = entities.filter((name) => live.some(({ entity }) => entity === name));
  };

  const forgetIdle = (entity: string, nowMs: number): void => {
    const idle = live.filter(({ touchedMs }) => nowMs - touchedMs > runIdleMs);
    for (const each of idle) if (each.entity === entity) forget(each.run);
    for (const name of [...entities]) {
      for (const each of idle) if (each.entity === name) forget(each.run);
      if (entities.includes(name)) return;
    }
  };

  const makeRoom = (entity: string): void => {
    if (live.length < maxLiveRuns) return;
    const sizeOf = (name: string): number => live.filter((each) => each.entity === name).length;
    const size = Math.max(...entities.map(sizeOf));
    const largest = sizeOf(entity) === size ? entity : entities.find((name) => sizeOf(name) === size);
    const oldest = live.find((each) => each.entity === largest);
    if (oldest === undefined) return;
    evicted.push(oldest.run);
    forget(oldest.run);
  };

  return {
    touch(entity: string, run: string, nowMs: number, isOnlyIfKnown: boolean): boolean {
      forgetIdle(entity, nowMs);
      const isLive = live.some((each) => each.run === run);
      if (isOnlyIfKnown && !isLive && !ended.includes(run)) return false;
      ended = ended.filter((each) => each !== run);
      if (!isLive) makeRoom(entity);
      live = [...live.filter((each) => each.run !== run), { entity, run, touchedMs: nowMs }];
      entities = [...entities.filter((name) => name !== entity), entity];
      return true;
    },
    end(run: string): void {
      if (!live.some((each) => each.run === run)) return;
      forget(run);
      ended = [...ended, run].slice(-maxLiveRuns);
    },
    evicted,
    get size() {
      return live.length;
    },
  };
}

const places = [{ project: 'x' }, { registry: 'x' }, { project: undefined }] as const;

const step = fc.record({
  entity: fc.constantFrom('a', 'b', 'c'),
  place: fc.constantFrom(...places),
  id: fc.constantFrom('1', '2'),
  passedMs: fc.integer({ min: 0, max: 20 }),
  act: fc.constantFrom('log', 'log', 'log', 'log if known', 'finish'),
});

describe('live runs', () => {
  test('are kept and let go as by the book, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const { runs, evicted } = openRuns({ maxLiveRuns, runIdleMs });
        const book = runsByTheBook();
        let nowMs = 0;
        for (const { entity, place, id, passedMs, act } of steps) {
          nowMs += passedMs;
          // The same id in a project, in a registry of that name, and in neither.
          const at = { entity, project: undefined, ...place, run: { id } };
          const log = parsedRunEvent(metricsEvent({ loss: 1 }, at as object));
          const name = JSON.stringify([entity, place, id]);
          const isOnlyIfKnown = act === 'log if known';
          const run = isOnlyIfKnown ? runs.touchKnown(log, nowMs) : runs.touch(log, nowMs);
          expect(run !== undefined).toBe(book.touch(entity, name, nowMs, isOnlyIfKnown));
          if (run !== undefined) expect(runs.peek(log, nowMs)).toBe(run);
          if (run !== undefined && act === 'finish') {
            run.states.begin('finished').settle();
            runs.end(run);
            book.end(name);
          }
          expect(runs.size).toBe(book.size);
          expect(evicted.map((each) => each.split(' ')[0])).toEqual(
            book.evicted.map((each) => `${JSON.parse(each)[0]}/${JSON.parse(each)[2]}`),
          );
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('that had to go are not seen any more, also the one of its project that began last', () => {
    const { runs, evicted } = openRuns({ maxLiveRuns: 2 });
    for (const id of ['1', '2', '1']) runs.touch(logged('e', id), 0);
    runs.touch(logged('e', '3', 1, 'elsewhere'), 1);
    expect(evicted).toEqual(['e/2 runs']);
    expect(runs.peek(logged('e', '2'), 1)).toBeUndefined();
    expect(runs.peek(logged('e', '1'), 1)).toBeDefined();
  });
});

describe('a run of which only what is known is wanted', () => {
  const event = (id: string, state?: string): ParsedRunEvent =>
    parsedRunEvent(
      state === undefined
        ? metricsEvent({ loss: 1 }, { entity: 'e', run: { id } })
        : stateEvent(state, { entity: 'e', run: { id } }),
    );

  test('is not made, and takes no place of another', () => {
    const { runs, evicted } = openRuns({ maxLiveRuns: 2 });
    const known = ['1', '2'].map((id) => runs.touch(event(id), 0));
    for (let id = 10; id < 100; id += 1) expect(runs.touchKnown(event(`${id}`), 1)).toBeUndefined();
    expect([runs.size, evicted]).toEqual([2, []]);
    expect(['1', '2'].map((id) => runs.touchKnown(event(id), 1))).toEqual(known);
    expect(runs.peek(event('10'), 1)).toBeUndefined();
  });

  test('is used, so that it is not the next to go', () => {
    const { runs, evicted } = openRuns({ maxLiveRuns: 2 });
    for (const id of ['1', '2']) runs.touch(event(id), 0);
    runs.touchKnown(event('1'), 1);
    runs.touch(event('3'), 2);
    expect(evicted).toEqual(['e/2 runs']);
  });

  test('is there when it has ended, and starts anew when it logs', () => {
    const { runs } = openRuns();
    const run = runs.touch(event('1'), 0);
    run.states.begin('finished').settle();
    runs.end(run);
    expect(runs.touchKnown(event('1', 'finished'), 1)).toBe(run);
    expect(runs.size).toBe(0);
    const again = runs.touchKnown(event('1'), 2);
    expect(again?.states.current).toBeUndefined();
    expect([runs.size, again === run]).toEqual([1, false]);
  });

  test('is gone when it has been idle', () => {
    const { runs } = openRuns({ runIdleMs: 10 });
    runs.touch(event('1'), 0);
    expect(runs.touchKnown(event('1'), 11)).toBeUndefined();
    expect(runs.size).toBe(0);
  });
});
