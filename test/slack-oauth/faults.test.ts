import { TocsinError } from 'tocsin';
import type { SlackFault } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';
import { type Host, openHost } from './open-host.js';

const quarterMs = 900_001;

/** A host whose storage meets a fate at one of its commits, counted from when `arm` is called. */
async function openUnreliable(fate: CommitFate): Promise<{ host: Host; arm: (at: number) => void }> {
  let left = Number.POSITIVE_INFINITY;
  const host = await openHost({
    wrap: (storage) =>
      unreliableStorage(storage, () => {
        left -= 1;
        return left === 0 ? fate : undefined;
      }),
  });
  const arm = (at: number): void => {
    left = at;
  };
  return { host, arm };
}

describe('an installation whose storage fails', () => {
  test.each([1, 2, 3, 4, 5])(
    'at its commit %i is told so, leaves nothing behind for long, and can be made again',
    async (at) => {
      const { host, arm } = await openUnreliable({ type: 'fails' });
      arm(at);
      const page = await host.install();
      expect(page.status).toBe(503);
      expect(page.text).toContain('Go back and connect Slack again.');
      expect(await host.list()).toEqual([]);
      await host.runtime.advance(quarterMs);
      await host.oauth.cleanUp();
      expect(await host.secrets.names()).toEqual([]);
      expect((await host.storage.list({ prefix: 'slack-oauth/', limit: 10 })).records).toEqual([]);

      expect((await host.install()).status).toBe(200);
      expect(await host.list()).toHaveLength(1);
      expect(await host.secrets.names()).toHaveLength(1);
      expect(host.told.join('\n')).not.toContain('disk on fire');
    },
  );

  test.each([1, 2, 3, 4, 5, 6])(
    'is not blocked by one that died at its commit %i, and reuses what that left',
    async (at) => {
      const { host, arm } = await openUnreliable({ type: 'silent' });
      arm(at);
      const back = await host.workspace.consent(await host.link());
      // It hangs, as of a process that has just died.
      void host.oauth.handleCallback(new Request(back), { binding: 'ada' });
      await expect
        .poll(() => host.written.filter((commit) => commit.includes('slack-oauth/')).length)
        .toBeGreaterThan(0);
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));

      const restarted = await openHost({ beside: host });
      expect((await restarted.install()).status).toBe(200);
      expect(await restarted.list()).toHaveLength(1);
      expect(await restarted.secrets.names()).toHaveLength(1);
      await host.runtime.advance(quarterMs);
      await restarted.oauth.cleanUp();
      expect(await restarted.secrets.names()).toHaveLength(1);
      expect((await host.storage.list({ prefix: 'slack-oauth/', limit: 10 })).records).toEqual([]);
    },
  );

  test('that died after the secret was sealed leaves it for a quarter of an hour, if nobody installs again', async () => {
    const { host, arm } = await openUnreliable({ type: 'silent' });
    arm(3);
    const back = await host.workspace.consent(await host.link());
    void host.oauth.handleCallback(new Request(back), { binding: 'ada' });
    await expect.poll(async () => (await host.secrets.names()).length).toBe(1);
    const restarted = await openHost({ beside: host });
    await restarted.oauth.cleanUp();
    expect(await restarted.secrets.names()).toHaveLength(1);
    await host.runtime.advance(quarterMs);
    await restarted.oauth.cleanUp();
    expect(await restarted.secrets.names()).toEqual([]);
  });

  test('does not take the token away from integrations that worked with it', async () => {
    const { host, arm } = await openUnreliable({ type: 'fails' });
    await host.install();
    for (const at of [1, 2, 3]) {
      arm(at);
      expect((await host.install()).status).toBe(503);
    }
    await host.runtime.advance(quarterMs);
    await host.oauth.cleanUp();
    const [integration] = await host.list();
    expect(await host.oauth.slackChannels(String(integration?.id))).toMatchObject({ hasMore: false });
  });
});

test('an installation that the engine refuses takes its secret back at once', async () => {
  const host = await openHost();
  const create = async (): Promise<never> => {
    throw new TocsinError({ code: 'invalid_integration', message: 'Expected a delivery for slack' });
  };
  const engine = { ...host.engine, integrations: { ...host.engine.integrations, create } };
  const misconfigured = await openHost({ beside: host, engine });
  expect((await misconfigured.install()).status).toBe(500);
  expect(misconfigured.told.join('\n')).toContain('invalid_integration');
  expect(await host.secrets.names()).toEqual([]);
  expect((await host.storage.list({ prefix: 'slack-oauth/', limit: 10 })).records).toEqual([]);
});

describe('an installation while Slack', () => {
  const faults: readonly (readonly [string, SlackFault])[] = [
    ['resets the connection', { type: 'reset' }],
    ['takes the code and resets the connection', { type: 'commit-then-reset' }],
    ['is down', { type: 'http-503' }],
    ['takes the code and says 500', { type: 'commit-then-500' }],
    ['answers with a page', { type: 'non-json-200' }],
    ['answers with half an object', { type: 'non-json-200', body: '{"ok":true,"team":{"id":"T1"}}' }],
    ['answers with null', { type: 'non-json-200', body: 'null' }],
    ['throttles', { type: '429', retryAfterSeconds: 30 }],
    ['throttles without saying how long', { type: '429-without-header' }],
    ['stalls', { type: 'stalled-body' }],
    ['says nothing', { type: 'slow-headers' }],
    ['does not know the app', { type: 'platform-error', error: 'bad_client_secret' }],
    ['has an error of its own', { type: 'platform-error', error: '<script>xoxb-1</script>' }],
  ];

  test.each(faults)('%s stores nothing, asks once, and can be begun again', async (_, fault) => {
    const host = await openHost({ timeoutMs: 100 });
    host.workspace.fault({ ...fault, method: 'oauth.v2.access' });
    const page = await host.install();
    expect(page.status).toBe(502);
    expect(page.text).toContain('Something went wrong that is not your fault.');
    expect(await host.list()).toEqual([]);
    expect(await host.secrets.names()).toEqual([]);
    expect(host.workspace.requests.filter(({ method }) => method === 'oauth.v2.access')).toHaveLength(1);
    expect(host.told.join('\n')).not.toContain('xoxb-1');
    expect((await host.install()).status).toBe(200);
  });

  test('can’t be asked for the channel makes the integration all the same', async () => {
    const host = await openHost({ scopes: ['chat:write', 'channels:read', 'channels:join', 'incoming-webhook'] });
    host.workspace.fault({ type: 'http-503', method: 'auth.test' });
    const page = await host.install('#alerts');
    expect(page.status).toBe(200);
    expect(await host.list()).toMatchObject([{ channelName: 'alerts', status: 'ok' }]);
    expect(host.told.join('\n')).toContain('was made, but its first message was not sent');
  });

  test('installed it for a whole organization is refused', async () => {
    const host = await openHost();
    const body = JSON.stringify({
      ok: true,
      access_token: 'xoxb-org',
      is_enterprise_install: true,
      team: null,
      enterprise: { id: 'E1' },
    });
    host.workspace.fault({ type: 'non-json-200', body, method: 'oauth.v2.access' });
    const page = await host.install();
    expect(page.status).toBe(400);
    expect(page.text).toContain('Choose one workspace');
    expect(await host.secrets.names()).toEqual([]);
  });
});
