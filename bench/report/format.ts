import type { Comparison, Figure } from '../harness/result.js';

/** A number with three digits that count, and commas between thousands. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : undefined;
  if (digits === undefined) return value === 0 ? '0' : String(Number(value.toPrecision(2)));
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A figure with its unit. */
export function formatFigure({ value, unit }: Figure): string {
  return `${formatNumber(value)} ${unit}`;
}

/** A ratio as it is shown. */
export function formatRatio(ratio: number, shownAs: Comparison['shownAs']): string {
  switch (shownAs) {
    case 'times':
      return `${formatNumber(ratio)}×`;
    case 'share':
      return `${formatNumber(ratio * 100)} %`;
    default:
      return shownAs satisfies never;
  }
}

/** What is promised: `≤ 4×`. */
export function formatBound({ bound, toReach, stretch, shownAs }: Comparison): string {
  const sign = bound === 'at-most' ? '≤' : '≥';
  const text = (limit: number): string =>
    shownAs === 'times' ? `${sign} ${limit.toLocaleString('en-US')}×` : `${sign} ${limit * 100} %`;
  return stretch === undefined ? text(toReach) : `${text(toReach)} (stretch ${text(stretch)})`;
}

/** Whether it was kept. */
export function formatReached({ bound, ratio, stretch, isReached }: Comparison): string {
  if (!isReached) return '**no**';
  if (stretch === undefined) return 'yes';
  const isStretchReached = bound === 'at-most' ? ratio <= stretch : ratio >= stretch;
  return isStretchReached ? 'yes, the stretch too' : 'yes';
}
