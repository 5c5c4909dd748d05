import { createEngine, type Engine, type Integration, onEvent, type Storage, sendNotification, team } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { memoryStorage } from 'tocsin/storage/memory';
import {
  type ManualRuntime,
  manualRuntime,
  type SlackFault,
  type SlackWorkspace,
  startSlackWorkspace,
} from 'tocsin/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

/** An engine whose clock no other shares: one that is left standing is as good as dead. */
async function openOn(storage: Storage, runtime: ManualRuntime, workspace: SlackWorkspace, lookUp: boolean) {
  return createEngine({
    storage,
    runtime,
    deliveries: [
      slackWebApi({
        token: workspace.token,
        slackApiUrl: workspace.apiUrl,
        timeoutMs: 1_000,
        pacing: { messagesPerSecond: 1e6, burst: 1e6 },
        lookUp,
      }),
    ],
    logger: { warn: () => {}, error: () => {} },
  });
}

async function watchAlarms(engine: Engine): Promise<Integration> {
  const slack = await engine.integrations.create({
    type: 'slack',
    name: 'alerts',
    entity: 'my-team',
    delivery: 'slack-web-api',
    channel: '#alerts',
  });
  await engine.automations.create({
    name: 'alarms',
    event: onEvent('custom.alarm', { scope: team('my-team') }),
    action: sendNotification(slack, { title: '${event.title}' }),
  });
  return slack;
}

/** A process dies while its first of three messages is on the way; another goes on with what it left. */
async function dieAndGoOn(fault: SlackFault, lookUp: boolean) {
  const next = manualRuntime({ seed: 2 });
  const storage = memoryStorage({ now: next.now });
  const workspace = await startSlackWorkspace({ channels: [{ name: 'alerts' }], rateLimit: false });
  onTestFinished(() => workspace.close());
  workspace.fault({ ...fault, method: 'chat.postMessage' });
  const dying = await openOn(storage, manualRuntime(), workspace, lookUp);
  await watchAlarms(dying);
  for (const title of ['first', 'second', 'third']) {
    await dying.emit({ type: 'custom.alarm', entity: 'my-team', title } as never);
  }
  await vi.waitUntil(() => workspace.requests.length === 1);
  const engine = await openOn(storage, next, workspace, lookUp);
  onTestFinished(() => engine.close());
  for (let turn = 0; turn < 200; turn += 1) {
    await engine.idle();
    const { items } = await engine.executions.list({ status: 'pending' });
    if (items.length === 0) break;
    await next.advanceToNextTimer();
  }
  const { items } = await engine.executions.list();
  return { workspace, executions: [...items].reverse() };
}

describe('a process that dies while a message is on its way', () => {
  test.each<[string, SlackFault]>([
    ['had been carried out', { type: 'slow-headers', commit: true }],
    ['is carried out only after the next one has looked', { type: 'slow-headers', commit: 'late', afterRequests: 1 }],
    ['had been carried out, half of the answer too', { type: 'stalled-body' }],
  ])('whose request %s: the next process finds it, and posts nothing twice', async (_, fault) => {
    const { workspace, executions } = await dieAndGoOn(fault, true);
    expect(executions.map(({ status }) => status)).toEqual(['finished', 'finished', 'finished']);
    expect(executions[0]?.receipt?.note).toBe('found after an ambiguous attempt');
    expect(executions[0]?.receipt?.permalink).toMatch(/^https:\/\/acme-ml\.slack\.com\/archives\//);
    expect(workspace.ledger.count()).toBe(3);
    expect(workspace.ledger.duplicates()).toEqual([]);
  });

  test('whose request had not been carried out: the next process posts it, in order, without any doubt', async () => {
    const { workspace, executions } = await dieAndGoOn({ type: 'slow-headers' }, true);
    const titles = workspace.channel('#alerts').messages.map(({ text }) => /first|second|third/.exec(text)?.[0]);
    expect(titles).toEqual(['first', 'second', 'third']);
    expect(executions.every(({ receipt }) => receipt?.note === undefined)).toBe(true);
  });

  test('with the lookup switched off: it is posted twice, counted, and its record says that it may be', async () => {
    const { workspace, executions } = await dieAndGoOn({ type: 'slow-headers', commit: true }, false);
    expect(workspace.ledger.duplicates()).toMatchObject([{ deliveryId: executions[0]?.id, arrivals: [{}, {}] }]);
    expect(executions[0]?.receipt?.note).toMatch(/^may be a duplicate/);
  });

  test('what waited behind it can not have been sent: it is not looked for, and not said to be in doubt', async () => {
    const { workspace, executions } = await dieAndGoOn({ type: 'slow-headers', commit: true }, true);
    const looks = workspace.requests.filter(({ method }) => method === 'conversations.history');
    expect(looks).toHaveLength(1);
    expect(executions.slice(1).map(({ receipt }) => receipt?.note)).toEqual([undefined, undefined]);
    const blind = await dieAndGoOn({ type: 'slow-headers', commit: true }, false);
    expect(blind.executions.slice(1).map(({ receipt }) => receipt?.note)).toEqual([undefined, undefined]);
  });
});
