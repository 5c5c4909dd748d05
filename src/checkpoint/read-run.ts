import type { Storage } from '../ports/storage.js';
import type { KeptRun, KeptSeries } from '../window/kept-run.js';
import { checkpointKeys, chunkOf } from './checkpoint-keys.js';
import { fromNumberList } from './number-list.js';
import { chunkFrom, type FoundRun, type MetricRecord } from './run-record.js';
import { joinChunks, type ValueChunk } from './value-chunks.js';

/** How many chunks are read at once. */
const chunksPerPage = 100;

/** Reads what was kept of a run, with the chunks of its long series. */
export async function readRun(storage: Storage, { record, name }: FoundRun): Promise<KeptRun> {
  const { entity, project, registry, info, state, isConcluded, touchedMs, metrics } = record;
  const series: KeptSeries[] = [];
  for (const metric of metrics) {
    // Most have no chunks, and there may be very many.
    const inRecord = seriesInRecord(metric);
    series.push(inRecord ?? (await readSeries(storage, name, metric)));
  }
  return { place: { entity, project, registry }, info, state, isConcluded, touchedMs, series };
}

function seriesInRecord({ name, values, chunks }: MetricRecord): KeptSeries | undefined {
  return chunks === undefined ? { name, values: fromNumberList(values), earlier: undefined } : undefined;
}

async function readSeries(storage: Storage, run: string, { name, values, chunks }: MetricRecord): Promise<KeptSeries> {
  const { series = 0, count = 0, length = 0 } = chunks ?? {};
  const all = await readChunks(storage, checkpointKeys.values(run, series));
  const joined = joinChunks(all, { tail: fromNumberList(values), count, length });
  return { name, values: joined, earlier: count - joined.length };
}

async function readChunks(storage: Storage, prefix: string): Promise<ValueChunk[]> {
  const chunks: ValueChunk[] = [];
  let after: string | undefined;
  do {
    const page = await storage.list({ prefix, after, limit: chunksPerPage });
    chunks.push(...page.records.map(({ key, value }) => chunkFrom(chunkOf(key).chunk, value)));
    after = page.next;
  } while (after !== undefined);
  return chunks;
}
