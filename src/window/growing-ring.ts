import { lengthOf, type Memory, pushValue, type Ring, ringHeader, valueAt } from './ring.js';

/** Told of every change in how many numbers are allocated. */
export type AllocationListener = (change: number) => void;

/** A ring with numbers of its own. */
export interface GrowingRing extends Ring {
  /** How many numbers it takes by now. */
  readonly allocated: number;
  push(value: number): void;
  /** Keeps at most so many values from now on; the last ones of those that are there stay. */
  resize(capacity: number): void;
}

const smallestAllocation = 16;

/** The count of a ring that has no values. Never written to. */
const noNumbers = new Float64Array(ringHeader);

/**
 * Makes a ring that takes room as values come, not all at once: most runs are shorter than the largest window.
 *
 * @param initialCapacity - How many values to keep; at least 1.
 * @param onAllocated - Told of the room it takes and gives back.
 */
export function createGrowingRing(initialCapacity: number, onAllocated: AllocationListener): GrowingRing {
  const memory: Memory = { numbers: noNumbers };
  const allocated = (): number => (memory.numbers === noNumbers ? 0 : memory.numbers.length);

  const ring = {
    memory,
    place: 0,
    capacity: initialCapacity,
    get allocated() {
      return allocated();
    },
    push(value: number): void {
      const length = lengthOf(ring);
      const room = memory.numbers.length - ringHeader;
      if (length === room && length < ring.capacity) move(ring.capacity, Math.max(smallestAllocation, 2 * allocated()));
      pushValue(ring, value);
    },
    resize(capacity: number): void {
      if (capacity !== ring.capacity) move(capacity, allocated());
    },
  };

  const move = (capacity: number, mostNumbers: number): void => {
    const kept = Math.min(lengthOf(ring), capacity);
    const before = allocated();
    const numbers = mostNumbers === 0 ? noNumbers : new Float64Array(Math.min(ringHeader + capacity, mostNumbers));
    for (let age = 0; age < kept; age += 1) numbers[ringHeader + kept - 1 - age] = valueAt(ring, age);
    if (kept > 0) numbers[0] = kept;
    memory.numbers = numbers;
    ring.capacity = capacity;
    onAllocated(allocated() - before);
  };

  return ring;
}
