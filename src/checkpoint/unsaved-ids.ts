import type { EventIds } from '../firing/event-ids.js';
import type { LiveRun } from '../window/live-run.js';

/** The ids of events whose last word is not saved yet, each with the run whose windows have its samples. */
export interface UnsavedIds {
  /** @param run - `undefined`: nothing of the event is in the windows of a run that is remembered. */
  add(id: string, run: LiveRun | undefined): void;
  /** Takes out those of a run, or those of none. */
  take(run: LiveRun | undefined): readonly string[];
  /** Puts back what could not be saved; those of a run that is not remembered any more are of none. */
  putBack(ids: readonly string[], run: LiveRun | undefined): void;
  /** Makes those of a run those of another, or of none. */
  move(from: LiveRun, to: LiveRun | undefined): void;
  /** The runs whose windows have the samples of any of these. */
  runsWith(ids: ReadonlySet<string>): readonly LiveRun[];
  /** How many are of no run. */
  readonly loose: number;
}

const noIds: readonly string[] = Object.freeze([]);

/**
 * Makes what remembers them. While the storage is away, only those are kept that the engine itself remembers.
 *
 * @param maxEventIds - How many the engine remembers at least; it is never more than twice as many.
 */
export function createUnsavedIds(eventIds: EventIds, maxEventIds: number): UnsavedIds {
  const byRun = new Map<LiveRun | undefined, string[]>();
  const most = 3 * maxEventIds;
  let size = 0;

  const dropForgotten = (): void => {
    size = 0;
    for (const [run, ids] of byRun) {
      const known = [...new Set(ids)].filter((id) => eventIds.get(id) !== undefined);
      if (known.length === 0) byRun.delete(run);
      else byRun.set(run, known);
      size += known.length;
    }
  };

  const add: UnsavedIds['add'] = (id, run) => {
    const ids = byRun.get(run);
    if (ids === undefined) byRun.set(run, [id]);
    else ids.push(id);
    size += 1;
    if (size > most) dropForgotten();
  };

  const take: UnsavedIds['take'] = (run) => {
    const ids = byRun.get(run);
    if (ids === undefined) return noIds;
    byRun.delete(run);
    size -= ids.length;
    return ids;
  };

  const putBack: UnsavedIds['putBack'] = (ids, run) => {
    for (const id of ids) add(id, run?.kept === undefined ? undefined : run);
  };

  return {
    add,
    take,
    putBack,
    move(from, to) {
      for (const id of take(from)) add(id, to);
    },
    runsWith(ids) {
      if (ids.size === 0) return [];
      return [...byRun].flatMap(([run, own]) => (run !== undefined && own.some((id) => ids.has(id)) ? run : []));
    },
    get loose() {
      return byRun.get(undefined)?.length ?? 0;
    },
  };
}
