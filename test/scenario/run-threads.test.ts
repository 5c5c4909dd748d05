import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createEngine,
  type Engine,
  type Integration,
  onRunMetric,
  onRunState,
  project,
  runEvent,
  sendNotification,
  type TocsinEvent,
} from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { fileStorage } from 'tocsin/storage/file';
import { type ManualRuntime, manualRuntime, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

const place = { entity: 'my-team', project: 'digits' } as const;
const scope = project('my-team', 'digits');
const unpaced = { messagesPerSecond: 1e6, burst: 1e6 };

interface Training {
  readonly engine: Engine;
  readonly workspace: SlackWorkspace;
  readonly runtime: ManualRuntime;
  readonly training: Integration;
  /** Closes the engine, and opens another one on its storage. */
  restart(): Promise<Training>;
  /** Opens another engine on the same storage. */
  share(): Promise<Training>;
  settle(): Promise<void>;
}

/** An engine with alerts on runs in two channels; everything is gone when the test ends. */
async function openTraining(via: 'slack-web-api' | 'slack-webhook' = 'slack-web-api'): Promise<Training> {
  const runtime = manualRuntime();
  const workspace = await startSlackWorkspace({
    channels: [{ name: 'training' }, { name: 'oncall' }],
    rateLimit: false,
    clock: runtime.now,
  });
  const path = await mkdtemp(join(tmpdir(), 'tocsin-runs-'));
  const engines: Engine[] = [];
  onTestFinished(async () => {
    let isClosed = false;
    const closed = Promise.all(engines.map((engine) => engine.close())).then(() => {
      isClosed = true;
    });
    // What two engines hear of each other they hear by timers, and the clock stands still.
    while (!isClosed) await runtime.advance(100);
    await closed;
    await workspace.close();
    await rm(path, { recursive: true, force: true });
  });
  const open = async (): Promise<Training> => {
    const opened = await createEngine({
      storage: fileStorage({ path, durability: 'process' }),
      deliveries: [
        slackWebApi({ slackApiUrl: workspace.apiUrl, timeoutMs: 1000, pacing: unpaced }),
        slackWebhook({ allowedOrigins: [new URL(workspace.apiUrl).origin], timeoutMs: 1000, pacing: unpaced }),
      ],
      secrets: { resolve: ({ name }) => (name === 'TOKEN' ? workspace.token : workspace.webhookUrl(name)) },
      runtime,
      logger: { warn: () => {}, error: () => {} },
    });
    engines.push(opened);
    return {
      engine: opened,
      workspace,
      runtime,
      training: await setUp(opened, via),
      async restart() {
        await opened.close();
        return open();
      },
      share: open,
      async settle() {
        for (;;) {
          await opened.idle();
          const { items } = await opened.executions.list({ status: 'pending', limit: 1 });
          if (items.length === 0 || !(await runtime.advanceToNextTimer())) return;
        }
      },
    };
  };
  return open();
}

async function setUp(engine: Engine, via: 'slack-web-api' | 'slack-webhook'): Promise<Integration> {
  const [known] = await engine.integrations.list({ type: 'slack' });
  if (known !== undefined) return known;
  const create = (name: string): Promise<Integration> =>
    engine.integrations.create(
      via === 'slack-webhook'
        ? { type: 'slack', name, delivery: via, urlSecretName: name }
        : { type: 'slack', name, delivery: via, channel: `#${name}`, tokenSecretName: 'TOKEN' },
    );
  const training = await create('training');
  const oncall = await create('oncall');
  const low = runEvent.metric('accuracy').lt(0.5);
  const high = runEvent.metric('loss').gt(10);
  const say = (title: string, severity: 'WARN' | 'ERROR') => ({ title, severity, thread: 'run' }) as const;
  for (const definition of [
    {
      name: 'low',
      event: onRunMetric({ scope, filter: low }),
      action: sendNotification(training, say('${run_name} low', 'WARN')),
    },
    {
      name: 'high',
      event: onRunMetric({ scope, filter: high }),
      action: sendNotification(training, say('${run_name} high', 'ERROR')),
    },
    {
      name: 'page',
      event: onRunMetric({ scope, filter: high }),
      action: sendNotification(oncall, say('${run_name} page', 'WARN')),
    },
    {
      name: 'failed',
      event: onRunState({ scope, filter: runEvent.state.eq('failed') }),
      action: sendNotification(training, say('${run_name} failed', 'ERROR')),
    },
  ]) {
    await engine.automations.create(definition);
  }
  return training;
}

/** What two runs do at the same time, and a third one that nobody is told of. */
function story(training: Integration): readonly TocsinEvent[] {
  const run = (id: string) => ({ ...place, run: { id, name: id } }) as const;
  const alert = { type: 'run.alert', text: 'See the logs.', alertIntegrationId: training.id } as const;
  return [
    { ...run('a'), type: 'run.metrics', metrics: { accuracy: 0.4 } },
    { ...run('b'), type: 'run.metrics', metrics: { accuracy: 0.3 } },
    { ...run('a'), type: 'run.metrics', metrics: { loss: 11 } },
    { ...run('b'), ...alert, title: 'b slow' },
    { ...run('a'), ...alert, title: 'a broken', level: 'ERROR' },
    { ...run('a'), type: 'run.state', state: 'failed' },
    { ...run('b'), type: 'run.state', state: 'finished' },
    { ...run('b'), type: 'run.state', state: 'finished' },
    { ...run('c'), type: 'run.metrics', metrics: { accuracy: 0.9 } },
    { ...run('c'), type: 'run.state', state: 'finished' },
  ];
}

/** What must stand there. What is shown in the channel as well stands there twice, in its thread and among the others. */
const expected = {
  training: [
    '⚠️ a low :x:',
    '  ↳ 🚨 a high',
    '  ↳ 🚨 a broken',
    '  ↳ 🚨 a failed',
    '⚠️ b low :white_check_mark:',
    '  ↳ b slow',
    '(thread) 🚨 a high',
    '(thread) 🚨 a broken',
    '(thread) 🚨 a failed',
  ],
  oncall: ['⚠️ a page :x:'],
};

function transcripts(workspace: SlackWorkspace): object {
  return Object.fromEntries(['training', 'oncall'].map((name) => [name, transcript(workspace, name)]));
}

function transcript(workspace: SlackWorkspace, name: string): string[] {
  const channel = workspace.channel(name);
  type Message = (typeof channel.messages)[number];
  const line = ({ blocks, reactions }: Message): string => {
    const { text } = (blocks[0] ?? {}) as { text?: { text?: string } };
    return [text?.text, ...reactions.map((each) => `:${each.name}:`.repeat(each.users.length))].join(' ');
  };
  return channel.messages.flatMap((message) =>
    message.threadTs === undefined
      ? [line(message), ...channel.replies(message.ts).map((reply) => `  ↳ ${line(reply)}`)]
      : [`(thread) ${line(message)}`],
  );
}

describe('runs', () => {
  test('have a thread each in each channel, errors are shown in the channel too, and its first message shows how a run ended', async () => {
    const { engine, workspace, training, settle } = await openTraining();
    for (const event of story(training)) await engine.emit(event);
    await settle();
    expect(transcripts(workspace)).toEqual(expected);
  });

  test('have them as well where Slack is down until the runs are over', async () => {
    const { engine, workspace, training, settle } = await openTraining();
    const outage = workspace.fault({ type: '429', retryAfterSeconds: 20, times: Number.POSITIVE_INFINITY });
    await Promise.all(story(training).map((event) => engine.emit(event)));
    await engine.idle();
    expect(workspace.ledger.count()).toBe(0);
    outage.cancel();
    await settle();
    expect(transcripts(workspace)).toEqual(expected);
  });

  test('have them as well where answers get lost', async () => {
    const { engine, workspace, training, settle } = await openTraining();
    for (const method of ['chat.postMessage', 'reactions.add']) {
      workspace.fault({ type: 'commit-then-reset', method, times: 2 });
      workspace.fault({ type: 'http-500', method });
    }
    for (const event of story(training)) await engine.emit(event);
    await settle();
    expect(transcripts(workspace)).toEqual(expected);
  });

  test('have them as well where the engine is restarted after each event', async () => {
    let opened = await openTraining();
    for (const [nth, event] of story(opened.training).entries()) {
      await opened.engine.emit({ ...event, id: `event-${nth}` });
      // One has been delivered by then, the next has not.
      if (nth % 2 === 0) await opened.settle();
      opened = await opened.restart();
    }
    await opened.settle();
    expect(transcripts(opened.workspace)).toEqual(expected);
  });

  test('have them as well where two engines share the events, and both hear of each end', async () => {
    const one = await openTraining();
    const other = await one.share();
    for (const [nth, event] of story(one.training).entries()) {
      // The measures of a run stay with one engine, as its own process logs them.
      const sharing = event.type === 'run.state' ? [one, other] : [nth % 2 === 0 ? one : other];
      await Promise.all(sharing.map(({ engine }) => engine.emit(event)));
    }
    await Promise.all([one.settle(), other.settle()]);
    expect(transcripts(one.workspace)).toEqual(expected);
  });

  test('stand alone where a webhook has no threads, which the record says', async () => {
    const { engine, workspace, training, settle } = await openTraining('slack-webhook');
    for (const event of story(training)) await engine.emit(event);
    await settle();
    expect(transcripts(workspace)).toEqual({
      training: ['⚠️ a low', '⚠️ b low', '🚨 a high', 'ℹ️ b slow', '🚨 a broken', '🚨 a failed'],
      oncall: ['⚠️ a page'],
    });
    const { items } = await engine.executions.list();
    const marks = items.filter(({ reaction }) => reaction !== undefined);
    expect(marks.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(3).fill('skipped not_supported'));
    const later = items.filter(({ message }) => message?.title === 'a high');
    expect(later).toMatchObject([{ receipt: { note: 'posted on its own: slack-webhook has no threads' } }]);
  });
});
