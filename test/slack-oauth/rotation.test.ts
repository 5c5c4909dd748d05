import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { type Host, openHost } from './open-host.js';

const hourMs = 3_600_000;

/** A host with one channel connected by a token that rotates. */
async function openConnected(): Promise<{ host: Host; id: string }> {
  const host = await openHost({ tokenRotation: true });
  await host.install();
  const id = String((await host.list())[0]?.id);
  await host.oauth.connectChannel({ integrationId: id, channel: '#alerts' });
  await host.settle();
  return { host, id };
}

const titles = (host: Host) => host.texts('#alerts').map((text) => /INFO: (.*)/.exec(text)?.[1]);

const refreshes = (host: Host) =>
  host.workspace.requests.filter((request) => request.arguments['grant_type'] === 'refresh_token').length;

async function tokenOf(host: Host, id: string): Promise<string> {
  const integration = await host.engine.integrations.get(id);
  const name = integration.type === 'slack' ? String(integration.tokenSecretName) : '';
  return String(await host.secrets.resolve({ name, integration }));
}

describe('a token that rotates', () => {
  test('is refreshed before it expires, over and over', async () => {
    const { host, id } = await openConnected();
    for (const title of ['first', 'second', 'third']) {
      await host.engine.integrations.notify(id, { title });
      await host.settle();
      await host.runtime.advance(11.9 * hourMs);
    }
    expect(titles(host)).toEqual(['Integration added', 'first', 'second', 'third']);
    expect(refreshes(host)).toBe(2);
    expect(await host.list()).toMatchObject([{ status: 'ok' }]);
  });

  test('that expired while nothing was sent is refreshed at the next message', async () => {
    const { host, id } = await openConnected();
    await host.runtime.advance(30 * 24 * hourMs);
    await host.engine.integrations.notify(id, { title: 'a month later' });
    await host.settle();
    expect(titles(host)).toEqual(['Integration added', 'a month later']);
    expect(refreshes(host)).toBe(1);
  });

  test('that Slack calls expired before its time is refreshed within the same attempt', async () => {
    const { host, id } = await openConnected();
    host.workspace.revokeToken(await tokenOf(host, id), 'token_expired');
    const { id: executionId } = await host.engine.integrations.notify(id, { title: 'all the same' });
    await host.settle();
    expect(titles(host)).toEqual(['Integration added', 'all the same']);
    expect(await host.engine.executions.get(executionId)).toMatchObject({ status: 'finished', attempts: [{}] });
    expect((await host.engine.executions.get(executionId)).attempts).toHaveLength(1);
    expect(refreshes(host)).toBe(1);
    expect(await host.list()).toMatchObject([{ status: 'ok' }]);
  });

  test('whose refresh finds no network waits, and loses nothing', async () => {
    const { host, id } = await openConnected();
    await host.runtime.advance(13 * hourMs);
    host.workspace.fault({ type: 'http-503', method: 'oauth.v2.access', times: 3 });
    await host.engine.integrations.notify(id, { title: 'late' });
    await host.settle();
    expect(titles(host)).toEqual(['Integration added', 'late']);
    expect(await host.list()).toMatchObject([{ status: 'ok' }]);
  });

  test('whose refresh is refused stops its integration until the app is installed again', async () => {
    const { host, id } = await openConnected();
    await host.runtime.advance(13 * hourMs);
    const fault = host.workspace.fault({
      type: 'platform-error',
      error: 'invalid_refresh_token',
      method: 'oauth.v2.access',
      times: 9,
    });
    await host.engine.integrations.notify(id, { title: 'parked' });
    await host.settle();
    expect(await host.list()).toMatchObject([{ status: 'disabled' }]);
    expect(titles(host)).toEqual(['Integration added']);
    fault.cancel();
    await host.install();
    await host.settle();
    expect(await host.list()).toMatchObject([{ id, status: 'ok' }]);
    expect(titles(host)).toEqual(['Integration added', 'parked']);
  });

  test('is refreshed once by two processes that deliver at the same time', async () => {
    const { host, id } = await openConnected();
    const other = await openHost({ beside: host });
    await host.runtime.advance(13 * hourMs);
    const integration = await host.engine.integrations.get(id);
    const name = integration.type === 'slack' ? String(integration.tokenSecretName) : '';
    const tokens = await Promise.allSettled([host, other].map(({ secrets }) => secrets.resolve({ name, integration })));
    expect(tokens.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await other.secrets.resolve({ name, integration })).toBe(await tokenOf(host, id));
    expect(refreshes(host)).toBe(1);
  });
});

test('several workspaces are connected at once, each with its own token and channels', async () => {
  const host = await openHost();
  const beta = await startSlackWorkspace(
    { teamName: 'Beta Labs', clock: host.runtime.now, channels: [{ name: 'ops' }] },
    host.workspace,
  );
  await host.install();
  await host.install(undefined, 'my-team', beta);
  const [acme, labs] = await host.list();
  expect([acme?.teamName, labs?.teamName]).toEqual(['Acme ML', 'Beta Labs']);
  await host.oauth.connectChannel({ integrationId: String(labs?.id), channel: '#ops' });
  await host.oauth.connectChannel({ integrationId: String(acme?.id), channel: '#alerts' });
  await host.settle();
  expect(host.texts('#alerts')).toHaveLength(1);
  expect(beta.channel('#ops').messages).toHaveLength(1);
  expect((await host.oauth.slackChannels(String(labs?.id))).channels.map(({ name }) => name)).toEqual(['ops']);
  await beta.close();
});

test('no token, URL, code or secret of the app is ever written, logged or shown', async () => {
  for (const scopes of [['incoming-webhook'], ['chat:write', 'channels:read', 'channels:join', 'incoming-webhook']]) {
    const host = await openHost({ scopes, tokenRotation: true });
    await host.install('#alerts');
    await host.settle();
    const [integration] = await host.list();
    if (integration?.type !== 'slack') throw new Error('Expected an integration of Slack');
    const name = String(integration.tokenSecretName ?? integration.urlSecretName);
    const secret = String(await host.secrets.resolve({ name, integration }));
    expect(secret.length).toBeGreaterThan(20);
    if (integration.tokenSecretName !== undefined) host.workspace.revokeToken(secret);
    else host.workspace.revokeWebhook('#alerts');
    await host.engine.integrations.notify(integration.id, { title: 'refused' });
    await host.runtime.advance(13 * hourMs);
    await host.settle();
    await host.visit(await host.workspace.consent(await host.link(), { allow: false }));
    for (const text of [...host.told, ...host.written, JSON.stringify(await host.list())]) {
      expect(text).not.toContain(secret);
      expect(text).not.toMatch(/xoxb-|xoxe[.-]|\/services\/T|client-secret-of-the-app|code-\w/);
    }
  }
});
