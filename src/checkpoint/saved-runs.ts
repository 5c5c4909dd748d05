import type { Write } from '../ports/storage.js';
import type { LiveRun } from '../window/live-run.js';
import { checkpointKeys, runName } from './checkpoint-keys.js';
import type { FoundRun } from './run-record.js';
import { chunkSize, type SavedSeries } from './value-chunks.js';

/** What of a run stands in the storage. */
export interface SavedRun {
  /** What it is called in keys. */
  readonly name: string;
  /** Of its record, as far as it is known; 0: there is none. */
  revision: number;
  /** The process that its metrics belong to, or belonged to when it ended; `undefined`: none. */
  owner: string | undefined;
  /** The number that its next long series gets; none is given twice, also not after a commit that failed. */
  nextSeries: number;
  /** Its long series. */
  series: SavedSeriesMap;
}

/** What stands in the storage of series. Where one is not the run's any more, what it is of does not matter. */
export type SavedSeriesMap = ReadonlyMap<object, SavedSeries>;

/** What stands in the storage, by the keys of the runs. */
export type SavedRuns = Map<string, SavedRun>;

const noSeries: SavedSeriesMap = new Map();

/** A run of which nothing stands there. */
export function unsavedRun(key: string): SavedRun {
  return { name: runName(key), revision: 0, owner: undefined, nextSeries: 1, series: noSeries };
}

/**
 * What stands there of a run that was found.
 *
 * @param run - The run as it was put back; `undefined` when it was not.
 */
export function savedRunOf({ name, revision, record }: FoundRun, run: LiveRun | undefined): SavedRun {
  const series = new Map<object, SavedSeries>();
  for (const { name: metric, chunks } of record.metrics) {
    if (chunks === undefined) continue;
    const firstChunk = Math.floor((chunks.count - chunks.length) / chunkSize);
    const nextChunk = Math.floor(chunks.count / chunkSize);
    series.set(run?.series.get(metric) ?? chunks, { number: chunks.series, firstChunk, nextChunk });
  }
  return { name, revision, owner: record.owner, nextSeries: record.nextSeries, series };
}

/** The writes that delete the chunks of a series, up to the one before `end`. */
export function deleteChunks(run: string, { number, firstChunk, nextChunk }: SavedSeries, end = nextChunk): Write[] {
  const length = Math.max(Math.min(end, nextChunk) - firstChunk, 0);
  return Array.from({ length }, (_, index) => {
    return { type: 'delete', key: checkpointKeys.chunk(run, number, firstChunk + index) };
  });
}

/** The writes that delete a run. */
export function deleteRun({ name, series }: SavedRun): Write[] {
  const chunks = [...series.values()].flatMap((each) => deleteChunks(name, each));
  return [{ type: 'delete', key: checkpointKeys.run(name) }, ...chunks];
}
