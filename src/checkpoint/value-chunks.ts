import type { MetricSeries } from '../window/metric-series.js';

/** How many values make a chunk. A series that is no longer stands in its run's record. */
export const chunkSize = 256;

/** How much of a long series stands in chunks. */
export interface SavedSeries {
  /** Told from all other series that its run has had. */
  readonly number: number;
  /** Chunks are numbered by how many values ever came; these stand in the storage: from this one. */
  readonly firstChunk: number;
  /** Up to the one before this. */
  readonly nextChunk: number;
}

/** Some values in a row, as they are written once and never changed. */
export interface ValueChunk {
  readonly chunk: number;
  /** How many values came before its first one. */
  readonly first: number;
  readonly values: readonly number[];
}

/** What is to be written so that all of a series is saved. */
export interface SeriesPlan {
  /** Chunks that have become full. */
  readonly full: readonly ValueChunk[];
  /** The values after the last full chunk. */
  readonly tail: readonly number[];
  /** How many values came. */
  readonly count: number;
  /** How many of them are there. */
  readonly length: number;
  /** How it stands when that has been written. */
  readonly saved: SavedSeries;
}

/** Whether a series is so long that it is cut into chunks. */
export function isChunked(series: MetricSeries): boolean {
  return series.length > chunkSize;
}

/** How a series stands that is to be saved for the first time. */
export function unsavedSeries(number: number): SavedSeries {
  return { number, firstChunk: 0, nextChunk: 0 };
}

/**
 * Plans what is to be written of a long series. Chunks whose values have left are not in it any more.
 *
 * @param mostChunks - How many full chunks at most; with fewer than there are, the tail means nothing.
 */
export function planSeries(
  series: MetricSeries,
  before: SavedSeries,
  mostChunks = Number.POSITIVE_INFINITY,
): SeriesPlan {
  const { pushed: count, length } = series;
  const oldest = count - length;
  const firstChunk = Math.floor(oldest / chunkSize);
  const end = Math.floor(count / chunkSize);
  const from = Math.max(before.nextChunk, firstChunk);
  const nextChunk = Math.min(end, from + mostChunks);
  const start = Math.max(from * chunkSize, oldest);
  const values = series.recent(count - start);
  const full: ValueChunk[] = [];
  for (let chunk = from; chunk < nextChunk; chunk += 1) {
    const first = Math.max(chunk * chunkSize, oldest);
    full.push({ chunk, first, values: values.slice(first - start, (chunk + 1) * chunkSize - start) });
  }
  const tail = values.slice(end * chunkSize - start);
  return { full, tail, count, length, saved: { number: before.number, firstChunk, nextChunk } };
}

/** How many chunks of a series are full and not saved. */
export function unsavedChunks(series: MetricSeries, { nextChunk }: SavedSeries): number {
  const oldest = series.pushed - series.length;
  return Math.floor(series.pushed / chunkSize) - Math.max(nextChunk, Math.floor(oldest / chunkSize));
}

/**
 * Puts a series together again. Where a chunk is missing, what came before it is left out: a window has no holes.
 *
 * @param chunks - In the order of their numbers; there may be others than those of the series.
 */
export function joinChunks(
  chunks: readonly ValueChunk[],
  { tail, count, length }: Pick<SeriesPlan, 'tail' | 'count' | 'length'>,
): number[] {
  const parts: (readonly number[])[] = [tail];
  let first = count - tail.length;
  for (const chunk of chunks.toReversed()) {
    if (chunk.first + chunk.values.length !== first) continue;
    parts.push(chunk.values);
    first = chunk.first;
  }
  return parts.reverse().flat().slice(-length);
}
