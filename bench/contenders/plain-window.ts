/** What the questions of P4 ask of a window, computed from all its values. */
export interface PlainWindow {
  readonly average: number;
  readonly least: number;
  readonly most: number;
  /** The average of the window, less that of as many values before it. */
  readonly change: number;
  /** How many standard deviations the last value is from the mean of the `window` values before it. */
  readonly zscore: number;
}

/**
 * Computes them as anybody would.
 *
 * @param values - All values so far, the newest last; at least twice the window.
 */
export function plainWindow(values: readonly number[], window: number): PlainWindow {
  const current = values.slice(-window);
  const prior = values.slice(-2 * window, -window);
  const before = values.slice(-window - 1, -1);
  const mean = meanOf(before);
  const deviation = Math.sqrt(meanOf(before.map((value) => (value - mean) ** 2)));
  return {
    average: meanOf(current),
    least: current.reduce((least, value) => Math.min(least, value)),
    most: current.reduce((most, value) => Math.max(most, value)),
    change: meanOf(current) - meanOf(prior),
    zscore: ((values.at(-1) as number) - mean) / deviation,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
