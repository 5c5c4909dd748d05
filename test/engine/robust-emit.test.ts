import {
  type Commit,
  callHandler,
  doNothing,
  type Engine,
  onRunAlert,
  onRunMetric,
  project,
  runEvent,
  type Storage,
  sendNotification,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { fieldMatches } from '../../src/rule/field-matches.js';
import { artifactCreated, metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { runProgram } from '../support/run-program.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const scope = project('my-team', 'my-project');
const low = onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) });
const always = { cooldown: 0 } as const;
const hour = { cooldown: '1h' } as const;
const unavailable = { code: 'storage_unavailable' };

/** A storage whose commits go through what a test puts before them. */
function withCommit(storage: Storage, commit: (commit: Commit) => ReturnType<Storage['commit']>): Storage {
  return { ...storage, commit };
}

async function counts(engine: Engine): Promise<number[]> {
  await engine.idle();
  return (await engine.executions.list({ status: 'skipped' })).items.map(({ count }) => count);
}

describe('an event that the storage refused', () => {
  test('fires what it matched at first when it is emitted again, though the windows have gone on', async () => {
    let fate: CommitFate | undefined;
    const { engine } = await openEngine({ storage: unreliableStorage(memoryStorage(), () => fate) });
    await engine.automations.create({ name: 'low', event: low, action: doNothing(), policy: always });
    const event = metricsEvent({ accuracy: 0.5 }, { id: 'event-1' });
    fate = { type: 'fails' };
    await expect(engine.emit(event)).rejects.toMatchObject(unavailable);
    fate = undefined;
    await engine.emit(metricsEvent({ accuracy: 0.9 }, { id: 'event-2' }));
    expect((await engine.emit(event)).fired).toHaveLength(1);
    expect(await engine.emit(event)).toEqual({ fired: [], skipped: [], duplicate: true });
  });

  test('is not counted as skipped at each try', async () => {
    let fate: CommitFate | undefined;
    const { engine } = await openEngine({ storage: unreliableStorage(memoryStorage(), () => fate) });
    await engine.automations.create({ name: 'seldom', event: low, action: doNothing(), policy: hour });
    await engine.automations.create({ name: 'always', event: low, action: doNothing(), policy: always });
    await engine.emit(metricsEvent({ accuracy: 0.5 }));
    const event = metricsEvent({ accuracy: 0.5 }, { id: 'event-1' });
    fate = { type: 'fails' };
    for (const _ of [1, 2, 3]) await expect(engine.emit(event)).rejects.toMatchObject(unavailable);
    fate = undefined;
    expect(await engine.emit(event)).toMatchObject({ fired: [{}], skipped: [{ reason: 'cooldown' }] });
    expect(await counts(engine)).toEqual([1]);
  });
});

describe('a commit that was written, though the storage said that it failed', () => {
  test.each([true, false])('is delivered once (emitted again: %s)', async (again) => {
    const runtime = manualRuntime();
    const base = memoryStorage({ now: runtime.now });
    let loses = false;
    const storage = withCommit(base, async (commit) => {
      const result = await base.commit(commit);
      if (!loses) return result;
      loses = false;
      throw new Error('Lost after the commit');
    });
    const { engine, delivery, terminal } = await openEngine({ runtime, storage });
    await engine.automations.create({ name: 'low', event: low, action: sendNotification(terminal), policy: always });
    loses = true;
    const event = metricsEvent({ accuracy: 0.5 }, { id: 'event-1' });
    await expect(engine.emit(event)).rejects.toMatchObject(unavailable);
    if (again) expect(await engine.emit(event)).toEqual({ fired: [], skipped: [], duplicate: true });
    await engine.idle();
    expect(delivery.delivered).toHaveLength(1);
    expect((await engine.executions.list()).items.map(({ status }) => status)).toEqual(['finished']);
  });
});

