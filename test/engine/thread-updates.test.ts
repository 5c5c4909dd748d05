import {
  type AnomalyUpdateEvent,
  type AutomationInput,
  DeliveryError,
  type Engine,
  onAnomaly,
  onRunMetric,
  onRunState,
  project,
  runEvent,
  sendByRouting,
  sendNotification,
  slackRouting,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { recordingSlack } from '../support/recording-slack.js';

const anomaly = {
  type: 'anomaly.detected',
  entity: 'my-team',
  metric: 'payments.errors',
  value: 7,
  timestamp: 1700000000,
} as const;

const named = { entity: 'my-team', metric: 'payments.errors', timestamp: 1700000000 } as const;

const viewed = (viewer: string): AnomalyUpdateEvent => ({ ...named, type: 'training-data.viewed', viewer });

async function open() {
  const slack = recordingSlack();
  const storage = { ...memoryStorage() };
  const opened = await openEngine({
    storage,
    deliveries: [slack, { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) }],
  });
  const { engine, runtime } = opened;
  onTestFinished(() => engine.close());
  const { integration } = await createSlack(engine);
  await engine.routing.set(
    slackRouting({
      integrationId: integration.id,
      channels: [
        ['payments', ['#payments', '#oncall']],
        ['search', '#search'],
      ],
      defaultChannel: '#ops',
    }),
  );
  const { automation } = await engine.automations.create(byRouting);
  const settle = async (): Promise<void> => {
    await engine.idle();
    await runtime.advance(0);
    await engine.idle();
  };
  return { ...opened, storage, slack, integration, automation, settle };
}

const byRouting: AutomationInput = {
  name: 'anomalies',
  event: onAnomaly({ scope: team('my-team') }),
  action: sendByRouting({ title: '${metric_name}' }),
};

async function createSlack(engine: Engine) {
  return {
    integration: await engine.integrations.create({
      type: 'slack',
      name: 'skyline',
      entity: 'my-team',
      delivery: 'slack-web-api',
      channel: '#ml',
    }),
  };
}

test('an alert goes to all channels of the first pattern that matches, and what becomes of it to the first alone', async () => {
  const { engine, slack, settle } = await open();
  const { fired } = await engine.emit(anomaly);
  expect(fired.map(({ destination }) => destination?.channel)).toEqual(['#payments', '#oncall']);
  await engine.emit(viewed('alice'));
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors :eyes:',
    '> The training data page has been reviewed by alice',
  ]);
  expect(slack.transcript('#oncall')).toEqual(['payments.errors']);
  expect(slack.transcript('#ops')).toEqual([]);
});

test('one alert is one firing: the cooldown holds for all its channels', async () => {
  const { engine, slack, settle } = await open();
  await engine.emit(anomaly);
  expect(await engine.emit(anomaly)).toMatchObject({ fired: [], skipped: [{ reason: 'cooldown' }] });
  await settle();
  expect(slack.posts).toHaveLength(2);
});

test('follow-ups that are emitted in the same breath as their alert stand under it', async () => {
  const { engine, slack, settle } = await open();
  await Promise.all([
    engine.emit(anomaly),
    engine.emit(viewed('alice')),
    engine.emit({ ...named, type: 'features-profile.created', profileId: '12', learnDays: 30 }),
    engine.emit({ ...named, type: 'features-profile.learnt', profileId: '12', link: 'https://skyline.example/12' }),
    engine.emit({ ...named, type: 'anomaly.labelled', label: 'deploy' }),
  ]);
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors :eyes: :thumbsup: :heavy_check_mark:',
    '> The training data page has been reviewed by alice',
    '> Features profile 12 was created; it learns for 30 days',
    '> Features profile 12 was learnt',
    '> The anomaly was labelled deploy',
    'Features profile 12 was learnt: please validate it',
  ]);
});

