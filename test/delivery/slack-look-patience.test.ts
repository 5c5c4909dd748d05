import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { type SlackFault, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLookPatience } from '../../adapters/delivery/slack-web-api/look-patience.js';
import type { Delivery, DeliveryError, Receipt } from '../../src/index.js';
import { openSlackEngine } from '../support/open-slack-engine.js';
import { atMs, faultOf, sampleIntegration, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;

beforeEach(async () => {
  workspace = await startSlackWorkspace({ rateLimit: false, clock: () => atMs, channels: manyChannels });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await workspace.close();
});

/** Four pages of them. */
const manyChannels = Array.from({ length: 1_600 }, (_, index) => ({
  name: index === 1_599 ? 'alerts' : `team-${index}`,
}));
const always = 100_000;
const adapter = (timeoutMs = 5_000) =>
  slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs });
const known = () => sampleIntegration({ channel: '#alerts', channelId: workspace.channel('alerts').id });
const again = (slack: Delivery): Promise<Receipt> =>
  slack.deliver(sampleRequest(known(), { attempt: 2, mayHaveArrived: true }));
const callsOf = (name: string) => workspace.requests.filter(({ method }) => method === name).length;

const failing: readonly SlackFault[] = [
  { type: '429', retryAfterSeconds: 300 },
  { type: 'http-503' },
  { type: 'reset' },
  { type: 'platform-error', error: 'fatal_error' },
  { type: 'platform-error', error: 'team_added_to_org' },
];

