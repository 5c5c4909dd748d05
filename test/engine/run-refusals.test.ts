import { doNothing, type EngineOptions, onRunMetric, onRunState, project, runEvent } from 'tocsin';
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
    runtime,
    run,
    errors,
    logMany,
    setFate(next: CommitFate | undefined): void {
      fate = next;
    },
  };
}

/** Of how many refusals somebody has been told. */
const toldOf = (errors: readonly string[]): number =>
  errors.reduce((sum, message) => sum + Number(/refused (\d+) more/.exec(message)?.[1] ?? 1), 0);

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

  test.each(['muted', 'limited'] as const)(
    'is not told at each step though what fires in between is %s',
    async (how) => {
      const { engine, runtime, run, errors, setFate } = await openRun();
      const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });
      const policy = { cooldown: 0, rateLimit: { max: 1, window: '1h' } } as const;
      const { automation } = await engine.automations.create({ name: how, event, policy, action: doNothing() });
      const matcher = { automationId: automation.id };
      if (how === 'muted') await engine.mutes.create({ matcher, until: runtime.now() + 3_600_000, reason: 'repairs' });
      run.log({ loss: 2 });
      await run.flush();
      setFate({ type: 'fails' });
      for (let step = 0; step < 100; step += 1) {
        run.log({ accuracy: 0.1 });
        await run.flush();
        run.log({ loss: 2 });
        await run.flush();
      }
      expect(errors.length).toBeLessThan(10);
      run.finish();
      await run.flush();
      expect(toldOf(errors)).toBe(100);
      await engine.close();
    },
  );

  test.each(['finish', 'fail'] as const)('is told in full at the end of the run, as by %s()', async (end) => {
    const { engine, run, errors, logMany, setFate } = await openRun();
    setFate({ type: 'fails' });
    await logMany(1000);
    setFate(undefined);
    run[end]();
    await run.flush();
    const whole = ['Run run-1: The storage failed at commit', 'Run run-1: The storage refused 999 more'];
    expect(errors).toEqual(whole);
    run[end]();
    await run.flush();
    expect(errors).toEqual(whole);
    await engine.close();
  });

  test('is told at the end of a run that nobody flushes, and when what it ends with is refused, too', async () => {
    const { engine, run, errors, setFate } = await openRun();
    const event = onRunState({ scope });
    await engine.automations.create({ name: 'over', event, action: doNothing() });
    setFate({ type: 'fails' });
    for (let step = 0; step < 10; step += 1) run.log({ accuracy: 0.1 });
    run.finish();
    await engine.close();
    expect(errors).toEqual(['Run run-1: The storage failed at commit', 'Run run-1: The storage refused 10 more']);
  });

  test('is told by a flush before which nothing more was refused, though nothing fires any more', async () => {
    const { engine, run, errors, logMany, setFate } = await openRun();
    setFate({ type: 'fails' });
    await logMany(1000);
    setFate(undefined);
    run.log({ accuracy: 1 });
    await run.flush();
    await run.flush();
    expect(errors).toEqual(['Run run-1: The storage failed at commit', 'Run run-1: The storage refused 999 more']);
    await engine.close();
  });

  test('of a run that ends and goes on is told anew', async () => {
    const { engine, run, errors, logMany, setFate } = await openRun();
    setFate({ type: 'fails' });
    for (const _ of [1, 2]) {
      await logMany(3);
      run.finish();
      await run.flush();
    }
    const told = ['Run run-1: The storage failed at commit', 'Run run-1: The storage refused 2 more'];
    expect(errors).toEqual([...told, ...told]);
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
