import { doNothing, type EngineOptions, onRunMetric, project, runEvent } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const scope = project('my-team', 'my-project');
const low = onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) });

/** A run whose low accuracy fires each time, on a storage that fails when the test says so. */
async function openRun(options: Partial<EngineOptions> = {}, cooldown: '1h' | 0 = 0) {
  const runtime = manualRuntime();
  let fate: CommitFate | undefined;
  const storage = unreliableStorage(memoryStorage({ now: runtime.now }), () => fate);
  const { engine } = await openEngine({ ...options, runtime, storage });
  const errors: string[] = [];
  engine.on('error', ({ message }) => errors.push(message));
  await engine.automations.create({ name: 'low', event: low, policy: { cooldown }, action: doNothing() });
  const run = engine.startRun({ entity: 'my-team', project: 'my-project', id: 'run-1' });
  const logMany = async (times: number): Promise<void> => {
    for (let step = 0; step < times; step += 1) run.log({ accuracy: 0.1 }, { step });
    await run.flush();
  };
  return {
    engine,
    errors,
    logMany,
    setFate(next: CommitFate | undefined): void {
      fate = next;
    },
  };
}

describe('what the storage refuses a run', () => {
  test('is told at once, and how many more there were when it works again', async () => {
    const { engine, errors, logMany, setFate } = await openRun();
    for (const _ of [1, 2]) {
      errors.length = 0;
      setFate({ type: 'fails' });
      await logMany(100);
      await logMany(100);
      expect(errors).toEqual(['Run run-1: The storage failed at commit']);
      setFate(undefined);
      await logMany(10);
      expect(errors.slice(1)).toEqual(['Run run-1: The storage works again; it refused 199 more before']);
    }
    await engine.close();
  });

  test('once, is told once', async () => {
    const { engine, errors, logMany, setFate } = await openRun();
    for (const _ of [1, 2, 3]) {
      setFate({ type: 'fails' });
      await logMany(1);
      setFate(undefined);
      await logMany(1);
    }
    expect(errors).toEqual(Array.from({ length: 3 }, () => 'Run run-1: The storage failed at commit'));
    await engine.close();
  });
});

test('a replay that never awaits is told so in one line, and how many steps did not get through in another', async () => {
  const { engine, errors, logMany } = await openRun({ maxQueuedCommits: 100 }, '1h');
  const reasons: string[] = [];
  const fired: unknown[] = [];
  engine.on('execution-skipped', ({ reason }) => reasons.push(reason));
  engine.on('execution-created', (execution) => fired.push(execution));
  await logMany(5000);
  expect(errors).toEqual([
    expect.stringContaining(
      'has 100 commits waiting already: it is too slow, or emits come in a loop that never awaits',
    ),
    'Run run-1: The storage works again; it refused 4899 more before',
  ]);
  expect([fired.length, reasons.length]).toEqual([1, 99]);
  await engine.close();
});
