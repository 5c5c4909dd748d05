import { type EmitResult, onRunMetric, project, runEvent, sendNotification, TocsinError } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const automationCount = 200;
const emitCount = 2000;
const runCount = 20;

/** Automation n wants a value of at least n; the values of a run only grow, in small irregular steps. */
function plan(): { runId: string; value: number; step: number }[] {
  const { random } = manualRuntime({ seed: 7 });
  const values = new Map<string, number>();
  return Array.from({ length: emitCount }, (_, step) => {
    const runId = `run-${Math.floor(random() * runCount)}`;
    const value = (values.get(runId) ?? 0) + random() * 4;
    values.set(runId, value);
    return { runId, value, step };
  });
}

/** What must fire at each emit: the thresholds that its run passes for the first time. */
function expectedFirings(emits: ReturnType<typeof plan>): string[][] {
  const passed = new Map<string, number>();
  return emits.map(({ runId, value }) => {
    const first = passed.get(runId) ?? 0;
    const last = Math.min(Math.floor(value), automationCount - 1);
    passed.set(runId, Math.max(first, last + 1));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => `at-least-${first + index}`);
  });
}

async function openWatched(storage = memoryStorage()) {
  const opened = await openEngine({ storage, commitTimeoutMs: 60_000 });
  const scope = project('my-team', 'my-project');
  for (let threshold = 0; threshold < automationCount; threshold += 1) {
    await opened.engine.automations.create({
      name: `at-least-${threshold}`,
      event: onRunMetric({ scope, filter: runEvent.metric('value').gte(threshold) }),
      action: sendNotification(opened.terminal, { title: `at-least-${threshold}` }),
    });
  }
  return opened;
}

const namesOf = ({ fired }: EmitResult): string[] => fired.map(({ automationName }) => automationName);

describe('2,000 overlapping emits over 200 automations', () => {
  test('fire exactly what they must, none lost, none twice, in order', async () => {
    const { engine, delivery } = await openWatched();
    const emits = plan();
    const expected = expectedFirings(emits);
    const results = await Promise.all(
      emits.map(({ runId, value, step }) => engine.emit(metricsEvent({ value }, { step }, runId))),
    );
    expect(results.map(namesOf)).toEqual(expected);
    await engine.idle();
    const deliveredInOrder = emits.flatMap(
      ({ step }, index) => expected[index]?.map((title) => `${step} ${title}`) ?? [],
    );
    expect(delivery.delivered.map(({ step, title }) => `${step} ${title}`)).toEqual(deliveredInOrder);
    expect(deliveredInOrder.length).toBeGreaterThan(2000);
  });

  test('lose and double nothing on a storage that is slow and fails at random; what was refused rings when it is emitted again', async () => {
    const { random } = manualRuntime({ seed: 11 });
    let isTroubled = false;
    const fate = (): CommitFate | undefined => {
      if (!isTroubled) return undefined;
      return random() < 0.2 ? { type: 'fails' } : { type: 'slow', turns: Math.floor(random() * 4) };
    };
    const { engine, runtime, delivery } = await openWatched(unreliableStorage(memoryStorage(), fate));
    const emits = plan();
    isTroubled = true;
    const events = emits.map(({ runId, value, step }) => metricsEvent({ value }, { step, id: `event-${step}` }, runId));
    const outcomes = await Promise.allSettled(events.map((event) => engine.emit(event)));
    const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [{ outcome, index }] : []));
    expect(refused.length).toBeGreaterThan(50);
    for (const { outcome } of refused) {
      expect(TocsinError.is(outcome.reason) && outcome.reason.code).toBe('storage_unavailable');
    }

    // What a refused emit matched fires with a later emit of its run, or when it is emitted again.
    const firedOf = new Map<string, string[]>();
    const note = (runId: string | undefined, result: EmitResult): void => {
      firedOf.set(String(runId), [...(firedOf.get(String(runId)) ?? []), ...namesOf(result)]);
    };
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') note(emits[index]?.runId, outcome.value);
    }
    isTroubled = false;
    for (const { index } of refused) note(emits[index]?.runId, await engine.emit(events[index] as never));

    for (const [runId, fired] of firedOf) {
      const own = emits.filter((emit) => emit.runId === runId);
      const highest = Math.min(Math.floor(Math.max(...own.map(({ value }) => value))), automationCount - 1);
      const all = Array.from({ length: highest + 1 }, (_, threshold) => `at-least-${threshold}`);
      expect([...fired].sort()).toEqual(all.sort());
    }

    await runtime.advance(60_000);
    await engine.idle();
    const delivered = delivery.delivered.map(({ executionId }) => executionId);
    expect(new Set(delivered).size).toBe(delivered.length);
    expect(delivered.length).toBe([...firedOf.values()].flat().length);
  });
});

describe('a storage that does not answer', () => {
  test('makes emits fail in a bounded time, and what it wrote all the same is delivered once', async () => {
    let fate: CommitFate | undefined;
    const storage = memoryStorage();
    const opened = await openEngine({ storage: unreliableStorage(storage, () => fate), commitTimeoutMs: 10_000 });
    const { engine, runtime, delivery, terminal } = opened;
    const event = onRunMetric({ scope: project('my-team', 'my-project'), filter: runEvent.metric('value').gt(0) });
    await engine.automations.create({ name: 'up', event, action: sendNotification(terminal, { title: 'Up' }) });

    fate = { type: 'silent' };
    const emitted = [1, 2, 3].map((value) => engine.emit(metricsEvent({ value })).catch((error: unknown) => error));
    await runtime.advance(10_000);
    for (const error of await Promise.all(emitted)) expect(error).toMatchObject({ code: 'storage_unavailable' });

    fate = undefined;
    expect(await engine.emit(metricsEvent({ value: 4 }))).toMatchObject({
      fired: [],
      skipped: [{ reason: 'cooldown' }],
    });
    const closed = engine.close();
    await runtime.advance(60_000);
    await closed;

    const next = await openEngine({ storage, runtime: manualRuntime({ seed: 2 }) });
    await next.engine.idle();
    const delivered = [...delivery.delivered, ...next.delivery.delivered];
    expect(delivered.map(({ title }) => title)).toEqual(['Up']);
  });

  test('a queue that is full refuses at once', async () => {
    let fate: CommitFate | undefined;
    const opened = await openEngine({ storage: unreliableStorage(memoryStorage(), () => fate), maxQueuedCommits: 2 });
    const { engine, runtime, terminal } = opened;
    const event = onRunMetric({ scope: project('my-team', 'my-project'), filter: runEvent.metric('value').gt(0) });
    await engine.automations.create({ name: 'up', event, policy: { cooldown: 0 }, action: sendNotification(terminal) });
    fate = { type: 'silent' };
    const waiting = [1, 2].map((value) => engine.emit(metricsEvent({ value })).catch((error: unknown) => error));
    await expect(engine.emit(metricsEvent({ value: 3 }))).rejects.toMatchObject({ code: 'storage_unavailable' });
    await runtime.advance(10_000);
    await Promise.all(waiting);
  });
});