describe('a message that can not be looked for', () => {
  it.each(failing)(
    'because of %j waits for four looks, half a minute each at most, and goes out at the fifth',
    async (fault) => {
      const slack = adapter();
      workspace.fault({ ...fault, method: 'conversations.history', times: always });
      const errors: DeliveryError[] = [];
      for (let look = 1; look < 5; look += 1) errors.push(await faultOf(again(slack)));
      expect(callsOf('chat.postMessage')).toBe(0);
      for (const { ambiguous, retryAfterMs = 0 } of errors) {
        expect(ambiguous).toBe(true);
        expect(retryAfterMs).toBeLessThanOrEqual(30_000);
      }
      expect((await again(slack)).note).toMatch(/^may be a duplicate: .*the channel's history can't be read \(/);
      expect(workspace.ledger.count('delivery-1')).toBe(1);
    },
  );

  it('is not posted twice when a look comes right in time', async () => {
    const slack = adapter();
    await slack.deliver(sampleRequest(known()));
    workspace.fault({ type: 'http-503', method: 'conversations.history', times: 4 });
    for (let look = 1; look < 5; look += 1) await faultOf(again(slack));
    expect((await again(slack)).note).toBe('found after an ambiguous attempt');
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('is posted unseen once, however long looks fail: after that only looks are tried', async () => {
    const slack = adapter();
    const blind = workspace.fault({ type: 'http-503', method: 'conversations.history', times: always });
    workspace.fault({ type: 'commit-then-500', method: 'chat.postMessage', times: always });
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect(await faultOf(again(slack))).toMatchObject({ kind: 'unavailable', ambiguous: true });
    }
    expect(callsOf('chat.postMessage')).toBe(1);
    blind.cancel();
    expect((await again(slack)).note).toBe('found after an ambiguous attempt');
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('is posted as soon as it can be, once there has been patience enough', async () => {
    const slack = adapter();
    workspace.fault({ type: 'http-503', method: 'conversations.history', times: always });
    for (let look = 1; look < 5; look += 1) await faultOf(again(slack));
    workspace.fault({ type: '429', method: 'chat.postMessage', retryAfterSeconds: 5 });
    expect(await faultOf(again(slack))).toMatchObject({ reason: 'ratelimited', ambiguous: true, retryAfterMs: 5_000 });
    expect((await again(slack)).note).toContain('may be a duplicate');
  });

  it('holds its lane for two minutes at most', async () => {
    for (const fault of failing) {
      const { engine, workspace: slack, ring, settle, titles, runtime } = await openSlackEngine();
      slack.fault({ type: 'reset', method: 'chat.postMessage' });
      slack.fault({ ...fault, method: 'conversations.history', times: always });
      const sinceMs = runtime.now();
      const first = await ring('first');
      const second = await ring('second');
      await settle();
      const { status, receipt, updatedAt } = await engine.executions.get(first.id);
      expect([status, receipt?.note]).toEqual(['finished', expect.stringContaining('may be a duplicate')]);
      expect(updatedAt - sinceMs).toBeLessThanOrEqual(150_000);
      expect((await engine.executions.get(second.id)).status).toBe('finished');
      expect(titles()).toEqual(['first', 'second']);
    }
  });
});

describe('the patience with looks', () => {
  it('ends with the fifth, or after a hundred seconds, for each delivery by itself', () => {
    let nowMs = 0;
    const patience = createLookPatience(() => nowMs);
    const lasts = (id: string): boolean => patience.lasts('token', id);
    expect([1, 2, 3, 4, 5, 6].map(() => lasts('one'))).toEqual([true, true, true, true, false, false]);
    expect(lasts('two')).toBe(true);
    nowMs = 100_000;
    expect([lasts('two'), lasts('three')]).toEqual([false, true]);
    patience.renew('token', 'one');
    expect(lasts('one')).toBe(true);
  });

  it('never ends again once it was posted unseen and nobody knows with what outcome, till a look comes right', () => {
    let nowMs = 0;
    const patience = createLookPatience(() => nowMs);
    const lasts = (): boolean => patience.lasts('token', 'one');
    for (let look = 1; look < 5; look += 1) lasts();
    expect(lasts()).toBe(false);
    patience.spend('token', 'one');
    // As long as a message is tried, some looks hours apart.
    for (let look = 0; look < 12; look += 1) {
      nowMs += 2 * 3_600_000;
      expect([1, 2, 3, 4, 5].every(lasts)).toBe(true);
    }
    patience.renew('token', 'one');
    expect([1, 2, 3, 4, 5].map(lasts)).toEqual([true, true, true, true, false]);
  });
});

describe('a look-up in a large workspace', () => {
  /** So slow that the four pages take longer than a look-up may. */
  const slowDown = (): void => {
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
      if (String(url).endsWith('/conversations.list')) await new Promise((resolve) => setTimeout(resolve, 250));
      return fetch(url, init);
    });
  };

  it('ends in time, and the refusal of the channel comes through without any doubt', async () => {
    slowDown();
    const request = sampleRequest(sampleIntegration({ channel: '#typo' }));
    expect(await faultOf(adapter(600).deliver(request))).toMatchObject({
      kind: 'channel',
      reason: 'channel_not_found',
      ambiguous: false,
    });
    expect(callsOf('conversations.list')).toBeLessThan(4);
  });

  it('keeps no alert with a picture from going out', async () => {
    slowDown();
    const message = { ...sampleRequest(known()).message, image: { type: 'stored', handle: 'image-1' } } as const;
    const integration = sampleIntegration({ channel: '#alerts' });
    const image = async () => Uint8Array.of(1, 2, 3);
    const receipt = await adapter(600).deliver(sampleRequest(integration, { message, image }));
    expect(receipt.note).toBe("the picture is missing: the channel's id is not known; give it instead of the name");
    expect(callsOf('conversations.list')).toBeLessThan(4);
  });

  it('after an ambiguous attempt goes on where the one before ended, and nothing is posted unseen', async () => {
    slowDown();
    const request = sampleRequest(sampleIntegration({ channel: '#alerts' }), { mayHaveArrived: true });
    await adapter().deliver(sampleRequest(known()));
    const slack = adapter(600);
    expect(await faultOf(slack.deliver(request))).toMatchObject({ reason: 'timeout', ambiguous: true });
    let looks = 1;
    const lookAgain = (): Promise<Receipt> => {
      looks += 1;
      return slack.deliver(request).catch(() => lookAgain());
    };
    expect((await lookAgain()).note).toBe('found after an ambiguous attempt');
    expect(looks).toBeLessThan(5);
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('begins again where Slack does not know any more where it ended', async () => {
    slowDown();
    const request = sampleRequest(sampleIntegration({ channel: '#alerts' }), { mayHaveArrived: true });
    const slack = adapter(600);
    await faultOf(slack.deliver(request));
    const before = callsOf('conversations.list');
    workspace.fault({ type: 'platform-error', error: 'invalid_cursor', method: 'conversations.list' });
    expect(await faultOf(slack.deliver(request))).toMatchObject({ reason: 'timeout', ambiguous: true });
    const cursors = workspace.requests
      .filter(({ method }) => method === 'conversations.list')
      .map((call) => call.arguments['cursor']);
    expect(cursors[before]).toBeDefined();
    expect(cursors.slice(before + 1)).toContain(undefined);
    expect(callsOf('chat.postMessage')).toBe(0);
  });
});
