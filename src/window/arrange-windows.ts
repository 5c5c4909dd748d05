import type { MetricSeries } from './metric-series.js';
import { pushValue } from './ring.js';
import { emptyLayout, type WindowLayout } from './window-layout.js';

/** The windows of a run. */
export interface RunWindows {
  readonly layout: WindowLayout;
  /** The numbers of the layout's pages; `undefined` before the first value. */
  readonly pages: (Float64Array | undefined)[];
  /** What is kept of the metrics that lie on no page; absent before the first value. */
  readonly series: Map<string, MetricSeries>;
  /** Values that were put back, oldest first, until windows are arranged from them: most runs never log again. */
  readonly resting: ReadonlyMap<string, readonly number[]> | undefined;
}

/** Never written to: nothing is laid out. */
export const noWindows: RunWindows = Object.freeze({
  layout: emptyLayout,
  pages: [],
  series: new Map(),
  resting: undefined,
});

/** What windows are arranged anew from. */
export interface WindowSource {
  readonly series: ReadonlyMap<string, MetricSeries>;
  /** The values that are there of a metric, oldest first. */
  values(name: string): readonly number[];
  /** Makes a series of such values. */
  createSeries(name: string, values: readonly number[]): MetricSeries;
}

/** Arranges windows as a layout says, with the values that are there. */
export function arrangeWindows(layout: WindowLayout, source: WindowSource): RunWindows {
  const series = new Map<string, MetricSeries>();
  const pages: (Float64Array | undefined)[] = layout.pages.map(() => undefined);
  for (const { name, facts, place } of layout.metrics.values()) {
    const kept = place === undefined ? source.series.get(name) : undefined;
    const values = kept === undefined ? source.values(name) : [];
    if (kept === undefined && values.length === 0) continue;
    if (place === undefined) {
      const own = kept ?? source.createSeries(name, values);
      own.follow(facts);
      series.set(name, own);
      continue;
    }
    const { ring, page } = place;
    const numbers = pages[page] ?? new Float64Array(layout.pages[page]?.size ?? 0);
    pages[page] = numbers;
    ring.memory.numbers = numbers;
    for (const value of values) pushValue(ring, value);
  }
  return { layout, pages, series, resting: undefined };
}

/** How many numbers the pages take that there are. */
export function numbersOf({ pages, resting }: Pick<RunWindows, 'pages' | 'resting'>): number {
  const onPages = pages.reduce((sum, numbers) => sum + (numbers?.length ?? 0), 0);
  return resting === undefined ? onPages : [...resting.values()].reduce((sum, { length }) => sum + length, onPages);
}
