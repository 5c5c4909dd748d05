/** Numbers that rings lie in; those of a shared ring are lent by one run after the other. */
export interface Memory {
  numbers: Float64Array;
}

/**
 * The last values of a metric: how many came, then the values themselves, round and round.
 *
 * It is where the values lie, not the values: many runs share one, and each lends it its numbers.
 */
export interface Ring {
  readonly memory: Memory;
  /** Where it begins. */
  readonly place: number;
  /** How many values are kept at most. */
  readonly capacity: number;
}

/** How many numbers a ring takes beside its values. */
export const ringHeader = 1;

/** How many values are there. */
export function lengthOf(ring: Ring): number {
  return Math.min(countOf(ring), ring.capacity);
}

/**
 * Where a value lies in the numbers.
 *
 * @param age - 0 is the last value, `lengthOf(ring) - 1` the oldest.
 */
export function indexAt(ring: Ring, age: number): number {
  const index = nextOf(ring) - 1 - age;
  return ring.place + ringHeader + (index < 0 ? index + ring.capacity : index);
}

/** Reads a value by its age. */
export function valueAt(ring: Ring, age: number): number {
  return ring.memory.numbers[indexAt(ring, age)] as number;
}

/** Takes one more value; the oldest goes when there are too many. */
export function pushValue(ring: Ring, value: number): void {
  const { place, capacity } = ring;
  const { numbers } = ring.memory;
  numbers[place + ringHeader + nextOf(ring)] = value;
  const count = countOf(ring) + 1;
  numbers[place] = count === 2 * capacity ? capacity : count;
}

/** How many values came. Once the ring is full it stays between the capacity and twice of it. */
function countOf({ memory, place }: Ring): number {
  // It is a whole number, and is reckoned with much faster as one.
  return (memory.numbers[place] as number) | 0;
}

/** Where among the values the next one goes. */
function nextOf(ring: Ring): number {
  const count = countOf(ring);
  return count < ring.capacity ? count : count - ring.capacity;
}

/** The last values, oldest first, at most `count` of them. */
export function lastValues(ring: Ring, count: number): number[] {
  const length = Math.min(count, lengthOf(ring));
  return Array.from({ length }, (_, index) => valueAt(ring, length - 1 - index));
}

/** A ring of exactly these values. */
export function ringOf(values: readonly number[]): Ring {
  const numbers = new Float64Array(ringHeader + values.length);
  numbers[0] = values.length;
  numbers.set(values, ringHeader);
  return { memory: { numbers }, place: 0, capacity: values.length };
}
