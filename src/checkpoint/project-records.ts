import type { JsonValue } from '../json.js';
import type { StoredRecord, Write } from '../ports/storage.js';
import { fromStored, toStored } from '../record/stored.js';
import type { LiveRuns } from '../window/live-runs.js';
import type { ProjectMetricRuns } from '../window/project-runs.js';
import { checkpointKeys } from './checkpoint-keys.js';
import { fromNumberList, toNumberList } from './number-list.js';

/** The last values of the runs of a project as they are saved, the latest at the end. */
interface ProjectRecord {
  readonly entity: string;
  readonly metric: string;
  readonly capacity: number;
  readonly savedAtMs: number;
  readonly runs: readonly string[];
  readonly values: readonly JsonValue[];
}

/** The last values of the runs of projects, as they stand in the storage. */
export interface ProjectRecords {
  /** Takes note of a change. */
  changed(metric: ProjectMetricRuns): void;
  /**
   * Takes some of those that have changed out, and plans how they are saved; `undefined` when there are none.
   *
   * @param mostMetrics - How many at most.
   * @param values - How many values about.
   */
  plan(mostMetrics: number, values: number): ProjectPlan | undefined;
  /** Puts back what a process saved that is gone. */
  adopt(records: readonly StoredRecord[], liveRuns: Pick<LiveRuns, 'restoreProjectRuns'>): void;
  readonly size: number;
}

/** How some are saved. */
interface ProjectPlan {
  /** How many metrics it is of. */
  readonly metrics: number;
  readonly writes: readonly Write[];
  written(): void;
  /** It could not be done. */
  putBack(): void;
}

/**
 * Makes records of which none is there yet.
 *
 * @param holder - An id of this process.
 * @param onChanged - Told when there is something to save.
 */
export function createProjectRecords(holder: string, now: () => number, onChanged: () => void): ProjectRecords {
  const unsaved = new Set<ProjectMetricRuns>();
  /** Under which keys a metric stands in the storage; one that was adopted stands under another's, too. */
  const saved = new Map<string, readonly string[]>();

  const changed = (metric: ProjectMetricRuns): void => {
    // One that has gone again, and was never saved, must not pile up while the storage is away.
    if (metric.values.size === 0 && !saved.has(nameOf(metric))) unsaved.delete(metric);
    else if (!unsaved.has(metric)) {
      unsaved.add(metric);
      onChanged();
    }
  };

  const recordOf = ({ entity, metric, capacity, values }: ProjectMetricRuns): ProjectRecord => {
    const numbers = toNumberList([...values.values()]);
    return { entity, metric, capacity, savedAtMs: now(), runs: [...values.keys()], values: numbers };
  };

  return {
    changed,
    plan(mostMetrics, mostValues) {
      const metrics: ProjectMetricRuns[] = [];
      let values = 0;
      for (const metric of unsaved) {
        metrics.push(metric);
        unsaved.delete(metric);
        values += metric.values.size;
        if (values >= mostValues || metrics.length === mostMetrics) break;
      }
      if (metrics.length === 0) return undefined;
      const after = new Map<string, readonly string[]>();
      const writes: Write[] = [];
      for (const metric of metrics) {
        const name = nameOf(metric);
        const key = checkpointKeys.projectRuns(holder, metric.entity, metric.metric);
        const before = after.get(name) ?? saved.get(name) ?? [];
        const isEmpty = metric.values.size === 0;
        for (const old of before) if (isEmpty || old !== key) writes.push({ type: 'delete', key: old });
        if (!isEmpty) writes.push({ type: 'put', key, value: toStored(recordOf(metric)) });
        after.set(name, isEmpty ? [] : [key]);
      }
      return {
        metrics: metrics.length,
        writes,
        written() {
          for (const [name, keys] of after) {
            if (keys.length === 0) saved.delete(name);
            else saved.set(name, keys);
          }
        },
        putBack() {
          for (const metric of metrics) changed(metric);
        },
      };
    },
    adopt(records, liveRuns) {
      const found = records.map(({ key, value }) => ({ key, record: fromStored<ProjectRecord>(value) }));
      found.sort((left, right) => left.record.savedAtMs - right.record.savedAtMs);
      for (const { key, record } of found) {
        const name = nameOf(record);
        saved.set(name, [...(saved.get(name) ?? []), key]);
        const numbers = fromNumberList(record.values);
        const values = record.runs.map((run, index) => [run, numbers[index] ?? Number.NaN] as const);
        const { entity, metric, capacity } = record;
        liveRuns.restoreProjectRuns({ entity, metric }, values, capacity);
      }
    },
    get size() {
      return unsaved.size;
    },
  };
}

function nameOf({ entity, metric }: Pick<ProjectRecord, 'entity' | 'metric'>): string {
  return JSON.stringify([entity, metric]);
}
