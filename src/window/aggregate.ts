import { afterOrigin, type Fold, scan, writeEmpty } from './fold.js';
import type { AllocationListener } from './growing-ring.js';
import { lengthOf, type Ring, valueAt } from './ring.js';

/** What a window of a metric says. */
export interface Aggregate<Result> {
  /** How many numbers it keeps beside the values. */
  readonly allocated: number;
  /** To be called after each value that the ring takes; `undefined` where nothing is kept up as values come. */
  readonly pushed: (() => void) | undefined;
  /** What the values say that are in the window now. At least one is there. */
  value(): Result;
}

/**
 * Makes the aggregate of a window of a ring: of its last `window` values, or with a lag of those before its last ones.
 *
 * @param window - How many values are in it.
 * @param lag - How many later values are not.
 * @param ring - The values; it keeps at least `window + lag`. What it holds already is in the window.
 * @param onAllocated - Told of the room it takes.
 */
export function createAggregate<Result>(
  fold: Fold<Result>,
  window: number,
  lag: number,
  ring: Ring,
  onAllocated: AllocationListener,
): Aggregate<Result> {
  return window <= fold.largestScan
    ? { allocated: 0, pushed: undefined, value: () => scan(fold, ring, window, lag) }
    : createTwoStacks(fold, window, lag, ring, onAllocated);
}

/** How many suffixes are kept in a row. */
const blockSize = 256;

/**
 * A queue of two stacks: the older values as the parts of each of their suffixes, the newer ones as one part. Nothing is
 * ever subtracted, so a value that has left leaves no residue, and nothing drifts. Before the older stack is empty the
 * whole window is turned over, which costs O(1) a value in the long run; so the origin, the newest value of that moment,
 * is always in the window.
 *
 * Of the suffixes only those of the oldest block are kept, and a mark at the newer end of each block, from which the
 * block's suffixes are made when it has become the oldest: a large window takes little more than its values.
 */
function createTwoStacks<Result>(
  fold: Fold<Result>,
  window: number,
  lag: number,
  ring: Ring,
  onAllocated: AllocationListener,
): Aggregate<Result> {
  const width = fold.empty.length;
  // The origin, the part of the newer values, room for a result, the marks from the newest block to the oldest, the suffixes.
  const newer = afterOrigin;
  const both = newer + width;
  const marks = both + width;
  let suffixes = marks + width;
  let parts = new Float64Array(0);
  let olderCount = 0;
  let newerCount = 0;

  /** Begins with a window's newest value as the origin, and with nothing in any part. */
  const begin = (size: number): void => {
    const change = size - parts.length;
    if (change > 0) parts = new Float64Array(size);
    parts[0] = valueAt(ring, lag);
    writeEmpty(fold, parts, newer);
    writeEmpty(fold, parts, marks);
    if (change > 0) onAllocated(change);
  };

  /** Takes values of the older stack, from one that has `after` values of the stack after it to older ones. */
  const extendOlder = (from: number, into: number, stride: number, after: number, count: number): void =>
    fold.extend(parts, from, into, stride, ring, lag + newerCount + after, count, -1);

  const makeSuffixes = (block: number, count: number): void =>
    extendOlder(marks + block * width, suffixes, width, block * blockSize, count);

  const turnOver = (): void => {
    olderCount = Math.min(window, lengthOf(ring) - lag);
    newerCount = 0;
    const blocks = Math.ceil(olderCount / blockSize);
    suffixes = marks + blocks * width;
    begin(suffixes + Math.min(olderCount, blockSize) * width);
    for (let block = 0; block < blocks - 1; block += 1) {
      const mark = marks + block * width;
      extendOlder(mark, mark + width, 0, block * blockSize, blockSize);
    }
    makeSuffixes(blocks - 1, olderCount - (blocks - 1) * blockSize);
  };
  if (lengthOf(ring) > lag) turnOver();

  return {
    get allocated() {
      return parts.length;
    },
    pushed() {
      if (lengthOf(ring) <= lag) return;
      const isFull = olderCount + newerCount === window;
      if (isFull && olderCount <= 1) return turnOver();
      // The oldest value leaves: it is in the longest suffix alone.
      if (isFull) olderCount -= 1;
      if (olderCount + newerCount === 0) begin(suffixes);
      fold.extend(parts, newer, newer, 0, ring, lag, 1, 1);
      newerCount += 1;
      if (isFull && olderCount % blockSize === 0) makeSuffixes(olderCount / blockSize - 1, blockSize);
    },
    value() {
      if (olderCount === 0) return fold.result(parts, newer, newerCount);
      const longest = suffixes + ((olderCount - 1) % blockSize) * width;
      fold.combine(parts, longest, newer, both);
      return fold.result(parts, both, olderCount + newerCount);
    },
  };
}
