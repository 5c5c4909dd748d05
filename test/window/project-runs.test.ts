import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProjectRuns, projectMetricKey } from '../../src/window/project-runs.js';

const seed = 1;
const loss = { entity: 'quiet', metric: projectMetricKey({ project: 'p' }, 'loss') };

describe('the last values of the runs of a project', () => {
  test('are of those that logged last, the latest at the end, and never of the run that asks', () => {
    const runs = createProjectRuns(100);
    for (const [run, value] of [
      ['1', 1],
      ['2', 2],
      ['3', 3],
      ['1', 10],
      ['4', 4],
    ] as const) {
      runs.record(loss, run, value, 4);
    }
    expect(runs.others(loss, '4', 3)).toEqual([2, 3, 10]);
    expect(runs.others(loss, '4', 2)).toEqual([3, 10]);
    expect(runs.others(loss, '3', 2)).toEqual([10, 4]);
    expect(runs.others(loss, 'new', 3)).toEqual([3, 10, 4]);
    expect([runs.otherCount(loss, '4', 9), runs.otherCount(loss, 'new', 9), runs.otherCount(loss, '4', 2)]).toEqual([
      3, 4, 2,
    ]);
  });

  test('are as many as the largest window that was asked for, and the run itself', () => {
    const runs = createProjectRuns(100);
    for (let run = 0; run < 50; run += 1) runs.record(loss, `${run}`, run, run < 2 ? 6 : 3);
    expect(runs.size).toBe(6);
    expect(runs.others(loss, '49', 5)).toEqual([44, 45, 46, 47, 48]);
  });

  test('are kept apart by entity, project, registry and metric, whatever these are called', () => {
    const odd = ['a', 'a","b', '"', 'null', '[', 'a/b'];
    const runs = createProjectRuns(10_000);
    const places = odd.flatMap((entity) =>
      odd.flatMap((name) =>
        odd.flatMap((metric) =>
          [{ project: name }, { registry: name }, {}].map((place) => ({
            entity,
            metric: projectMetricKey(
              place,
              `${metric}${place.project === undefined && place.registry === undefined ? name : ''}`,
            ),
          })),
        ),
      ),
    );
    const distinct = new Set(places.map((place) => JSON.stringify(place))).size;
    for (const [index, place] of places.entries()) runs.record(place, 'run', index, 3);
    expect(runs.size).toBe(distinct);
    for (const place of places) expect(runs.others(place, 'run', 2)).toEqual([]);
  });

  test('of one entity are never pushed out by made-up runs and projects of another', () => {
    const runs = createProjectRuns(100);
    for (let run = 0; run < 40; run += 1) runs.record(loss, `${run}`, run, 41);
    for (let made = 0; made < 5000; made += 1) {
      const project = { entity: 'loud', metric: projectMetricKey({ project: `made-up-${made % 700}` }, 'loss') };
      runs.record(project, `made-up-${made}`, made, 1001);
      expect(runs.size).toBeLessThanOrEqual(100);
    }
    expect(runs.others(loss, 'new', 40)).toEqual(Array.from({ length: 40 }, (_, run) => run));
  });

  test('of an entity go when they are too many, those of the metric that was logged longest ago first', () => {
    const runs = createProjectRuns(4);
    const accuracy = { ...loss, metric: projectMetricKey({ project: 'p' }, 'accuracy') };
    for (const run of ['1', '2']) runs.record(loss, run, 1, 10);
    for (const run of ['1', '2']) runs.record(accuracy, run, 2, 10);
    runs.record(loss, '1', 3, 10);
    runs.record(loss, '3', 3, 10);
    expect([runs.others(loss, 'new', 9), runs.others(accuracy, 'new', 9)]).toEqual([[1, 3, 3], [2]]);
  });

  test('are never more than the bound, and are counted right, whatever comes', () => {
    const record = fc.record({
      entity: fc.constantFrom('a', 'b', 'c'),
      metric: fc.constantFrom('x', 'y', 'z'),
      run: fc.integer({ min: 0, max: 30 }),
      capacity: fc.integer({ min: 3, max: 20 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(record, { maxLength: 300, size: 'max' }),
        (bound, records) => {
          const runs = createProjectRuns(bound);
          for (const { entity, metric, run, capacity } of records) {
            runs.record({ entity, metric }, `${run}`, run, capacity);
            expect(runs.size).toBeLessThanOrEqual(bound);
          }
          let sum = 0;
          for (const entity of ['a', 'b', 'c']) {
            for (const metric of ['x', 'y', 'z']) sum += runs.otherCount({ entity, metric }, 'new', 1000);
          }
          expect(runs.size).toBe(sum);
        },
      ),
      { seed, numRuns: 100 },
    );
  });
});
