/** Told of every change in how many numbers are allocated. */
export type AllocationListener = (change: number) => void;

/** The last values of a series, oldest first. */
export interface RingBuffer {
  /** How many values are kept at most. */
  readonly capacity: number;
  /** How many values are there. */
  readonly length: number;
  /** For how many values there is room by now. */
  readonly allocated: number;
  push(value: number): void;
  /**
   * Reads a value by its age.
   *
   * @param age - 0 is the last value, `length - 1` the oldest.
   */
  at(age: number): number;
  /** Keeps at most so many values from now on; the last ones of those that are there stay. */
  resize(capacity: number): void;
}

const smallestAllocation = 16;

/**
 * Makes a ring buffer. It takes room as values come, not all at once: most runs are shorter than the largest window.
 *
 * @param initialCapacity - How many values to keep; at least 1.
 * @param onAllocated - Told of the room it takes and gives back.
 */
export function createRingBuffer(initialCapacity: number, onAllocated: AllocationListener): RingBuffer {
  let capacity = initialCapacity;
  let values = new Float64Array(0);
  let length = 0;
  let next = 0;

  const at = (age: number): number => {
    const index = next - 1 - age;
    return values[index < 0 ? index + capacity : index] as number;
  };

  const move = (newCapacity: number, room: number): void => {
    const kept = Math.min(length, newCapacity);
    const moved = new Float64Array(room);
    for (let index = 0; index < kept; index += 1) moved[index] = at(kept - 1 - index);
    onAllocated(room - values.length);
    capacity = newCapacity;
    values = moved;
    length = kept;
    next = kept === capacity ? 0 : kept;
  };

  return {
    get capacity() {
      return capacity;
    },
    get length() {
      return length;
    },
    get allocated() {
      return values.length;
    },
    push(value) {
      if (length === values.length && length < capacity) {
        move(capacity, Math.min(capacity, Math.max(smallestAllocation, values.length * 2)));
      }
      values[next] = value;
      next = next + 1 === capacity ? 0 : next + 1;
      if (length < capacity) length += 1;
    },
    at,
    resize(newCapacity) {
      if (newCapacity !== capacity) move(newCapacity, Math.min(newCapacity, values.length));
    },
  };
}
