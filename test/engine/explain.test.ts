import { doNothing, onRunMetric, onRunState, project, runEvent } from 'tocsin';
import { expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const average = runEvent.metric('accuracy').avg(3).lt(0.85);

test('says how many samples a window lacks, and changes nothing by being asked', async () => {
  const { engine } = await openEngine();
  const { automation } = await engine.automations.create({
    name: 'low',
    event: onRunMetric({ scope, filter: average }),
    action: doNothing(),
  });
  await engine.emit(metricsEvent({ accuracy: 0.8 }));
  for (let again = 0; again < 5; again += 1) {
    expect(await engine.explain(automation.id, metricsEvent({ accuracy: 0.8 }))).toEqual({
      wouldFire: false,
      reasons: [{ code: 'filter_indeterminate' }],
      filter: {
        type: 'metric',
        outcome: 'indeterminate',
        metric: 'accuracy',
        question: 'avg(accuracy, 3) < 0.85',
        left: undefined,
        right: 0.85,
        samples: 2,
        samplesNeeded: 3,
      },
    });
  }
  await engine.emit(metricsEvent({ accuracy: 0.8 }));
  expect(await engine.explain(automation.id, metricsEvent({ accuracy: 0.8 }))).toMatchObject({
    wouldFire: true,
    reasons: [],
  });
  expect((await engine.emit(metricsEvent({ accuracy: 0.8 }))).fired).toHaveLength(1);
});

test('names every part that says no', async () => {
  const { engine, runtime } = await openEngine();
  const filter = average.and(runEvent.name.regex('^prod-'));
  const { automation } = await engine.automations.create({
    name: 'low',
    enabled: false,
    event: onRunMetric({ scope, filter }),
    action: doNothing(),
  });
  const codes = async (event: Parameters<typeof engine.explain>[1]) =>
    (await engine.explain(automation.id, event)).reasons.map(({ code }) => code);
  expect(await codes(metricsEvent({ loss: 1 }, { project: 'other' }))).toEqual([
    'disabled',
    'scope',
    'no_metric_of_filter',
    'filter_false',
  ]);
  expect(await codes(stateEvent('finished'))).toContain('event_type');

  await engine.automations.enable(automation.id);
  for (const accuracy of [0.9, 0.8, 0.7]) {
    await engine.emit(metricsEvent({ accuracy }, { run: { id: 'run-1', name: 'prod-1' } }));
  }
  await runtime.advance(3_600_000);
  expect(await engine.explain(automation.id, metricsEvent({ accuracy: 0.5 }))).toMatchObject({
    wouldFire: false,
    reasons: [{ code: 'cooldown', remainingMs: 23 * 3_600_000 }],
    filter: { type: 'and', outcome: 'true', filters: [{ left: 2 / 3 }, { left: 'prod-1', right: '^prod-' }] },
  });
});

test('tells a state that the run is in already from one that never rings', async () => {
  const { engine } = await openEngine();
  const { automation } = await engine.automations.create({
    name: 'any',
    event: onRunState({ scope }),
    action: doNothing(),
  });
  await engine.emit(stateEvent('running'));
  expect((await engine.explain(automation.id, stateEvent('running'))).reasons.map(({ code }) => code)).toEqual([
    'state_unchanged',
    'cooldown',
  ]);
  expect((await engine.explain(automation.id, stateEvent('killed'))).reasons).toEqual([
    { code: 'state_never_fires', state: 'killed' },
  ]);
});

test('knows a run that is over: its state and what it said of itself, as an emit would', async () => {
  const { engine } = await openEngine();
  const { automation: ends } = await engine.automations.create({
    name: 'ends',
    event: onRunState({ scope }),
    action: doNothing(),
    policy: { cooldown: 0 },
  });
  const { automation: low } = await engine.automations.create({
    name: 'low',
    event: onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.5).and(runEvent.name.eq('prod-1')) }),
    action: doNothing(),
  });
  await engine.emit(metricsEvent({ accuracy: 0.9 }, { run: { id: 'run-1', name: 'prod-1' } }));
  await engine.emit(stateEvent('finished'));
  expect(await engine.explain(ends.id, stateEvent('finished'))).toMatchObject({
    wouldFire: false,
    reasons: [{ code: 'state_unchanged', state: 'finished' }],
  });
  expect(await engine.emit(stateEvent('finished'))).toMatchObject({ fired: [], skipped: [] });
  expect(await engine.explain(low.id, metricsEvent({ accuracy: 0.1 }))).toMatchObject({ wouldFire: true });
  expect((await engine.emit(metricsEvent({ accuracy: 0.1 }))).fired).toHaveLength(1);
});
