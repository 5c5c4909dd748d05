import { describe, expect, test } from 'vitest';
import { type Contender, takeTurns } from '../../bench/harness/rounds.js';
import { fittingUnits } from '../../bench/harness/units.js';

const settle = async (): Promise<void> => {};

/** Notes every turn, and finds so many matches. */
function noting(label: string, turns: string[], matches = 0): Contender {
  return {
    label,
    prepare: (round) => ({
      units: 1,
      run() {
        turns.push(`${label}${round}`);
        return matches;
      },
    }),
  };
}

describe('takeTurns', () => {
  test('lets everybody take a turn in every round, each round in another order, after one that warms up', async () => {
    const turns: string[] = [];
    await takeTurns({ a: noting('a', turns), b: noting('b', turns), c: noting('c', turns) }, { rounds: 2, settle });
    expect(turns).toEqual(['a0', 'b0', 'c0', 'b1', 'c1', 'a1', 'c2', 'a2', 'b2']);
  });

  test('does not count the round that warms up, nor what a turn prepares', async () => {
    const busyUntil = (endMs: number): void => {
      while (performance.now() < endMs);
    };
    const contender: Contender = {
      label: 'a',
      prepare(round) {
        busyUntil(performance.now() + 5);
        return {
          units: 1,
          run() {
            if (round === 0) busyUntil(performance.now() + 50);
            return 0;
          },
        };
      },
    };
    const { a } = await takeTurns({ a: contender }, { rounds: 3, settle });
    expect(a.value).toBeLessThan(5000);
  });

  test('divides the time by the units', async () => {
    const contender: Contender = {
      label: 'a',
      prepare: () => ({
        units: 1000,
        run() {
          const endMs = performance.now() + 2;
          while (performance.now() < endMs);
          return 0;
        },
      }),
    };
    const { a } = await takeTurns({ a: contender }, { rounds: 3, settle, unit: 'µs a sample' });
    expect(a).toMatchObject({ label: 'a', unit: 'µs a sample' });
    expect(a.least).toBeGreaterThanOrEqual(2);
  });

  test('settles before every turn', async () => {
    const turns: string[] = [];
    const noted = async () => void turns.push('settle');
    await takeTurns({ a: noting('a', turns), b: noting('b', turns) }, { rounds: 1, settle: noted });
    expect(turns).toEqual(['settle', 'a0', 'settle', 'b0', 'settle', 'b1', 'settle', 'a1']);
  });

  test.each([
    ['too many', 1, 0],
    ['too few', 0, 10],
  ])('fails when a turn finds %s matches', async (_, found, matches) => {
    const contender: Contender = { label: 'a', prepare: () => ({ units: 1, matches, run: async () => found }) };
    const failure = `a: expected ${matches} matches, got ${found}`;
    await expect(takeTurns({ a: contender }, { rounds: 1, settle })).rejects.toThrow(failure);
  });
});

describe('fittingUnits', () => {
  test('gives what takes next to nothing the most, and what takes for ever the fewest', async () => {
    const options = { turnMs: 1, fewest: 10, most: 1000 };
    expect(await fittingUnits(() => 0, options)).toBe(1000);
    const slow = (units: number): number => {
      const endMs = performance.now() + units / 2;
      while (performance.now() < endMs);
      return 0;
    };
    expect(await fittingUnits(slow, options)).toBe(10);
  });

  test('times every portion of a turn but the first, each made ready right before', async () => {
    const prepared: number[] = [];
    const contender: Contender = {
      label: 'a',
      prepare: (number) => {
        prepared.push(number);
        return { units: 1, run: () => 0 };
      },
    };
    const { a } = await takeTurns({ a: contender }, { rounds: 1, portions: 3, settle });
    expect(prepared).toEqual([0, 1, 2, 3, 4, 5]);
    expect(a.value).toBeGreaterThanOrEqual(0);
  });
});
