/**
 * Finds a place in something that is in order, in few steps.
 *
 * @param length - How many there are.
 * @param isBefore - Whether the one with an index comes before the place.
 * @returns The first index that does not.
 */
export function firstIndex(length: number, isBefore: (index: number) => boolean): number {
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBefore(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
