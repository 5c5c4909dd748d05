import {
  doNothing,
  onAddArtifactAlias,
  onRunMetric,
  onRunState,
  organization,
  project,
  registry,
  runEvent,
  sendNotification,
  TocsinError,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { aliasAdded, metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const scope = project('my-team', 'my-project');
const lowAccuracy = onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) });
const dayMs = 86_400_000;

describe('emit', () => {
  test('fires what matches, and says so once it is committed', async () => {
    const { engine, delivery, terminal } = await openEngine();
    await engine.automations.create({
      name: 'low',
      event: lowAccuracy,
      action: sendNotification(terminal, { title: 'Low' }),
    });
    const { fired, skipped, duplicate } = await engine.emit(metricsEvent({ accuracy: 0.8 }, { step: 3 }));
    expect(fired.map(({ automationName, status }) => [automationName, status])).toEqual([['low', 'pending']]);
    expect({ skipped, duplicate }).toEqual({ skipped: [], duplicate: false });
    await engine.idle();
    expect(delivery.delivered).toEqual([{ executionId: fired[0]?.id, title: 'Low', step: '3' }]);
    expect((await engine.executions.get(fired[0]?.id ?? '')).status).toBe('finished');
  });

  test('fires a run-metric automation once a run in 24 hours, and counts what it skips in one record', async () => {
    const { engine, runtime, terminal } = await openEngine();
    await engine.automations.create({ name: 'low', event: lowAccuracy, action: sendNotification(terminal) });
    const outcomes: string[] = [];
    for (const afterMs of [0, 1, dayMs - 2, 1]) {
      await runtime.advance(afterMs);
      const { fired, skipped } = await engine.emit(metricsEvent({ accuracy: 0.8 }));
      outcomes.push(fired.length === 1 ? 'fired' : String(skipped[0]?.reason));
    }
    expect(outcomes).toEqual(['fired', 'cooldown', 'cooldown', 'fired']);
    expect((await engine.emit(metricsEvent({ accuracy: 0.8 }, {}, 'another-run'))).fired).toHaveLength(1);
    await engine.idle();
    const { items: executions } = await engine.executions.list({ status: 'skipped' });
    expect(executions.map(({ reason, count }) => [reason, count])).toEqual([['cooldown', 2]]);
  });

  test('does nothing twice for an id that was committed, and samples nothing twice', async () => {
    const { engine } = await openEngine();
    const event = onRunMetric({ scope, filter: runEvent.metric('accuracy').avg(2).lt(0.5) });
    await engine.automations.create({ name: 'low', event, action: doNothing() });
    const first = metricsEvent({ accuracy: 0.9 }, { id: 'event-1' });
    expect(await engine.emit(first)).toMatchObject({ duplicate: false });
    expect(await engine.emit(first)).toEqual({ fired: [], skipped: [], duplicate: true });
    // With the repetition sampled, the window would hold 0.9 and 0.9 by now.
    expect((await engine.emit(metricsEvent({ accuracy: 0 }))).fired).toHaveLength(1);
  });

  test('a repetition that overlaps the first emit fires nothing either', async () => {
    const { engine, delivery, terminal } = await openEngine();
    await engine.automations.create({
      name: 'alias',
      event: onAddArtifactAlias({ scope: registry('my-team', 'models') }),
      action: sendNotification(terminal),
    });
    const event = aliasAdded('production', { id: 'event-1' });
    const results = await Promise.all([engine.emit(event), engine.emit(event), engine.emit(event)]);
    expect(results.map(({ fired, duplicate }) => [fired.length, duplicate])).toEqual([
      [1, false],
      [0, true],
      [0, true],
    ]);
    await engine.idle();
    expect(delivery.delivered).toHaveLength(1);
  });

  test('a firing is not repeated for its id by a new engine on the same storage, nor is a cooldown forgotten', async () => {
    const storage = memoryStorage();
    const { engine, terminal } = await openEngine({ storage });
    await engine.automations.create({ name: 'low', event: lowAccuracy, action: sendNotification(terminal) });
    await engine.automations.create({
      name: 'alias',
      event: onAddArtifactAlias({ scope: registry('my-team', 'models') }),
      action: doNothing(),
    });
    await engine.emit(metricsEvent({ accuracy: 0.8 }));
    await engine.emit(aliasAdded('production', { id: 'event-1' }));
    await engine.idle();
    await engine.close();

    // Another process has other chance, and so other ids.
    const { engine: next } = await openEngine({ storage, runtime: manualRuntime({ seed: 2 }) });
    expect(await next.emit(aliasAdded('production', { id: 'event-1' }))).toMatchObject({ fired: [], duplicate: true });
    expect(await next.emit(metricsEvent({ accuracy: 0.8 }))).toMatchObject({
      fired: [],
      skipped: [{ reason: 'cooldown' }],
    });
  });

  test('automations at several levels each fire on their own', async () => {
    const { engine } = await openEngine();
    const scopes = {
      org: organization('acme'),
      team: team('my-team'),
      project: scope,
      other: project('my-team', 'other'),
    };
    for (const [name, where] of Object.entries(scopes)) {
      const event = onRunMetric({ scope: where, filter: runEvent.metric('accuracy').lt(0.85) });
      await engine.automations.create({ name, event, action: doNothing() });
    }
    const { fired } = await engine.emit(metricsEvent({ accuracy: 0.8 }, { organization: 'acme' }));
    expect(fired.map(({ automationName }) => automationName)).toEqual(['org', 'team', 'project']);
  });

  test('a state that the run is already in is no event, and killed runs ring only where killed is named', async () => {
    const { engine } = await openEngine();
    await engine.automations.create({
      name: 'any',
      event: onRunState({ scope }),
      policy: { cooldown: 0 },
      action: doNothing(),
    });
    const event = onRunState({ scope, filter: runEvent.state.in(['failed', 'killed']) });
    await engine.automations.create({ name: 'bad', event, policy: { cooldown: 0 }, action: doNothing() });
    const rang = async (state: string, runId?: string): Promise<string[]> =>
      (await engine.emit(stateEvent(state, {}, runId))).fired.map(({ automationName }) => automationName);
    expect(await rang('running')).toEqual(['any']);
    expect(await rang('running')).toEqual([]);
    expect(await rang('crashed')).toEqual(['any', 'bad']);
    expect(await rang('crashed')).toEqual([]);
    expect(await rang('killed', 'run-2')).toEqual(['bad']);
    expect(await rang('preempted', 'run-3')).toEqual([]);
  });

  test('what a run said of itself is known to its later events', async () => {
    const { engine } = await openEngine();
    const filter = runEvent
      .metric('accuracy')
      .lt(0.85)
      .and(runEvent.name.regex('^prod-'))
      .and(runEvent.tag.eq('nightly'));
    await engine.automations.create({ name: 'low', event: onRunMetric({ scope, filter }), action: doNothing() });
    await engine.emit(stateEvent('running', { run: { id: 'run-1', name: 'prod-7', tags: ['nightly', 'gpu'] } }));
    expect((await engine.emit(metricsEvent({ accuracy: 0.8 }))).fired).toHaveLength(1);
  });

  test('a disabled automation does nothing, but its windows fill, so that enabling it in mid-run works at once', async () => {
    const { engine } = await openEngine();
    const event = onRunMetric({ scope, filter: runEvent.metric('accuracy').avg(3).lt(0.85) });
    const { automation } = await engine.automations.create({ name: 'low', enabled: false, event, action: doNothing() });
    for (const accuracy of [0.8, 0.8, 0.8]) expect((await engine.emit(metricsEvent({ accuracy }))).fired).toEqual([]);
    await engine.automations.enable(automation.id);
    expect((await engine.emit(metricsEvent({ accuracy: 0.8 }))).fired).toHaveLength(1);
  });

  test('a run that ends and logs again starts anew', async () => {
    const { engine } = await openEngine();
    const event = onRunMetric({ scope, filter: runEvent.metric('loss').avg(2).gt(1) });
    await engine.automations.create({ name: 'high', event, policy: { cooldown: 0 }, action: doNothing() });
    await engine.emit(metricsEvent({ loss: 9 }));
    await engine.emit(stateEvent('finished'));
    expect((await engine.emit(metricsEvent({ loss: 9 }))).fired).toEqual([]);
    expect((await engine.emit(metricsEvent({ loss: 9 }))).fired).toHaveLength(1);
  });

  test('a run that logs again while its end is being committed starts anew, and keeps its name', async () => {
    const { engine } = await openEngine();
    const filter = runEvent.metric('loss').avg(2).gt(1).and(runEvent.name.eq('baseline'));
    await engine.automations.create({ name: 'high', event: onRunMetric({ scope, filter }), action: doNothing() });
    await engine.automations.create({ name: 'ended', event: onRunState({ scope }), action: doNothing() });
    await engine.emit(metricsEvent({ loss: 9 }, { run: { id: 'run-1', name: 'baseline' } }));
    const results = await Promise.all([
      engine.emit(stateEvent('finished')),
      engine.emit(metricsEvent({ loss: 9 })),
      engine.emit(metricsEvent({ loss: 9 })),
    ]);
    expect(results.map(({ fired }) => fired.map(({ automationName }) => automationName))).toEqual([
      ['ended'],
      [],
      ['high'],
    ]);
  });

  test('a state that could not be committed is an event again', async () => {
    let fate: CommitFate | undefined;
    const { engine } = await openEngine({ storage: unreliableStorage(memoryStorage(), () => fate) });
    const filter = runEvent.state.eq('finished').and(runEvent.metric('loss').gt(1));
    await engine.automations.create({ name: 'bad-end', event: onRunState({ scope, filter }), action: doNothing() });
    await engine.emit(metricsEvent({ loss: 9 }));
    fate = { type: 'fails' };
    await expect(engine.emit(stateEvent('finished'))).rejects.toMatchObject({ code: 'storage_unavailable' });
    fate = undefined;
    expect((await engine.emit(stateEvent('finished'))).fired).toHaveLength(1);
    expect((await engine.emit(stateEvent('finished'))).fired).toEqual([]);
  });

  test.each([
    ['an unknown type', { type: 'run.exploded', entity: 'a' }, 'type'],
    ['no run id', { type: 'run.metrics', entity: 'a', project: 'p', run: {}, metrics: {} }, 'run.id'],
    ['a metric that is no number', metricsEvent({ 'val/loss': 'high' as never }), 'metrics["val/loss"]'],
    ['both a project and a registry', metricsEvent({}, { registry: 'r' }), 'registry'],
    ['nothing', undefined, ''],
  ])('%s is refused with its path, and changes nothing', async (_, event, path) => {
    const { engine } = await openEngine();
    const error = await engine.emit(event as never).catch((caught: unknown) => caught);
    if (!TocsinError.is(error)) throw new Error('Expected a TocsinError');
    expect(error.code).toBe('invalid_event');
    expect(error.issues[0]?.path).toBe(path);
    expect((await engine.executions.list()).items).toEqual([]);
  });

  test('after close it refuses, and closing again is fine', async () => {
    const { engine, runtime } = await openEngine();
    await engine.close();
    await engine.close();
    await expect(engine.emit(metricsEvent({ accuracy: 1 }))).rejects.toMatchObject({ code: 'engine_closed' });
    expect(runtime.pendingTimers).toBe(0);
  });
});
