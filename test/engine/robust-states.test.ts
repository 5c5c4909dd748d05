import { doNothing, onRunMetric, onRunState, project, runEvent } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { createRunStates } from '../../src/window/run-states.js';
import { metricsEvent, stateEvent } from '../support/events.js';
import { type OpenedEngine, openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const scope = project('my-team', 'my-project');

async function openWithStates(fate: () => CommitFate | undefined): Promise<OpenedEngine> {
  const opened = await openEngine({ storage: unreliableStorage(memoryStorage(), fate) });
  const event = onRunState({ scope });
  await opened.engine.automations.create({ name: 'state', event, action: doNothing(), policy: { cooldown: 0 } });
  return opened;
}

describe('states that the storage refused', () => {
  test.each([true, false])('are events again, also when several were on their way (with ids: %s)', async (hasIds) => {
    let fate: CommitFate | undefined;
    const { engine } = await openWithStates(() => fate);
    fate = { type: 'fails' };
    const events = ['running', 'finished'].map((state) => stateEvent(state, hasIds ? { id: state } : {}));
    const refused = await Promise.allSettled(events.map((event) => engine.emit(event)));
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fate = undefined;
    for (const event of events) expect((await engine.emit(event)).fired).toHaveLength(1);
    for (const state of ['finished', 'running']) {
      expect((await engine.emit(stateEvent(state))).fired).toHaveLength(state === 'running' ? 1 : 0);
    }
  });

  test('do not come back over a later one that was committed', async () => {
    let fate: CommitFate | undefined;
    const { engine } = await openWithStates(() => fate);
    fate = { type: 'fails' };
    const running = stateEvent('running', { id: 'event-1' });
    await engine.emit(running).catch(() => {});
    fate = undefined;
    expect((await engine.emit(stateEvent('finished'))).fired).toHaveLength(1);
    expect((await engine.emit(running)).fired).toHaveLength(1);
    expect((await engine.emit(stateEvent('finished'))).fired).toEqual([]);
  });
});

test('a state that was given up and arrived late is no event again', async () => {
  const runtime = manualRuntime();
  const base = memoryStorage({ now: runtime.now });
  let arrive = (): void => {};
  let holds = false;
  const { engine } = await openEngine({
    runtime,
    commitTimeoutMs: 100,
    storage: {
      ...base,
      async commit(commit) {
        if (holds) {
          holds = false;
          await new Promise<void>((resolve) => {
            arrive = resolve;
          });
        }
        return base.commit(commit);
      },
    },
  });
  await engine.automations.create({
    name: 'state',
    event: onRunState({ scope }),
    action: doNothing(),
    policy: { cooldown: 0 },
  });
  holds = true;
  const given = engine.emit(stateEvent('finished', { id: 'event-1' })).catch((error: unknown) => error);
  await runtime.advance(100);
  expect(await given).toMatchObject({ code: 'storage_unavailable' });
  arrive();
  await runtime.advance(0);
  expect((await engine.emit(stateEvent('finished', { id: 'event-2' }))).fired).toEqual([]);
  expect((await engine.executions.list()).items).toHaveLength(1);
});

test.each(['the same state', 'an alert'])(
  'runs that have ended and say %s push out none that goes on',
  async (what) => {
    const warnings: unknown[] = [];
    const { engine } = await openEngine({ maxLiveRuns: 10 });
    engine.on('warning', (warning) => warnings.push(warning));
    const event = onRunMetric({ scope, filter: runEvent.metric('loss').avg(3).gt(0) });
    await engine.automations.create({ name: 'loss', event, action: doNothing() });
    for (let run = 0; run < 9; run += 1)
      for (const loss of [1, 1]) await engine.emit(metricsEvent({ loss }, {}, `live-${run}`));
    for (let run = 0; run < 10; run += 1) {
      const finished = stateEvent('finished', {}, `ended-${run}`);
      await engine.emit(finished);
      const { entity, project: name, run: info } = finished;
      if (what === 'the same state') await engine.emit(finished);
      else await engine.emit({ type: 'run.alert', entity, project: name, run: info, title: 'Late', text: 'Late' });
    }
    expect(warnings).toEqual([]);
    expect((await engine.emit(metricsEvent({ loss: 1 }, {}, 'live-0'))).fired).toHaveLength(1);
  },
);

describe('the states of a run', () => {
  test('are over only when the end is committed, and nothing later is on its way', () => {
    const states = createRunStates();
    const finished = states.begin('finished');
    expect([states.current, states.hasEnded, states.isOver]).toEqual(['finished', true, false]);
    const running = states.begin('running');
    finished.settle();
    expect([states.current, states.hasEnded, states.isOver]).toEqual(['running', false, false]);
    running.undo();
    expect([states.current, states.hasEnded, states.isOver]).toEqual(['finished', true, true]);
  });

  test('keep their order, however late one is put back or committed', () => {
    const states = createRunStates();
    const [first, second, third] = ['a', 'b', 'c'].map((state) => states.begin(state));
    second?.undo();
    second?.redo();
    expect(states.current).toBe('c');
    third?.undo();
    expect(states.current).toBe('b');
    second?.settle();
    first?.settle();
    expect(states.current).toBe('b');
    third?.settle();
    expect(states.current).toBe('c');
  });
});