test('what was told once is not told again: the same viewer, profile, label', async () => {
  const { engine, slack, settle } = await open();
  await engine.emit(anomaly);
  await engine.emit(viewed('alice'));
  expect(await engine.emit(viewed('alice'))).toMatchObject({ fired: [], skipped: [{ reason: 'already_posted' }] });
  await engine.emit(viewed('bob'));
  for (const type of ['features-profile.created', 'features-profile.disabled'] as const) {
    await engine.emit({ ...named, type, profileId: '12' });
    await engine.emit({ ...named, type, profileId: '12' });
  }
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors :eyes: :thumbsup: :x:',
    '> The training data page has been reviewed by alice',
    '> The training data page has been reviewed by bob',
    '> Features profile 12 was created',
    '> Features profile 12 was disabled',
    'Features profile 12 was disabled',
  ]);
});

test('an anomaly can be named by its id alone', async () => {
  const { engine, slack, settle } = await open();
  await engine.emit({ ...anomaly, anomalyId: 'a-1' });
  await engine.emit({ type: 'training-data.viewed', entity: 'my-team', anomalyId: 'a-1', viewer: 'alice' });
  await engine.emit(viewed('alice'));
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors :eyes:',
    '> The training data page has been reviewed by alice',
  ]);
});

test('an anomaly that is alerted again, under an id that it did not have, is found by that', async () => {
  const { engine, slack, runtime, settle } = await open();
  await engine.emit(anomaly);
  await settle();
  await runtime.advance(2 * 3_600_000);
  await Promise.all([
    engine.emit({ ...anomaly, anomalyId: 'a-1' }),
    engine.emit({ type: 'training-data.viewed', entity: 'my-team', anomalyId: 'a-1', viewer: 'alice' }),
  ]);
  await settle();
  await engine.emit({ type: 'anomaly.labelled', entity: 'my-team', anomalyId: 'a-1', label: 'deploy' });
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors',
    'payments.errors :eyes:',
    '> The training data page has been reviewed by alice',
    '> The anomaly was labelled deploy',
  ]);
});

test('an update finds the alert of its anomaly without the project, by either name', async () => {
  const { engine, slack, settle } = await open();
  await engine.emit({ ...anomaly, project: 'shop', anomalyId: 'a-1' });
  await engine.emit(viewed('alice'));
  await engine.emit({ type: 'anomaly.labelled', entity: 'my-team', anomalyId: 'a-1', label: 'deploy' });
  await engine.emit({ type: 'anomaly.labelled', entity: 'other-team', anomalyId: 'a-1', label: 'foreign' });
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors :eyes:',
    '> The training data page has been reviewed by alice',
    '> The anomaly was labelled deploy',
  ]);
  expect(slack.transcript('#ops')).toEqual([]);
});

test('an update that names its anomaly by id alone is known by its metric: it says it, and is muted by it', async () => {
  const { engine, slack, runtime, settle } = await open();
  await engine.emit({ ...anomaly, anomalyId: 'a-1' });
  const byId = { entity: 'my-team', anomalyId: 'a-1' } as const;
  await engine.emit({ ...byId, type: 'features-profile.validated', count: 3 });
  await settle();
  expect(slack.transcript('#payments')).toContain('3 features profiles were validated for payments.errors');
  await engine.mutes.create({ matcher: { metric: 'payments' }, until: runtime.now() + 60_000, reason: 'deploy' });
  expect(await engine.emit({ ...byId, type: 'training-data.viewed', viewer: 'alice' })).toMatchObject({
    fired: [],
    skipped: [{ reason: 'muted' }],
  });
});

test('a mute calls off an alert that waits, and with it what waits behind it under the anomaly’s id', async () => {
  const { engine, slack, runtime, settle } = await open();
  slack.before = () => {
    throw new DeliveryError({ kind: 'unavailable', reason: 'down', message: 'x' });
  };
  await engine.emit({ ...anomaly, anomalyId: 'a-1' });
  await engine.emit({ type: 'training-data.viewed', entity: 'my-team', anomalyId: 'a-1', viewer: 'alice' });
  await settle();
  await engine.mutes.create({ matcher: { metric: 'payments' }, until: runtime.now() + 60_000, reason: 'deploy' });
  slack.before = () => {};
  await runtime.advance(10_000);
  await settle();
  expect(slack.transcript('#payments')).toEqual([]);
});

