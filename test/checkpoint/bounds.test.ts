import { describe, expect, test } from 'vitest';
import { createRunChanges } from '../../src/checkpoint/run-changes.js';
import { createUnsavedIds } from '../../src/checkpoint/unsaved-ids.js';
import { createEventIds } from '../../src/firing/event-ids.js';
import type { LiveRun } from '../../src/window/live-run.js';
import { createLiveRuns } from '../../src/window/live-runs.js';
import { logged } from '../window/runs.js';

describe('while nothing can be saved', () => {
  test('no more ids are kept than the engine remembers', () => {
    const eventIds = createEventIds(100);
    const unsaved = createUnsavedIds(eventIds, 100);
    for (let number = 0; number < 10_000; number += 1) {
      eventIds.set(`${number}`, { type: 'committed' });
      unsaved.add(`${number}`, undefined);
    }
    expect(unsaved.loose).toBeLessThanOrEqual(300);
    const last = unsaved.take(undefined);
    for (let number = 9900; number < 10_000; number += 1) expect(last).toContain(`${number}`);
    expect(unsaved.take(undefined)).toEqual([]);
  });

  test('no run is held on to that had to go', () => {
    const unsavedIds = createUnsavedIds(createEventIds(100), 100);
    const claimed = new Set<LiveRun>();
    const changes = createRunChanges({
      saved: new Map(),
      unsavedIds,
      onLogged: (run) => claimed.add(run),
      onForgotten: (run) => claimed.delete(run),
      onChanged() {},
    });
    const limits = { maxLiveRuns: 5, runIdleMs: 1000, maxWindowValues: 1000, maxProjectValues: 1000 };
    const projectRuns = { changed() {} };
    const runs = createLiveRuns(limits, () => {}, { runs: changes, projectRuns, firstOwner: 'unknown' });
    for (let id = 0; id < 100; id += 1) runs.touch(logged('e', `${id}`), 0);
    expect(changes.changedRuns.size).toBe(5);
    expect(claimed.size).toBe(5);
    expect(changes.gone.size).toBe(0);
  });
});
