import { WebAPIRateLimitedError } from '@slack/web-api';
import { IncomingWebhook } from '@slack/webhook';
import { describe, expect, it } from 'vitest';
import { manualClock, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

const delivery = (id: string, channel = '#alerts') => ({
  channel,
  text: id,
  metadata: { event_type: 'tocsin_delivery', event_payload: { delivery_id: id } },
});

describe('the ledger of the fake Slack workspace', () => {
  it('says how often, where, in what order and when deliveries arrived', async () => {
    const clock = manualClock();
    const workspace = await startWorkspace({ clock: clock.now });
    const client = webClient(workspace);
    await client.chat.postMessage(delivery('d1'));
    clock.advance(250);
    await client.chat.postMessage(delivery('d2'));
    await client.chat.postMessage(delivery('d1', '#general'));
    const { ledger } = workspace;
    expect([ledger.count(), ledger.count('d1'), ledger.count('d2'), ledger.count('d3')]).toEqual([3, 2, 1, 0]);
    expect(ledger.inChannel('#alerts').map(({ deliveryId }) => deliveryId)).toEqual(['d1', 'd2']);
    expect(ledger.arrivals('d2')).toMatchObject([{ arrivedAtMs: 1_700_000_000_250, via: 'chat.postMessage' }]);
    expect(ledger.duplicates()).toMatchObject([
      { deliveryId: 'd1', arrivals: [{ channelName: 'alerts' }, { channelName: 'general' }] },
    ]);
  });

  it('counts what was posted although the client saw a fault, and not what was refused', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    workspace.fault({ type: 'commit-then-500' });
    await client.chat.postMessage(delivery('d1')).catch(() => undefined);
    await refusal(client.chat.postMessage({ ...delivery('d2'), text: '' }));
    expect([workspace.ledger.count('d1'), workspace.ledger.count('d2')]).toEqual([1, 0]);
  });

  it('takes the delivery out of a webhook message as well, in either spelling', async () => {
    const workspace = await startWorkspace();
    const metadata = { event_type: 'd', event_payload: { deliveryId: 'w1' } };
    await new IncomingWebhook(workspace.webhookUrl('#alerts')).send({ text: 'a', metadata });
    expect(workspace.ledger.arrivals('w1')).toMatchObject([{ via: 'webhook' }]);
  });

  it('logs every request with its arguments and outcome, and no token', async () => {
    const workspace = await startWorkspace();
    const { token } = workspace;
    await webClient(workspace).apiCall('chat.postMessage', { ...delivery('d1'), token });
    await refusal(webClient(workspace).chat.postMessage({ channel: '#none', text: 'a' }));
    expect(workspace.requests).toMatchObject([
      {
        method: 'chat.postMessage',
        channelId: 'C0000000002',
        arguments: { ...delivery('d1'), token: '[redacted]' },
        receivedAtMs: 1_700_000_000_000,
        outcome: { type: 'ok', ts: '1700000000.000100' },
      },
      { channelId: undefined, outcome: { type: 'error', error: 'channel_not_found', statusCode: 200 } },
    ]);
    expect(JSON.stringify(workspace.requests)).not.toContain(token);
  });
});

describe('the rate limit of the fake Slack workspace', () => {
  it('lets a burst through, then says after how many seconds of its clock the next may pass', async () => {
    const clock = manualClock();
    const rateLimit = { messagesPerSecond: 0.5, burst: 2 };
    const workspace = await startWorkspace({ clock: clock.now, rateLimit });
    const post = (channel: string) => webClient(workspace).chat.postMessage({ channel, text: 'a' });
    await post('#alerts');
    await post('#alerts');
    const reason: unknown = await post('#alerts').catch((error: unknown) => error);
    expect(reason).toBeInstanceOf(WebAPIRateLimitedError);
    expect(reason).toMatchObject({ retryAfter: 2 });
    await expect(post('#general')).resolves.toBeTruthy();
    clock.advance(1_999);
    expect(await post('#alerts').catch((error: unknown) => error)).toMatchObject({ retryAfter: 1 });
    clock.advance(1);
    await expect(post('#alerts')).resolves.toBeTruthy();
    expect(workspace.channel('#alerts').messages).toHaveLength(3);
  });

  it('is 1 message a second with a burst of 5 by default', async () => {
    const workspace = await startWorkspace({ rateLimit: undefined });
    const post = () => webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'a' });
    for (let count = 0; count < 5; count += 1) await post();
    expect(await post().catch((error: unknown) => error)).toMatchObject({ retryAfter: 1 });
  });

  it('lets the whole burst through where its pace is no round number of milliseconds', async () => {
    const workspace = await startWorkspace({ rateLimit: { messagesPerSecond: 3, burst: 30 } });
    const post = () => webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'a' });
    for (let count = 0; count < 30; count += 1) await post();
    expect(await post().catch((error: unknown) => error)).toMatchObject({ retryAfter: 1 });
  });

  it('shares the limit between methods and webhooks', async () => {
    const workspace = await startWorkspace({ rateLimit: { messagesPerSecond: 1, burst: 1 } });
    await webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'a' });
    const response = await fetch(workspace.webhookUrl('#alerts'), { method: 'POST', body: '{"text":"b"}' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await response.json()).toEqual({ ok: false, error: 'ratelimited' });
  });
});
