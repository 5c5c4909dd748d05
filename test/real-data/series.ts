import { readFileSync } from 'node:fs';

/** What one step of a run logged. */
export interface Row {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Reads a logged training: `step` and its metrics; what was not logged at a step is an empty cell. */
export function readTraining(file: URL): Row[] {
  const [names = [], ...lines] = cellsOf(file);
  return lines.map(([step, ...cells]) => ({
    step: Number(step),
    metrics: Object.fromEntries(
      cells.flatMap((cell, index) => (cell === '' ? [] : [[names[index + 1] ?? '', Number(cell)]])),
    ),
  }));
}

/** Reads the values of an operational metric: a time and a value a line. */
export function readValues(file: URL): number[] {
  return cellsOf(file)
    .slice(1)
    .map(([, value]) => Number(value));
}

function cellsOf(file: URL): string[][] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split(','));
}

/** All that was logged of a metric, in its order. */
export function valuesOf(rows: readonly Row[], metric: string): number[] {
  return rows.flatMap(({ metrics }) => metrics[metric] ?? []);
}

/**
 * The same training, diverging: from the middle on the metric grows by half at each of 12 steps, is infinite for 3 and NaN
 * for 5, and then comes back. Real runs that do so are rarely published, so this stretch is made; the rest is real.
 */
export function diverging(rows: readonly Row[], metric: string): Row[] {
  const start = Math.floor(rows.length / 2);
  const diverged = (value: number, step: number): number => {
    if (step < 0 || step >= 20) return value;
    if (step < 12) return value * 1.5 ** (step + 1);
    return step < 15 ? Number.POSITIVE_INFINITY : Number.NaN;
  };
  return rows.map((row, index) => {
    const value = row.metrics[metric];
    if (value === undefined) return row;
    return { ...row, metrics: { ...row.metrics, [metric]: diverged(value, index - start) } };
  });
}

/** Cuts a run into parts of equal length, as if each were a run of its own. */
export function partsOf(rows: readonly Row[], count: number): Row[][] {
  const length = Math.ceil(rows.length / count);
  return Array.from({ length: count }, (_, index) => rows.slice(index * length, (index + 1) * length));
}