test('without an alert and without routing an update goes where an alert would have gone', async () => {
  const { engine, slack, integration, automation, settle } = await open();
  await engine.automations.update(automation.id, { action: sendNotification(integration, { title: 'own' }) });
  await engine.emit(viewed('alice'));
  await settle();
  expect(slack.transcript('#ml')).toEqual(['The training data page has been reviewed by alice']);
  expect(slack.posts[0]?.fields).toEqual(['Metric: payments.errors', 'Timestamp: 1700000000']);
});

test('a mute of any entity is told in the default channel of each that has a routing of its own', async () => {
  const { engine, slack, runtime, settle } = await open();
  await engine.mutes.create({ matcher: { metric: 'payments' }, until: runtime.now() + 60_000, reason: 'deploy' });
  await settle();
  expect(slack.transcript('#ops')).toHaveLength(1);
  await runtime.advance(60_000);
  await settle();
  expect(slack.transcript('#ops')).toHaveLength(2);
});

test('two automations that tell of an anomaly each tell what becomes of it, once', async () => {
  const { engine, slack, terminal, integration, settle } = await open();
  for (const [name, to] of [
    ['log', terminal],
    ['copy', integration],
  ] as const) {
    const event = onAnomaly({ scope: team('my-team') });
    await engine.automations.create({ name, event, action: sendNotification(to, { title: name }) });
  }
  await engine.emit(anomaly);
  await engine.emit(viewed('alice'));
  await engine.emit(viewed('alice'));
  await settle();
  const reviewed = '> The training data page has been reviewed by alice';
  expect(slack.transcript('#payments')).toEqual(['payments.errors :eyes:', reviewed]);
  expect(slack.transcript('#ml')).toEqual(['copy :eyes:', reviewed]);
});

test('an anomaly that is alerted again is told of anew', async () => {
  const { engine, slack, runtime, settle } = await open();
  await engine.emit(anomaly);
  await engine.emit(viewed('alice'));
  await settle();
  await runtime.advance(2 * 3_600_000);
  await engine.emit(anomaly);
  await engine.emit(viewed('alice'));
  await settle();
  const reviewed = '> The training data page has been reviewed by alice';
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors :eyes:',
    reviewed,
    'payments.errors :eyes:',
    reviewed,
  ]);
});

test('an automation that was deleted and made anew tells what becomes of anomalies that the old one told of', async () => {
  const { engine, slack, automation, settle } = await open();
  await engine.emit(anomaly);
  await settle();
  await engine.automations.delete(automation.id);
  await engine.automations.create(byRouting);
  await engine.emit(viewed('alice'));
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors',
    '> The training data page has been reviewed by alice',
  ]);
});

test('that updates are switched off holds also after the routing has got another integration', async () => {
  const { engine, slack, settle } = await open();
  await engine.emit(anomaly);
  const other = await engine.integrations.create({
    type: 'slack',
    name: 'other',
    entity: 'my-team',
    delivery: 'slack-web-api',
    channel: '#ml',
  });
  const channels = [['payments', '#payments']] as const;
  await engine.routing.set(slackRouting({ integrationId: other.id, channels, threadUpdates: false }));
  await engine.emit(viewed('alice'));
  await settle();
  expect(slack.transcript('#payments')).toEqual(['payments.errors']);
});

test('a storage that can’t say which messages to mark keeps nothing about the end of a run from ringing', async () => {
  const { engine, storage, slack, integration, logger, settle } = await openRuns();
  await engine.automations.create({
    name: 'failed',
    event: onRunState({ scope: inProject, filter: runEvent.state.eq('failed') }),
    action: sendNotification(integration, { title: 'failed' }),
  });
  await engine.emit({ ...ofRun('a'), type: 'run.metrics', metrics: { accuracy: 0.8 } });
  await settle();
  storage.list = async () => {
    throw new Error('no');
  };
  expect((await engine.emit({ ...ofRun('a'), type: 'run.state', state: 'failed' })).fired).toHaveLength(1);
  await settle();
  expect(slack.transcript('#ml')).toEqual(['low', '> failed']);
  expect(logger.lines.join()).toContain('storage_unavailable');
});

