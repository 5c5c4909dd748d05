/** The last values of a series, oldest first. */
export interface RingBuffer {
  /** How many values are kept at most. */
  readonly capacity: number;
  /** How many values are there. */
  readonly length: number;
  push(value: number): void;
  /**
   * Reads a value by its age.
   *
   * @param age - 0 is the last value, `length - 1` the oldest.
   */
  at(age: number): number;
}

const smallestAllocation = 16;

/**
 * Makes a ring buffer. It takes room as values come, not all at once: most runs are shorter than the largest window.
 *
 * @param capacity - How many values to keep; at least 1.
 * @param initial - Values to start with, oldest first.
 */
export function createRingBuffer(capacity: number, initial: readonly number[] = []): RingBuffer {
  let values = new Float64Array(Math.min(capacity, smallestAllocation));
  let length = 0;
  let next = 0;

  const grow = (): void => {
    const larger = new Float64Array(Math.min(capacity, values.length * 2));
    larger.set(values);
    values = larger;
    next = length;
  };

  const ring: RingBuffer = {
    capacity,
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length && length < capacity) grow();
      values[next] = value;
      next = next + 1 === values.length && values.length === capacity ? 0 : next + 1;
      if (length < capacity) length += 1;
    },
    at(age) {
      const index = next - 1 - age;
      return values[index < 0 ? index + capacity : index] as number;
    },
  };
  for (const value of initial) ring.push(value);
  return ring;
}
