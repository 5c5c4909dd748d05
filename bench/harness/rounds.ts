import { figureOf } from './figure.js';
import { settleHeap } from './garbage.js';
import type { Figure } from './result.js';

/** What is timed. */
interface Turn {
  /** By how many units, such as events, the time is divided. */
  readonly units: number;
  /** How many matches there must be. @default 0 */
  readonly matches?: number | undefined;
  /** Does the work, and answers how many matches it found. */
  run(): number | Promise<number>;
}

/** One who does the work. */
export interface Contender {
  readonly label: string;
  /**
   * Of how many portions a turn is. Each is made ready right before it is timed, so that events are as fresh as a host's; the
   * one that comes first is not timed, since after a collection of garbage all begin slowly.
   *
   * @default the option of the rounds; one is timed
   */
  readonly portions?: number | undefined;
  /** Makes ready what a turn, or a portion of one, needs, such as its events. It is not timed. */
  prepare(number: number): Turn | Promise<Turn>;
}

/** How {@link takeTurns} measures. */
export interface RoundsOptions {
  /** @default 'µs an event' */
  readonly unit?: string | undefined;
  /** How many rounds count, after one that warms up. */
  readonly rounds: number;
  /** The portions of those who say nothing else. @default one */
  readonly portions?: number | undefined;
  /** What is done before each turn. @default collecting garbage */
  readonly settle?: (() => Promise<void>) | undefined;
}

/**
 * Lets every contender take its turn in every round, each round begins with another one: what slows the machine down for a while
 * then slows all of them down.
 *
 * @returns The figures, in microseconds a unit.
 * @throws When a turn finds another number of matches than it must.
 */
export async function takeTurns<Key extends string>(
  contenders: Readonly<Record<Key, Contender>>,
  { rounds, unit = 'µs an event', portions = 1, settle = settleHeap }: RoundsOptions,
): Promise<Record<Key, Figure>> {
  const keys = Object.keys(contenders) as Key[];
  const times = new Map<Key, number[]>(keys.map((key) => [key, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const offset of keys.keys()) {
      const key = keys[(round + offset) % keys.length] as Key;
      const timeUs = await takeTurn(contenders[key], round, contenders[key].portions ?? portions, settle);
      if (round > 0) times.get(key)?.push(timeUs);
    }
  }
  const figures = keys.map((key) => [key, figureOf(contenders[key].label, unit, times.get(key) ?? [])]);
  return Object.fromEntries(figures);
}

async function takeTurn(
  contender: Contender,
  round: number,
  portions: number,
  settle: () => Promise<void>,
): Promise<number> {
  const settling = await contender.prepare(round * portions);
  await settle();
  if (portions === 1) return takePortion(contender.label, settling);
  await takePortion(contender.label, settling);
  let sumUs = 0;
  for (let portion = 1; portion < portions; portion += 1) {
    sumUs += await takePortion(contender.label, await contender.prepare(round * portions + portion));
  }
  return sumUs / (portions - 1);
}

async function takePortion(label: string, { units, matches: expected = 0, run }: Turn): Promise<number> {
  const startedMs = performance.now();
  const found = run();
  // To wait for what is there already would cost a turn of the event loop.
  const matches = typeof found === 'number' ? found : await found;
  const elapsedMs = performance.now() - startedMs;
  if (matches !== expected) throw new Error(`${label}: expected ${expected} matches, got ${matches}`);
  return (elapsedMs * 1000) / units;
}