test('without an alert an update stands in the channel of its metric and says what it refers to, without a reaction', async () => {
  const { engine, slack, settle } = await open();
  const { fired } = await engine.emit(viewed('alice'));
  expect(fired).toHaveLength(1);
  await engine.emit({ type: 'anomaly.labelled', entity: 'my-team', anomalyId: 'unknown', label: 'noise' });
  await engine.emit({ ...named, type: 'features-profile.validated', count: 3 });
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'The training data page has been reviewed by alice',
    '3 features profiles were validated for payments.errors',
  ]);
  expect(slack.transcript('#ops')).toEqual(['The anomaly was labelled noise']);
  expect(slack.posts[0]?.fields).toEqual(['Metric: payments.errors', 'Timestamp: 1700000000']);
});

test('an alert that failed for good leaves its updates at the top level', async () => {
  const { engine, slack, settle } = await open();
  slack.before = ({ message }) => {
    if (message.title !== 'payments.errors') return;
    throw new DeliveryError({ kind: 'message', reason: 'invalid_blocks', message: 'x' });
  };
  await engine.emit(anomaly);
  await engine.emit(viewed('alice'));
  await settle();
  expect(slack.transcript('#payments')).toEqual(['The training data page has been reviewed by alice']);
  const { items } = await engine.executions.list();
  expect(items.map(({ status, reason }) => [status, reason])).toEqual([
    ['skipped', 'no_thread'],
    ['finished', undefined],
    ['failed', 'message_refused'],
    ['failed', 'message_refused'],
  ]);
});

test('a profile that is disabled is told under an alert of up to 7 days, and always in the channel', async () => {
  const { engine, slack, runtime, settle } = await open();
  await engine.emit(anomaly);
  await settle();
  await runtime.advance(7 * 86_400_000 + 1);
  await engine.emit({ ...named, type: 'features-profile.disabled', profileId: '12' });
  await settle();
  expect(slack.transcript('#payments')).toEqual(['payments.errors', 'Features profile 12 was disabled']);
});

test('updates are as routing says: switched off one by one, or all', async () => {
  const { engine, slack, integration, settle } = await open();
  const channels = [['payments', '#payments']] as const;
  const on = { 'training-data.viewed': { message: false, reaction: 'tada' } } as const;
  await engine.routing.set(slackRouting({ integrationId: integration.id, channels, on }));
  await engine.emit(anomaly);
  await engine.emit(viewed('alice'));
  await engine.routing.set(slackRouting({ integrationId: integration.id, channels, threadUpdates: false }));
  await engine.emit(viewed('bob'));
  await settle();
  expect(slack.transcript('#payments')).toEqual(['payments.errors :tada:']);
});

test('a disabled automation posts no alert and no update', async () => {
  const { engine, slack, automation, settle } = await open();
  await engine.emit(anomaly);
  await settle();
  await engine.automations.disable(automation.id);
  await engine.emit(viewed('alice'));
  await engine.emit({ ...viewed('alice'), timestamp: 5 });
  await settle();
  expect(slack.transcript('#payments')).toEqual(['payments.errors']);
});

test('an alert to an integration of its own has a thread as well, unless it is to stand alone', async () => {
  const { engine, slack, integration, automation, settle } = await open();
  await engine.automations.update(automation.id, { action: sendNotification(integration, { title: 'own' }) });
  await engine.emit(anomaly);
  await engine.emit(viewed('alice'));
  await settle();
  expect(slack.transcript('#ml')).toEqual(['own :eyes:', '> The training data page has been reviewed by alice']);
  await engine.automations.update(automation.id, {
    action: sendNotification(integration, { title: 'alone', thread: 'none' }),
  });
  await engine.emit({ ...anomaly, metric: 'other' });
  await engine.emit({ ...viewed('alice'), metric: 'other' });
  await settle();
  expect(slack.transcript('#ml').slice(2)).toEqual(['alone']);
});

