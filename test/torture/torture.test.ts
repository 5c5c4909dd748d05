import { describe, expect, test } from 'vitest';
import { runTorture } from './run-torture.js';

const kills = 20;

describe('an engine whose processes are killed with SIGKILL again and again', { timeout: 300_000 }, () => {
  test.each([
    { processes: 1, seed: 101 },
    { processes: 2, seed: 202 },
  ])('loses nothing and doubles nothing: $processes at work on one file storage', async ({ processes, seed }) => {
    const { figures, verdict } = await runTorture({ kills, processes, seed, lookUp: true, seconds: 280 });
    expect(verdict).toEqual({ lost: [], doubled: [], excused: [], wrong: [] });
    expect(figures.kills).toBe(kills);
    // Something was at stake.
    expect(figures.sentAgain).toBeGreaterThan(0);
    expect(figures.executions).toBeGreaterThan(figures.kills);
    // What a dead process held is free at once: a lease would have lasted 35 s.
    expect(figures.slowestRecoveryMs).toBeLessThan(10_000);
  });

  test('doubles what nobody is to look for, and nothing else', async () => {
    const { verdict } = await runTorture({ kills: 5, processes: 1, seed: 303, lookUp: false, seconds: 280 });
    expect(verdict).toMatchObject({ lost: [], doubled: [], wrong: [] });
    expect(verdict.excused.length).toBeGreaterThan(0);
  });

  test('is not taken for sound when the time was up before all kills', async () => {
    const { verdict } = await runTorture({ kills: 1000, processes: 1, seed: 404, lookUp: true, seconds: 1 });
    expect(verdict.wrong).toEqual([expect.stringMatching(/^killed only \d+ of 1000 times in 1 s$/)]);
  });
});
