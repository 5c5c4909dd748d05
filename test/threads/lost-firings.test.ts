import { createEngine, type Engine, onAnomaly, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openShared } from '../storage/shared-storage.js';
import { recordingSlack } from '../support/recording-slack.js';

const cpu = { entity: 'my-team', metric: 'cpu', timestamp: 1700000000 } as const;
const anomaly = { ...cpu, type: 'anomaly.detected', value: 7 } as const;
const viewed = { ...cpu, type: 'training-data.viewed', viewer: 'alice' } as const;
const told = ['cpu :eyes:', '> The training data page has been reviewed by alice'];

async function open() {
  const runtime = manualRuntime();
  const data = { kept: memoryStorage({ now: runtime.now }), queue: Promise.resolve() };
  const slack = recordingSlack();
  const another = async (): Promise<Engine> => {
    const engine = await createEngine({ runtime, storage: openShared(data), deliveries: [slack] });
    onTestFinished(() => engine.close());
    return engine;
  };
  const engine = await another();
  const integration = await engine.integrations.create({
    type: 'slack',
    name: 'slack',
    entity: 'my-team',
    delivery: 'slack-web-api',
    channel: '#ml',
  });
  await engine.automations.create({
    name: 'cpu',
    event: onAnomaly({ scope: team('my-team') }),
    action: sendNotification(integration, { title: 'cpu' }),
  });
  const settle = async (by: Engine): Promise<void> => {
    await by.idle();
    await runtime.advance(2000);
    await by.idle();
  };
  return { engine, another, slack, settle, runtime, data };
}

describe('an anomaly that its cooldown holds back', () => {
  test('makes no update told again after a restart', async () => {
    const { engine, another, slack, settle } = await open();
    await engine.emit(anomaly);
    await engine.emit(viewed);
    await settle(engine);
    await engine.close();
    const restarted = await another();
    expect((await restarted.emit(anomaly)).skipped).toMatchObject([{ reason: 'cooldown' }]);
    await restarted.emit(viewed);
    await settle(restarted);
    expect(slack.transcript('#ml')).toEqual(told);
  });

  test('makes no update told again by another process', async () => {
    const { engine, another, slack, settle } = await open();
    const other = await another();
    await engine.emit(anomaly);
    await engine.emit(viewed);
    await settle(engine);
    expect((await other.emit(anomaly)).skipped).toMatchObject([{ reason: 'cooldown' }]);
    await other.emit(viewed);
    await settle(other);
    expect(slack.transcript('#ml')).toEqual(told);
  });

  test('opens no thread and leaves no name behind', async () => {
    const { engine, another, settle, data } = await open();
    const other = await another();
    await engine.emit(anomaly);
    await settle(engine);
    const threadKeys = async () => {
      const prefixes = ['thread/', 'thread-age/', 'anomaly/', 'anomaly-alert/'];
      return Promise.all(prefixes.map((prefix) => data.kept.listKeys({ prefix, limit: 100 })));
    };
    const before = await threadKeys();
    const later = { ...anomaly, timestamp: anomaly.timestamp + 60, anomalyId: 'later' };
    expect((await other.emit(later)).skipped).toMatchObject([{ reason: 'cooldown' }]);
    expect(await threadKeys()).toEqual(before);
  });
});

test('an anomaly alerted of again is the one whose updates are told from then on', async () => {
  const { engine, slack, settle, runtime } = await open();
  await engine.emit(anomaly);
  await engine.emit(viewed);
  await settle(engine);
  await runtime.advance(3_600_000);
  await engine.emit(anomaly);
  await engine.emit(viewed);
  await settle(engine);
  expect(slack.transcript('#ml')).toEqual([...told, ...told]);
});