describe('an automation that goes while an emit is on its way', () => {
  /** How many commits the storage is given before it has answered the first. */
  const mostHandedOver = 64;

  test.each([
    { how: 'disable', emitted: 2, reason: 'automation_disabled' },
    { how: 'delete', emitted: 2, reason: 'automation_deleted' },
    { how: 'disable', emitted: mostHandedOver + 1, reason: 'automation_disabled' },
    { how: 'delete', emitted: mostHandedOver + 1, reason: 'automation_deleted' },
  ] as const)('does nothing afterwards ($how, of $emitted on their way)', async ({ how, emitted, reason }) => {
    const base = memoryStorage();
    let release = (): void => {};
    let holds = false;
    const storage = withCommit(base, async (commit) => {
      if (holds) {
        holds = false;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return base.commit(commit);
    });
    const calls: unknown[] = [];
    const { engine } = await openEngine({ storage, handlers: { note: ({ event }) => void calls.push(event) } });
    const { automation } = await engine.automations.create({
      name: 'going',
      event: low,
      action: callHandler('note'),
      policy: always,
    });
    await engine.automations.create({ name: 'staying', event: low, action: doNothing(), policy: always });
    holds = true;
    const emits = Array.from({ length: emitted }, (_, index) =>
      engine.emit(metricsEvent({ accuracy: 0.5 }, {}, `run-${index}`)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    const called = calls.length;
    await engine.automations[how](automation.id);
    release();
    const last = await emits.at(-1);
    // What the storage had been given by then is called off; what still waited for its turn does not fire.
    const isCalledOff = emitted <= mostHandedOver;
    expect(last?.fired.map(({ automationName }) => automationName)).toEqual(
      isCalledOff ? ['going', 'staying'] : ['staying'],
    );
    await Promise.all(emits);
    await engine.idle();
    expect(calls.length).toBeLessThanOrEqual(called + 1);
    const { items } = await engine.executions.list({ automationId: automation.id, limit: 1000 });
    expect(items.filter(({ status }) => status === 'finished')).toHaveLength(calls.length);
    for (const item of items.filter(({ status }) => status !== 'finished')) {
      expect(item).toMatchObject({ status: 'cancelled', reason });
    }
  });
});

test('an alert that was dropped does not put off the next one', async () => {
  const runtime = manualRuntime();
  const storage = memoryStorage({ now: runtime.now });
  const one = await openEngine({ storage, runtime });
  await one.engine.automations.create({
    name: 'alert',
    event: onRunAlert({ scope }),
    action: doNothing(),
    policy: always,
  });
  const { engine } = await openEngine({ storage, runtime });
  const place = { entity: 'my-team', project: 'my-project', run: { id: 'run-1' } } as const;
  const alert = { type: 'run.alert', ...place, title: 'Loss', text: 'High', level: 'WARN', waitMs: 60_000 } as const;
  const fired: number[] = [];
  for (const [emitter, afterMs] of [
    [one.engine, 0],
    [engine, 50_000],
    [engine, 20_000],
  ] as const) {
    await runtime.advance(afterMs);
    fired.push((await emitter.emit(alert)).fired.length);
  }
  expect(fired).toEqual([1, 0, 1]);
  await Promise.all([one.engine, engine].map((each) => each.close()));
});

test('idle waits for counts that are being written, and none is overtaken by an older one', async () => {
  const base = memoryStorage();
  const waiting: ((fails: boolean) => void)[] = [];
  let holds = false;
  const storage = withCommit(base, async (commit) => {
    if (holds && (await new Promise<boolean>((resolve) => waiting.push(resolve)))) throw new Error('Late');
    return base.commit(commit);
  });
  const { engine, runtime } = await openEngine({ storage, skipFlushMs: 1000 });
  await engine.automations.create({ name: 'seldom', event: low, action: doNothing(), policy: hour });
  await engine.emit(metricsEvent({ accuracy: 0.5 }));
  holds = true;
  await engine.emit(metricsEvent({ accuracy: 0.5 }));
  await runtime.advance(1000);
  await engine.emit(metricsEvent({ accuracy: 0.5 }));
  let isIdle = false;
  const idle = engine.idle().then(() => {
    isIdle = true;
  });
  await runtime.advance(0);
  expect([isIdle, waiting.length]).toEqual([false, 1]);
  holds = false;
  waiting[0]?.(true);
  await idle;
  expect(await counts(engine)).toEqual([2]);
});

test('a clock that is set back leaves no emit waiting beyond its bound', async () => {
  const manual = manualRuntime();
  let offsetMs = 0;
  const runtime = { ...manual, now: () => manual.now() + offsetMs };
  let fate: CommitFate | undefined;
  const { engine } = await openEngine({
    runtime,
    storage: unreliableStorage(memoryStorage(), () => fate),
    commitTimeoutMs: 10_000,
  });
  await engine.automations.create({ name: 'low', event: low, action: doNothing(), policy: always });
  fate = { type: 'silent' };
  const refused: unknown[] = [];
  for (const _ of [1, 2, 3])
    engine.emit(metricsEvent({ accuracy: 0.5 })).catch((error: unknown) => refused.push(error));
  await manual.advance(1);
  offsetMs = -3_600_000;
  await manual.advance(10_000);
  expect(refused).toMatchObject([unavailable, unavailable, unavailable]);
});

test('idle waits for what a listener emits', async () => {
  const storage = unreliableStorage(memoryStorage(), () => ({ type: 'slow', turns: 20 }));
  const { engine, terminal } = await openEngine({ storage });
  await engine.automations.create({ name: 'low', event: low, action: sendNotification(terminal), policy: always });
  const lost = onRunMetric({ scope, filter: runEvent.metric('loss').gt(0) });
  await engine.automations.create({ name: 'lost', event: lost, action: doNothing(), policy: always });
  engine.on('execution-finished', ({ automationName }) => {
    if (automationName === 'low') void engine.emit(metricsEvent({ loss: 1 }));
  });
  await engine.emit(metricsEvent({ accuracy: 0.5 }));
  await engine.idle();
  expect((await engine.executions.list()).items.map(({ automationName }) => automationName).sort()).toEqual([
    'lost',
    'low',
  ]);
});

describe('the work of a regular expression', () => {
  const large = `${'(\\w*a\\w{300}){3}'.repeat(10)}\\d`;

  test('is bounded, however many texts an event has', async () => {
    const { engine } = await openEngine({ limits: { patternProgramSteps: 10_000 } });
    await engine.automations.create({
      name: 'large',
      event: {
        type: 'artifact.created',
        scope: { type: 'registry', entity: 'my-team', registry: 'models' },
        filter: { tag: { $regex: large } },
      },
      action: doNothing(),
    });
    const tags = Array.from({ length: 60 }, (_, index) => 'ab'.repeat(2000) + index);
    const startedMs = performance.now();
    const artifact = { ...artifactCreated().artifact, tags };
    expect((await engine.emit(artifactCreated({ artifact }))).fired).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });

  test('leaves the first 256 characters of a text to every pattern, and 4,096 to a small one', () => {
    expect(fieldMatches(`${'b'.repeat(255)}a`, `a|${'x{1000}'.repeat(20)}`)).toBe(true);
    expect(fieldMatches(`${'b'.repeat(4095)}a`, 'a')).toBe(true);
    expect(fieldMatches(`${'b'.repeat(4096)}a`, 'a')).toBe(false);
    expect(fieldMatches([...Array(60).fill('b'.repeat(4096)), 'a'], 'a')).toBe(true);
  });

  test('is not spent on elements beyond it', () => {
    const pattern = `z|(?:${large})`;
    expect(fieldMatches(['z'], pattern)).toBe(true);
    expect(fieldMatches(['b'.repeat(4000), 'z'], pattern)).toBe(false);
  });
});

test('an emit that nobody awaits and that the storage refuses does not pass unseen', async () => {
  const { exitCode, output, errors } = await runProgram('test/programs/unawaited-emit.ts');
  expect([exitCode, output]).toEqual([1, '']);
  expect(errors).toContain('storage_unavailable');
});
