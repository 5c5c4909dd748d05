import { type RunInfo, runKey } from '../event/parsed-event.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { StoredRecord, Write } from '../ports/storage.js';
import { fromStored, toStored } from '../record/stored.js';
import { checkpointKeys, runNameOf } from './checkpoint-keys.js';
import { fromNumberList, toNumberList } from './number-list.js';
import type { ValueChunk } from './value-chunks.js';

/** A run as it is saved. */
export interface RunRecord {
  readonly entity: string;
  readonly project?: string | undefined;
  readonly registry?: string | undefined;
  readonly info: RunInfo;
  /** The last state that was committed. */
  readonly state?: string | undefined;
  readonly isConcluded: boolean;
  readonly touchedMs: number;
  /** The process that its metrics belong to; absent: the first that logs them. */
  readonly owner?: string | undefined;
  /** The number that its next long series gets. */
  readonly nextSeries: number;
  readonly metrics: readonly MetricRecord[];
}

/** The values of one metric of a run. */
export interface MetricRecord {
  readonly name: string;
  /** Of a long series those after its last chunk. */
  readonly values: readonly JsonValue[];
  /** Where the others stand; absent: there are none. */
  readonly chunks?: { readonly series: number; readonly count: number; readonly length: number };
}

/** A run's record, with where it was found. */
export interface FoundRun {
  readonly record: RunRecord;
  /** What it is called in keys. */
  readonly name: string;
  /** A text that is the same for one run and different for all others. */
  readonly key: string;
  readonly revision: number;
}

/** Reads a run's record. */
export function foundRun({ key, value, revision }: StoredRecord): FoundRun {
  const record = fromStored<RunRecord>(value);
  return { record, name: runNameOf(key), key: runKey({ place: record, run: record.info }), revision };
}

/** The write that saves a run's record. */
export function putRun(name: string, record: RunRecord): Write {
  return { type: 'put', key: checkpointKeys.run(name), value: toStored(record) };
}

/** The write that saves a chunk. */
export function putChunk(run: string, series: number, { chunk, first, values }: ValueChunk): Write {
  const value = toStored({ first, values: toNumberList(values) });
  return { type: 'put', key: checkpointKeys.chunk(run, series, chunk), value };
}

/** Reads a chunk. */
export function chunkFrom(chunk: number, stored: JsonObject): ValueChunk {
  const { first, values } = fromStored<{ readonly first: number; readonly values: readonly JsonValue[] }>(stored);
  return { chunk, first, values: fromNumberList(values) };
}
