/** Draws the next number of a sequence, 0 ≤ number < 1. */
export type Random = () => number;

/**
 * The mulberry32 generator: the same seed always draws the same sequence, on every machine.
 *
 * @param seed - Any integer; its lowest 32 bits count.
 * @returns A function that draws the next number, 0 ≤ number < 1.
 */
export const seededRandom = (seed: number): Random => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/**
 * The integers from 0 to `count - 1` in an order drawn from `random` (Fisher–Yates).
 *
 * @param count - How many integers, 0 or more.
 * @param random - Where the order comes from; `count - 1` numbers are drawn.
 * @returns A new array that holds every integer once.
 */
export const shuffledIndices = (count: number, random: Random): Uint32Array => {
  const indices = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const moved = indices[last] as number;
    indices[last] = indices[other] as number;
    indices[other] = moved;
  }
  return indices;
};
