import { createEngine, type Delivery, onEvent, sendNotification, team } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime, type SlackFault, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

const outageMs = 75 * 60_000;
const channels = Array.from({ length: 8 }, (_, index) => `c${index}`);
const messages = 12;
const titles = Array.from({ length: messages }, (_, number) => `message-${number}.`);
/** With bursts of 3 and then one a second. */
const drainMs = 5 * 60_000 + (messages - 3) * 1000;

/** Eight channels of a workspace that keeps Slack's pace, by the real SDK, on a clock that waits for the network. */
async function openChannels() {
  const runtime = manualRuntime();
  const workspace = await startSlackWorkspace({
    channels: channels.map((name) => ({ name })),
    clock: runtime.now,
    rateLimit: { messagesPerSecond: 1, burst: 3 },
  });
  const underWay = new Set<Promise<unknown>>();
  const tracked = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    underWay.add(answer);
    void answer.catch(() => {}).finally(() => underWay.delete(answer));
    return answer;
  };
  const slack = slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs: 2_000 });
  const delivery: Delivery = { ...slack, deliver: (request) => tracked(slack.deliver(request)) };
  const engine = await createEngine({
    storage: memoryStorage({ now: runtime.now }),
    runtime,
    deliveries: [delivery],
    logger: { warn: () => {}, error: () => {} },
  });
  onTestFinished(async () => {
    await engine.close();
    await workspace.close();
  });
  for (const name of channels) {
    const integration = await engine.integrations.create({
      type: 'slack',
      name,
      entity: 'my-team',
      delivery: slack.name,
      channel: `#${name}`,
    });
    await engine.automations.create({
      name,
      event: onEvent('custom.alarm', { scope: team('my-team') }),
      action: sendNotification(integration, { title: '${event.title}' }),
    });
  }

  /** Whatever the network owes has come. */
  const quiet = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (underWay.size === 0) continue;
      await Promise.allSettled(underWay);
      turns = 0;
    }
  };

  /** Moves the clock timer by timer, and to the end if none is left. */
  const advance = async (ms: number): Promise<void> => {
    const untilMs = runtime.now() + ms;
    const mark = runtime.setTimer(() => {}, ms);
    await quiet();
    while (runtime.now() < untilMs && (await runtime.advanceToNextTimer())) await quiet();
    mark.cancel();
  };

  return { engine, runtime, workspace, advance };
}

const titlesIn = (workspace: SlackWorkspace, channel: string): string[] =>
  workspace.channel(channel).messages.map(({ text }) => /message-\d+\./.exec(text)?.[0] ?? text);

describe('Slack down for 75 minutes, by the real SDK and over HTTP', () => {
  test.each<SlackFault>([
    { type: 'http-503' },
    { type: 'reset' },
    { type: '429', retryAfterSeconds: 30 },
    { type: 'platform-error', error: 'service_unavailable' },
  ])(
    'with $type: what waits arrives once, in order, at Slack’s pace, within 5 minutes of its return',
    async (fault) => {
      const { engine, workspace, advance } = await openChannels();
      const outage = workspace.fault({ ...fault, times: 1e9 });
      for (const title of titles) await engine.emit({ type: 'custom.alarm', entity: 'my-team', title } as never);
      await advance(outageMs);
      expect(workspace.ledger.count()).toBe(0);
      const asked = workspace.requests.length;
      // Some 25 attempts for each channel, none of more than two calls: nobody hammers a Slack that is down.
      expect(asked).toBeLessThan(channels.length * 60);
      outage.cancel();
      await advance(drainMs);
      for (const channel of channels) expect(titlesIn(workspace, channel), channel).toEqual(titles);
      expect(workspace.ledger.duplicates()).toEqual([]);
      expect(workspace.ledger.count()).toBe(channels.length * messages);
      const refused = workspace.requests.slice(asked).filter(({ outcome }) => outcome.type !== 'ok');
      expect(refused).toEqual([]);
      expect(engine.stats().undelivered).toBe(0);
    },
  );

  test('whose last request was carried out unseen: it is found at the return, and not posted again', async () => {
    const { engine, workspace, advance } = await openChannels();
    for (const channel of channels) {
      workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage', channel });
    }
    const outage = workspace.fault({ type: 'http-503', times: 1e9 });
    for (const title of titles) await engine.emit({ type: 'custom.alarm', entity: 'my-team', title } as never);
    await advance(outageMs);
    expect(workspace.ledger.count()).toBe(channels.length);
    outage.cancel();
    await advance(drainMs);
    for (const channel of channels) expect(titlesIn(workspace, channel), channel).toEqual(titles);
    expect(workspace.ledger.duplicates()).toEqual([]);
    const { items } = await engine.executions.list({ limit: 1000 });
    expect(items.filter(({ receipt }) => receipt?.note === 'found after an ambiguous attempt')).toHaveLength(
      channels.length,
    );
  });
});