test('without routing an automation can’t be made, and one that is there is skipped and spends no cooldown', async () => {
  const { engine, slack, integration, automation, settle } = await open();
  await engine.routing.delete('my-team');
  await expect(engine.automations.create({ ...byRouting, name: 'other' })).rejects.toMatchObject({
    code: 'invalid_automation',
    issues: [{ code: 'unknown_routing', path: 'action.routing' }],
  });
  expect(await engine.emit(anomaly)).toMatchObject({ fired: [], skipped: [{ reason: 'no_routing' }] });
  expect((await engine.explain(automation.id, anomaly)).reasons).toEqual([{ code: 'no_routing' }]);
  await engine.routing.set(slackRouting({ integrationId: integration.id, channels: [['payments', '#payments']] }));
  await engine.emit(anomaly);
  await settle();
  expect(slack.transcript('#payments')).toEqual(['payments.errors']);
});

const inProject = project('my-team', 'digits');
const ofRun = (id: string) => ({ entity: 'my-team', project: 'digits', run: { id } }) as const;

async function openRuns() {
  const opened = await open();
  const { engine, integration } = opened;
  for (const [name, severity] of [
    ['low', 'WARN'],
    ['very-low', 'ERROR'],
  ] as const) {
    await engine.automations.create({
      name,
      event: onRunMetric({ scope: inProject, filter: runEvent.metric('accuracy').lt(name === 'low' ? 0.9 : 0.5) }),
      action: sendNotification(integration, { title: name, severity }),
    });
  }
  return opened;
}

test('the first notification about a run opens a thread: later ones reply, those of ERROR are shown in the channel too', async () => {
  const { engine, slack, settle } = await openRuns();
  await engine.emit({ ...ofRun('a'), type: 'run.metrics', metrics: { accuracy: 0.8 } });
  await engine.emit({ ...ofRun('b'), type: 'run.metrics', metrics: { accuracy: 0.8 } });
  await engine.emit({ ...ofRun('a'), type: 'run.metrics', metrics: { accuracy: 0.4 } });
  await engine.emit({ ...ofRun('a'), type: 'run.state', state: 'failed' });
  await engine.emit({ ...ofRun('b'), type: 'run.state', state: 'finished' });
  await settle();
  expect(slack.transcript('#ml')).toEqual(['low :x:', '> very-low (also in the channel)', 'low :white_check_mark:']);
});

test('a run that ends in the same breath as its alert is marked; one that nobody was told of, or that was killed, is not', async () => {
  const { engine, slack, settle } = await openRuns();
  await Promise.all([
    engine.emit({ ...ofRun('a'), type: 'run.metrics', metrics: { accuracy: 0.8 } }),
    engine.emit({ ...ofRun('a'), type: 'run.state', state: 'crashed' }),
    engine.emit({ ...ofRun('c'), type: 'run.metrics', metrics: { accuracy: 0.8 } }),
    engine.emit({ ...ofRun('c'), type: 'run.state', state: 'killed' }),
  ]);
  expect((await engine.emit({ ...ofRun('d'), type: 'run.state', state: 'finished' })).fired).toEqual([]);
  await settle();
  expect(slack.transcript('#ml')).toEqual(['low :x:', 'low']);
});

test('the message that tells of a run’s end is not marked itself, and stands under what came before', async () => {
  const { engine, slack, integration, settle } = await openRuns();
  await engine.automations.create({
    name: 'done',
    event: onRunState({ scope: inProject, filter: runEvent.state.eq('finished') }),
    action: sendNotification(integration, { title: 'done' }),
  });
  await engine.emit({ ...ofRun('a'), type: 'run.state', state: 'finished' });
  await engine.emit({ ...ofRun('b'), type: 'run.metrics', metrics: { accuracy: 0.8 } });
  await engine.emit({ ...ofRun('b'), type: 'run.state', state: 'finished' });
  await settle();
  expect(slack.transcript('#ml')).toEqual(['done', 'low :white_check_mark:', '> done']);
});

test('a run’s own alerts stand in its thread', async () => {
  const { engine, slack, integration, settle } = await openRuns();
  const run = engine.startRun({ entity: 'my-team', project: 'digits', id: 'a', alertIntegrationId: integration.id });
  run.log({ accuracy: 0.8 });
  run.alert({ title: 'Look', text: 'here' });
  run.finish();
  await run.flush();
  await settle();
  expect(slack.transcript('#ml')).toEqual(['low :white_check_mark:', '> Look | here']);
});

