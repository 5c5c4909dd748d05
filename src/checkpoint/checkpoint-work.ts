import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { createGiveWay } from '../record/give-way.js';
import type { LiveRun } from '../window/live-run.js';
import type { Ownership } from './ownership.js';
import type { ProjectRecords } from './project-records.js';
import type { RunChanges } from './run-changes.js';
import type { RunSaver } from './run-saver.js';

/** What {@link writeChanges} works with. */
export interface CheckpointWorkOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly changes: RunChanges;
  readonly saver: RunSaver;
  readonly projectRecords: ProjectRecords;
  readonly ownership: Ownership;
}

/** How many runs a commit holds at most. */
const runsPerCommit = 64;

/** How many last values of projects a commit holds, about. */
const projectValuesPerCommit = 10_000;

/** Writes what has changed until now, in commits of a bounded size. What changes meanwhile is for the next time. */
export async function writeChanges(options: CheckpointWorkOptions): Promise<void> {
  const { runtime, changes, saver, ownership } = options;
  const giveWay = createGiveWay(runtime);
  await ownership.settle();
  for (let left = changes.changedRuns.size; left > 0; left -= runsPerCommit) {
    const runs = takeSome(changes.changedRuns, Math.min(left, runsPerCommit));
    const refused = await saver.save(runs, false);
    if (refused.length > 0) await ownership.contest(refused);
    await giveWay();
  }
  while (changes.gone.size > 0) {
    await saver.deleteGone();
    await giveWay();
  }
  await saver.saveLooseIds();
  await writeProjects(options, giveWay);
}

/** Takes out some, those that have waited longest first. */
function takeSome(changed: Set<LiveRun>, most: number): LiveRun[] {
  const runs: LiveRun[] = [];
  for (const run of changed) {
    if (runs.length === most) break;
    changed.delete(run);
    // Of one that belongs to another process nothing is kept here.
    if (run.owner !== 'elsewhere') runs.push(run);
  }
  return runs;
}

async function writeProjects(
  { storage, projectRecords }: CheckpointWorkOptions,
  giveWay: () => Promise<void>,
): Promise<void> {
  for (let left = projectRecords.size; left > 0; ) {
    const plan = projectRecords.plan(left, projectValuesPerCommit);
    if (plan === undefined) return;
    try {
      await storage.commit({ steps: [{ write: plan.writes }] });
    } catch (error) {
      plan.putBack();
      throw error;
    }
    plan.written();
    left -= plan.metrics;
    await giveWay();
  }
}
