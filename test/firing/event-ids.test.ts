import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../src/firing/evaluation.js';
import { createEventIds, type EventIds } from '../../src/firing/event-ids.js';

type State = Parameters<EventIds['set']>[1];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const evaluation = {} as Evaluation;
const committed: State = { type: 'committed' };
const idOf = (number: number): string => `event-${number}`;

/** Remembers exactly so many, and forgets the one that was set the longest time ago. */
function exactMemory(most: number): EventIds {
  const states = new Map<string, State>();
  return {
    get: (id) => states.get(id),
    set(id, state) {
      states.delete(id);
      states.set(id, state);
      const [oldest] = states.keys();
      if (states.size > most && oldest !== undefined) states.delete(oldest);
    },
  };
}

/** How many of the ids from 0 on are remembered. */
function rememberedOf(ids: EventIds, count: number): number {
  return Array.from({ length: count }, (_, number) => ids.get(idOf(number))).filter((state) => state !== undefined)
    .length;
}

const state = fc.constantFrom<State>(
  { type: 'pending', outcome: Promise.resolve() },
  { type: 'sampled' },
  { type: 'sampled', evaluation },
  committed,
);

describe('the ids of events', () => {
  test('are forgotten no earlier than by a memory that counts exactly, and their last state is known', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), state), { maxLength: 80 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), steps, (most, sets) => {
        const ids = createEventIds(most);
        const exact = exactMemory(most);
        const last = new Map<string, State>();
        for (const [number, set] of sets) {
          const id = idOf(number);
          for (const memory of [ids, exact]) memory.set(id, set);
          last.set(id, set);
          for (const [known, latest] of last) {
            const remembered = ids.get(known);
            if (remembered !== undefined || exact.get(known) !== undefined) expect(remembered).toBe(latest);
          }
          expect(rememberedOf(ids, 13)).toBeLessThanOrEqual(2 * most);
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test('are forgotten in the end', () => {
    const ids = createEventIds(100);
    for (let number = 0; number < 1000; number += 1) ids.set(idOf(number), committed);
    expect(rememberedOf(ids, 800)).toBe(0);
    expect(rememberedOf(ids, 1000)).toBeGreaterThanOrEqual(100);
  });

  test('keep the 10,000 newest evaluations of what the storage refused, and of the others that they were sampled', () => {
    const ids = createEventIds(20_000);
    const sampled: State = { type: 'sampled', evaluation };
    for (let number = 0; number < 10_000; number += 1) ids.set(idOf(number), sampled);
    // What was committed after all makes room.
    ids.set(idOf(1), committed);
    ids.set(idOf(0), sampled);
    ids.set(idOf(10_000), sampled);
    expect(ids.get(idOf(2))).toBe(sampled);
    ids.set(idOf(10_001), sampled);
    expect(ids.get(idOf(2))).toEqual({ type: 'sampled' });
    for (const number of [0, 3, 10_001]) expect(ids.get(idOf(number))).toBe(sampled);
    expect(ids.get(idOf(1))).toBe(committed);
    // One without an evaluation takes no other's place.
    ids.set(idOf(10_002), { type: 'sampled' });
    expect(ids.get(idOf(3))).toBe(sampled);
  });

  test('lose no newer evaluation for one that is long forgotten', () => {
    const ids = createEventIds(9000);
    const sampled: State = { type: 'sampled', evaluation };
    for (let number = 0; number < 40_000; number += 1) ids.set(idOf(number), sampled);
    for (let number = 31_000; number < 40_000; number += 1) expect(ids.get(idOf(number))).toBe(sampled);
    expect(ids.get(idOf(29_000))).toEqual({ type: 'sampled' });
    for (const number of [0, 26_000, 26_999]) expect(ids.get(idOf(number))).toBeUndefined();
  });

  test('hold the evaluation of an event only until it is committed, also when others came between', async () => {
    const ids = createEventIds(2);
    const refused = ((): WeakRef<Evaluation> => {
      const held = {} as Evaluation;
      ids.set('refused', { type: 'sampled', evaluation: held });
      return new WeakRef(held);
    })();
    for (const other of ['other', 'another']) ids.set(other, committed);
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(refused.deref()).toBeDefined();
    ids.set('refused', committed);
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(refused.deref()).toBeUndefined();
  });
});
