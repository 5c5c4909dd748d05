import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const emits = 10_000_000;
const runs = 100_000;

/** What the program writes after each tenth. */
interface Tenth {
  readonly emitted: number;
  readonly bytes: number;
  readonly liveRuns: number;
  readonly projectValues: number;
  readonly evicted: number;
  readonly fired: number;
}

test('ten million events of 100,000 runs that come and go leave nothing in memory', async () => {
  const { exitCode, output, errors } = await runProgram('test/programs/emit-many-runs.ts', [`${emits}`, `${runs}`]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  const tenths = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Tenth);
  expect(tenths.map(({ emitted }) => emitted)).toEqual(
    Array.from({ length: 10 }, (_, tenth) => ((tenth + 1) * emits) / 10),
  );
  // The bounds are reached at once, runs are pushed out all along, and a few fire.
  for (const { liveRuns, projectValues } of tenths) {
    expect(liveRuns).toBeGreaterThan(50);
    expect(liveRuns).toBeLessThanOrEqual(100);
    expect(projectValues).toBe(500);
  }
  expect(new Set(tenths.map(({ evicted }) => evicted)).size).toBe(10);
  expect(tenths.at(-1)?.fired).toBe(50);
  // The first tenths warm up; from then on 80,000 runs may take less than 40 bytes each.
  const [warm = 0, ...rest] = tenths.slice(1).map(({ bytes }) => bytes / 1e6);
  expect(Math.max(...rest) - warm).toBeLessThan(3);
}, 300_000);
