import type { Figure } from './result.js';

/** The middle of some numbers; of an even count the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The figure of some rounds. */
export function figureOf(label: string, unit: string, values: readonly number[]): Figure {
  return { label, unit, value: median(values), least: Math.min(...values), most: Math.max(...values) };
}