test('all notifications of an automation stand in one thread where it says so', async () => {
  const { engine, slack, integration, automation, settle } = await open();
  await engine.automations.update(automation.id, {
    action: sendNotification(integration, { title: '${metric_name}', thread: 'automation' }),
  });
  for (const metric of ['a', 'b', 'c']) await engine.emit({ ...anomaly, metric });
  await settle();
  expect(slack.transcript('#ml')).toEqual(['a', '> b', '> c']);
});

test('a preview shows each channel that routing finds', async () => {
  const { engine, automation } = await open();
  const { deliveries } = await engine.preview(automation.id, anomaly);
  expect(deliveries.map(({ channel }) => channel)).toEqual(['#payments', '#oncall']);
});

test('a run that is told of in several channels has a thread in each, and each first message is marked', async () => {
  const { engine, slack, settle } = await open();
  await engine.automations.create({
    name: 'payments',
    event: onRunMetric({ scope: inProject, filter: runEvent.metric('payments').lt(1) }),
    action: sendByRouting({ title: 'low' }),
    policy: { cooldown: 0 },
  });
  await engine.emit({ ...ofRun('a'), type: 'run.metrics', metrics: { payments: 0 } });
  await engine.emit({ ...ofRun('a'), type: 'run.metrics', metrics: { payments: 0 } });
  await engine.emit({ ...ofRun('a'), type: 'run.state', state: 'finished' });
  await settle();
  for (const channel of ['#payments', '#oncall']) {
    expect(slack.transcript(channel)).toEqual(['low :white_check_mark:', '> low']);
  }
});

test('a firing that lost to a rate limit takes nothing from the thread of the next one: the run is marked', async () => {
  const { engine, slack, automation, integration, runtime, settle } = await openRuns();
  await engine.automations.delete(automation.id);
  await engine.automations.create({
    name: 'limited',
    event: onRunMetric({ scope: inProject, filter: runEvent.metric('loss').gt(1) }),
    action: sendNotification(integration, { title: 'limited' }),
    policy: { cooldown: 0, rateLimit: { max: 1, window: '1m', per: 'automation' } },
  });
  const high = (id: string) => engine.emit({ ...ofRun(id), type: 'run.metrics', metrics: { loss: 2 } });
  const [, lost] = await Promise.all([high('a'), high('b')]);
  expect(lost?.skipped).toMatchObject([{ reason: 'rate_limited' }]);
  await runtime.advance(60_000);
  await Promise.all([high('b'), engine.emit({ ...ofRun('b'), type: 'run.state', state: 'failed' })]);
  await settle();
  expect(slack.transcript('#ml')).toEqual(['limited', 'limited :x:']);
});

test('a name that leads to a newer alert stays when an older one is let go', async () => {
  const { engine, storage, slack, runtime, settle } = await open();
  const days = 86_400_000;
  await engine.emit({ ...anomaly, anomalyId: 'lasting' });
  await settle();
  await runtime.advance(20 * days);
  await engine.emit({ ...anomaly, timestamp: 1700000001, anomalyId: 'lasting' });
  await settle();
  await runtime.advance(15 * days);
  // What is recorded lets the old go.
  await engine.emit({ ...anomaly, metric: 'search.errors' });
  await settle();
  expect((await storage.listKeys({ prefix: 'thread/anomaly/', limit: 10 })).keys).toHaveLength(2);
  await engine.emit({ type: 'training-data.viewed', entity: 'my-team', anomalyId: 'lasting', viewer: 'alice' });
  await settle();
  expect(slack.transcript('#payments')).toEqual([
    'payments.errors',
    'payments.errors :eyes:',
    '> The training data page has been reviewed by alice',
  ]);
});

test('no notice goes through an integration that has been given to another team', async () => {
  const { engine, slack, integration, runtime, settle } = await open();
  await engine.integrations.update(integration.id, { entity: 'other-team' });
  await engine.mutes.create({ matcher: { metric: 'payments' }, until: runtime.now() + 1000, reason: 'secret' });
  await runtime.advance(1000);
  await settle();
  expect(slack.posts).toEqual([]);
  expect((await engine.executions.list({ automationId: 'notice' })).items).toEqual([]);
});
