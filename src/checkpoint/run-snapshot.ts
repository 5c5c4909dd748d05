import type { Write } from '../ports/storage.js';
import { metricNames } from '../window/kept-run.js';
import { type LiveRun, recentValues } from '../window/live-run.js';
import type { MetricSeries } from '../window/metric-series.js';
import { toNumberList } from './number-list.js';
import { type MetricRecord, putChunk, putRun, type RunRecord } from './run-record.js';
import { deleteChunks, type SavedRun, type SavedSeriesMap } from './saved-runs.js';
import { chunkSize, isChunked, planSeries, type SavedSeries, unsavedChunks, unsavedSeries } from './value-chunks.js';

/** What is to be written of a run, all at once. */
export interface RunSnapshot {
  readonly writes: readonly Write[];
  /** How many numbers that are. */
  readonly numbers: number;
  /** Its long series, as they stand when that has been written. */
  readonly series: SavedSeriesMap;
}

/** How many full chunks of a series go with its run's record; with more, chunks are written before. */
const mostChunksAtOnce = 64;

/**
 * Takes down a run as it is now.
 *
 * @param saved - What of it stands in the storage.
 * @param owner - The process that its metrics belong to; `undefined` where that does not matter.
 */
export function snapshotRun(run: LiveRun, saved: SavedRun, owner: string | undefined): RunSnapshot {
  const { name: runName } = saved;
  const metrics: MetricRecord[] = [];
  const series = new Map<object, SavedSeries>();
  const chunkWrites: Write[] = [];
  let numbers = 0;
  for (const name of metricNames(run)) {
    const own = run.series.get(name);
    if (own === undefined || !isChunked(own)) {
      const values = recentValues(run, name, Number.POSITIVE_INFINITY);
      numbers += values.length;
      if (values.length > 0) metrics.push({ name, values: toNumberList(values) });
      continue;
    }
    const before = savedSeries(saved, own);
    const { full, tail, count, length, saved: after } = planSeries(own, before);
    metrics.push({ name, values: toNumberList(tail), chunks: { series: after.number, count, length } });
    chunkWrites.push(
      ...full.map((chunk) => putChunk(runName, after.number, chunk)),
      ...deleteChunks(runName, before, after.firstChunk),
    );
    numbers += full.length * chunkSize + tail.length;
    series.set(own, after);
  }
  for (const [own, before] of saved.series) if (!series.has(own)) chunkWrites.push(...deleteChunks(runName, before));
  const record = recordOf(run, owner, saved.nextSeries, metrics);
  return { writes: [putRun(runName, record), ...chunkWrites], numbers, series };
}

/**
 * Takes down full chunks that are too many to go with the run's record. Nothing refers to them before that is written.
 *
 * @returns `undefined` when there are none.
 */
export function earlyChunks(run: LiveRun, saved: SavedRun): RunSnapshot | undefined {
  for (const own of run.series.values()) {
    if (!isChunked(own)) continue;
    const before = savedSeries(saved, own);
    if (unsavedChunks(own, before) <= mostChunksAtOnce) continue;
    const { full, saved: planned } = planSeries(own, before, mostChunksAtOnce);
    // What has left is deleted with the record that does not speak of it any more; of a new series nothing stands there.
    const firstChunk = before.nextChunk === 0 ? planned.firstChunk : before.firstChunk;
    const after = { ...planned, firstChunk };
    const writes = full.map((chunk) => putChunk(saved.name, after.number, chunk));
    return { writes, numbers: full.length * chunkSize, series: new Map(saved.series).set(own, after) };
  }
  return undefined;
}

/** What stands in the storage of a long series; of a new one, nothing. */
function savedSeries(saved: SavedRun, series: MetricSeries): SavedSeries {
  const known = saved.series.get(series);
  if (known !== undefined) return known;
  const number = saved.nextSeries;
  saved.nextSeries += 1;
  return unsavedSeries(number);
}

function recordOf(
  run: LiveRun,
  owner: string | undefined,
  nextSeries: number,
  metrics: readonly MetricRecord[],
): RunRecord {
  const { entity, project, registry, info, states, isConcluded, touchedMs } = run;
  return {
    entity,
    project,
    registry,
    info,
    state: states.committed,
    isConcluded,
    touchedMs,
    owner,
    nextSeries,
    metrics,
  };
}
