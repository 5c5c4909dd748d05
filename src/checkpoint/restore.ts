import type { Runtime } from '../ports/runtime.js';
import type { Storage, StoredRecord } from '../ports/storage.js';
import { createGiveWay } from '../record/give-way.js';
import type { LiveRuns } from '../window/live-runs.js';
import { checkpointKeys, chunkOf, ownerOf } from './checkpoint-keys.js';
import type { OthersIds } from './others-ids.js';
import type { ProjectRecords } from './project-records.js';
import { readRun } from './read-run.js';
import type { RunChanges } from './run-changes.js';
import { type FoundRun, foundRun } from './run-record.js';
import { type SavedRuns, savedRunOf } from './saved-runs.js';

/** What {@link restoreCheckpoints} works with. */
export interface RestoreOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly liveRuns: LiveRuns;
  readonly saved: SavedRuns;
  readonly changes: RunChanges;
  readonly othersIds: OthersIds;
  readonly projectRecords: ProjectRecords;
  /** After how long without an event a run is not put back, in milliseconds. */
  readonly runIdleMs: number;
  /** Whether a process has ended that saved something. */
  isGone(owner: string): Promise<boolean>;
}

/** How many records are read at once. */
const recordsPerPage = 500;

/** Puts back the runs and last values of projects of processes that are gone, and the ids of events that any has saved. */
export async function restoreCheckpoints(options: RestoreOptions): Promise<void> {
  const { storage, liveRuns, othersIds, projectRecords, isGone } = options;
  const found = await findRuns(options);
  // After the runs: the ids of all events whose samples they hold stand there by now.
  await othersIds.adopt();
  await deleteOrphans(storage, found);
  await putBackRuns(options, found.own);
  const projects: StoredRecord[] = [];
  await forEachRecord(options, checkpointKeys.allProjectRuns, (record) => projects.push(record));
  projectRecords.adopt(await ofGone(projects, isGone), liveRuns);
}

/** The runs that stand in the storage. */
interface FoundRuns {
  /** Those that no other process owns that is alive. */
  readonly own: readonly FoundRun[];
  /** The names of the others. */
  readonly others: ReadonlySet<string>;
}

async function findRuns(options: RestoreOptions): Promise<FoundRuns> {
  const all: FoundRun[] = [];
  await forEachRecord(options, checkpointKeys.runs, (record) => all.push(foundRun(record)));
  const own: FoundRun[] = [];
  const others = new Set<string>();
  for (const found of all) {
    const { owner } = found.record;
    // One that nobody owns has no windows of anybody.
    if (owner === undefined || (await options.isGone(owner))) own.push(found);
    else others.add(found.name);
  }
  own.sort((left, right) => left.record.touchedMs - right.record.touchedMs);
  return { own, others };
}

async function putBackRuns(options: RestoreOptions, runs: readonly FoundRun[]): Promise<void> {
  const { storage, runtime, liveRuns, saved, changes, runIdleMs } = options;
  const giveWay = createGiveWay(runtime, { isAwaited: true });
  for (const found of runs) {
    await giveWay();
    saved.set(found.key, savedRunOf(found, undefined));
    const kept = await readRun(storage, found);
    const nowMs = runtime.now();
    const run =
      nowMs - kept.touchedMs > runIdleMs
        ? undefined
        : // The clock may have been set back.
          liveRuns.restore({ ...kept, touchedMs: Math.min(kept.touchedMs, nowMs) });
    if (run?.kept !== undefined) saved.set(found.key, savedRunOf(found, run));
    else changes.gone.add(found.key);
  }
}

/** Deletes chunks that no run speaks of: their process ended before it could say so. */
async function deleteOrphans(storage: Storage, { own, others }: FoundRuns): Promise<void> {
  const spokenOf = new Map(own.map(({ name, record }) => [name, record.metrics.map(({ chunks }) => chunks?.series)]));
  const orphans = new Set<string>();
  let after: string | undefined;
  do {
    const page = await storage.listKeys({ prefix: checkpointKeys.allValues, after, limit: 10_000 });
    for (const key of page.keys) {
      const { run, series } = chunkOf(key);
      if (!others.has(run) && spokenOf.get(run)?.includes(series) !== true)
        orphans.add(checkpointKeys.values(run, series));
    }
    after = page.next;
  } while (after !== undefined);
  for (const prefix of orphans) while ((await storage.deleteRange({ prefix, limit: 256 })) === 256);
}

async function forEachRecord(
  { storage, runtime }: RestoreOptions,
  prefix: string,
  take: (record: StoredRecord) => void,
): Promise<void> {
  const giveWay = createGiveWay(runtime, { isAwaited: true });
  let after: string | undefined;
  do {
    const page = await storage.list({ prefix, after, limit: recordsPerPage });
    page.records.forEach(take);
    after = page.next;
    await giveWay();
  } while (after !== undefined);
}

async function ofGone<Found extends { readonly key: string }>(
  all: readonly Found[],
  isGone: RestoreOptions['isGone'],
): Promise<Found[]> {
  const own: Found[] = [];
  for (const found of all) if (await isGone(ownerOf(found.key))) own.push(found);
  return own;
}
