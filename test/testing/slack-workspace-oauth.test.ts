import { IncomingWebhook } from '@slack/webhook';
import { describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../testing/slack-workspace/index.js';
import { manualClock, platformError, refusal, webClient } from './slack-workspace-clients.js';
import { app, consentCode, exchange, redirectUri, start, trade } from './slack-workspace-installs.js';

describe('oauth.v2.access of the fake Slack workspace', () => {
  it('answers a code with a token that works, for what was agreed to', async () => {
    const workspace = await start({ teamId: 'T0ACME', teamName: 'Acme' });
    const answer = await trade(workspace, await consentCode(workspace, 'chat:write,channels:join'));
    expect(answer).toMatchObject({
      ok: true,
      app_id: 'A0000000001',
      token_type: 'bot',
      scope: 'chat:write,channels:join',
      bot_user_id: 'U0000000001',
      team: { id: 'T0ACME', name: 'Acme' },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: 'U9000000001' },
    });
    for (const name of ['incoming_webhook', 'refresh_token', 'expires_in']) expect(answer).not.toHaveProperty(name);
    const client = webClient(workspace, String(answer.access_token));
    const self = await client.auth.test();
    expect(self).toMatchObject({ team_id: 'T0ACME', user_id: 'U0000000001', user: 'tocsin' });
    expect(self.response_metadata?.scopes).toEqual(['chat:write', 'channels:join']);
    const missing = { error: 'missing_scope', needed: 'reactions:write', provided: 'chat:write,channels:join' };
    const reaction = { channel: workspace.channel('#alerts').id, name: 'eyes', timestamp: '1.000001' };
    expect(await platformError(client.reactions.add(reaction))).toMatchObject(missing);
  });

  it('installs a bot that is a member of no channel yet', async () => {
    const workspace = await start();
    const { access_token } = await trade(workspace, await consentCode(workspace));
    const post = () => webClient(workspace, String(access_token)).chat.postMessage({ channel: '#alerts', text: 'a' });
    expect(await refusal(post())).toBe('not_in_channel');
    workspace.inviteBot('#alerts');
    await expect(post()).resolves.toMatchObject({ ok: true });
  });

  it('answers with a webhook to the channel that was picked, a new one for each installation', async () => {
    const workspace = await start();
    const scope = 'incoming-webhook,chat:write';
    const first = await trade(workspace, await consentCode(workspace, scope, '#alerts'));
    const second = await trade(workspace, await consentCode(workspace, scope, '#alerts'));
    expect(first.incoming_webhook).toMatchObject({
      channel: '#alerts',
      channel_id: workspace.channel('#alerts').id,
      configuration_url: expect.stringMatching(/^https:\/\/acme-ml\.slack\.com\/services\/B/),
    });
    expect(second.incoming_webhook?.url).not.toBe(first.incoming_webhook?.url);
    for (const { incoming_webhook: webhook } of [first, second]) {
      await new IncomingWebhook(String(webhook?.url)).send({ text: 'hello' });
    }
    expect(workspace.channel('#alerts').messages).toMatchObject([
      { text: 'hello', username: 'tocsin' },
      { text: 'hello', username: 'tocsin' },
    ]);
    workspace.revokeWebhook('#alerts');
    await expect(new IncomingWebhook(String(first.incoming_webhook?.url)).send({ text: 'b' })).rejects.toThrow('404');
  });

  it('keeps the channel’s own webhook apart from that of an app', async () => {
    const workspace = await start({ tokens: [{ token: 'xoxb-1', botName: 'older' }] });
    const { incoming_webhook: webhook } = await trade(
      workspace,
      await consentCode(workspace, 'incoming-webhook', '#alerts'),
    );
    expect(workspace.webhookUrl('#alerts')).not.toBe(webhook?.url);
    await new IncomingWebhook(workspace.webhookUrl('#alerts')).send({ text: 'a' });
    await new IncomingWebhook(String(webhook?.url)).send({ text: 'b' });
    expect(workspace.channel('#alerts').messages.map(({ username }) => username)).toEqual(['older', 'tocsin']);
  });

  it('answers a second installation with the same token, its scopes added up, and a new one after a revocation', async () => {
    const workspace = await start();
    const first = await trade(workspace, await consentCode(workspace, 'chat:write'));
    const second = await trade(workspace, await consentCode(workspace, 'channels:read'));
    expect([second.access_token, second.scope]).toEqual([first.access_token, 'chat:write,channels:read']);
    workspace.revokeToken(String(first.access_token));
    const third = await trade(workspace, await consentCode(workspace, 'channels:read'));
    expect(third.access_token).not.toBe(first.access_token);
    expect(third.scope).toBe('channels:read');
  });

  it('takes client ID and secret by Basic authentication as well', async () => {
    const workspace = await start();
    const ask = async (secret: string) => {
      const body = new URLSearchParams({ code: await consentCode(workspace), redirect_uri: redirectUri });
      const authorization = `Basic ${Buffer.from(`${app.clientId}:${secret}`).toString('base64')}`;
      const answer = await fetch(`${workspace.apiUrl}oauth.v2.access`, {
        method: 'POST',
        body,
        headers: { authorization },
      });
      return answer.json();
    };
    expect(await ask(app.clientSecret)).toMatchObject({ ok: true, token_type: 'bot' });
    expect(await ask('wrong')).toEqual({ ok: false, error: 'bad_client_secret' });
  });

  it('refuses what is wrong under the name for it, and a code that was refused so is still good', async () => {
    const other = { ...app, clientId: '333.444' };
    const workspace = await start({ apps: [app, other] });
    const code = await consentCode(workspace);
    const redirect_uri = redirectUri;
    const refused = (more: Readonly<Record<string, string>>) =>
      refusal(exchange(workspace, { code, redirect_uri, ...more }));
    expect(await refused({ client_id: 'nobody' })).toBe('invalid_client_id');
    expect(await refused({ client_secret: 'wrong' })).toBe('bad_client_secret');
    expect(await refused({ client_id: other.clientId })).toBe('invalid_code');
    expect(await refused({ code: `${code}0` })).toBe('invalid_code');
    expect(await refused({ redirect_uri: `${redirectUri}/other` })).toBe('bad_redirect_uri');
    expect(await refusal(exchange(workspace, { code }))).toBe('bad_redirect_uri');
    expect(await refused({ grant_type: 'password' })).toBe('invalid_grant_type');
    expect(await refused({ code_verifier: 'v' })).toBe('pkce_not_allowed');
    expect(await refused({ nonsense: 'x' })).toBe('invalid_arguments');
    await expect(trade(workspace, code)).resolves.toMatchObject({ ok: true });
    expect(await refusal(trade(workspace, code))).toBe('code_already_used');
  });

  it('takes a code for ten minutes', async () => {
    const clock = manualClock();
    const workspace = await start({ clock: clock.now });
    const [inTime, late] = [await consentCode(workspace), await consentCode(workspace)];
    clock.advance(599_999);
    await expect(trade(workspace, inTime)).resolves.toMatchObject({ ok: true });
    clock.advance(1);
    expect(await refusal(trade(workspace, late))).toBe('invalid_code');
  });

  it('lets scripted faults hit the exchange, which may have used the code up', async () => {
    const workspace = await start();
    const code = await consentCode(workspace);
    workspace.fault({ type: 'http-503', method: 'oauth.v2.access' });
    workspace.fault({ type: 'commit-then-reset', method: 'oauth.v2.access' });
    await expect(trade(workspace, code)).rejects.toThrow();
    await expect(trade(workspace, code)).rejects.toThrow();
    expect(await refusal(trade(workspace, code))).toBe('code_already_used');
  });

  it('keeps secrets, codes and tokens out of its log', async () => {
    const workspace = await start({ apps: [{ ...app, tokenRotation: true }] });
    const code = await consentCode(workspace);
    const { refresh_token } = await trade(workspace, code);
    await exchange(workspace, { grant_type: 'refresh_token', refresh_token: String(refresh_token) });
    const log = JSON.stringify(workspace.requests);
    for (const secret of [app.clientSecret, code, String(refresh_token)]) expect(log).not.toContain(secret);
    expect(workspace.requests).toMatchObject([{ method: 'oauth.v2.access' }, { method: 'oauth.v2.access' }]);
  });
});

describe('token rotation of the fake Slack workspace', () => {
  const rotating = { apps: [{ ...app, tokenRotation: true }] };
  const renew = (workspace: SlackWorkspace, refreshToken: unknown) =>
    exchange(workspace, { grant_type: 'refresh_token', refresh_token: String(refreshToken) });
  const authTest = (workspace: SlackWorkspace, token: unknown) => webClient(workspace, String(token)).auth.test();

  it('lets a token expire after twelve hours, and renews it', async () => {
    const clock = manualClock();
    const workspace = await start({ ...rotating, clock: clock.now });
    const first = await trade(workspace, await consentCode(workspace, 'incoming-webhook,chat:write', '#alerts'));
    expect(first).toMatchObject({ expires_in: 43_200, incoming_webhook: { channel: '#alerts' } });
    expect(first.access_token).toMatch(/^xoxe\.xoxb-1-/);
    expect(first.refresh_token).toMatch(/^xoxe-1-/);
    clock.advance(43_199_999);
    await expect(authTest(workspace, first.access_token)).resolves.toMatchObject({ ok: true });
    clock.advance(1);
    expect(await refusal(authTest(workspace, first.access_token))).toBe('token_expired');
    const second = await renew(workspace, first.refresh_token);
    expect(second).toMatchObject({ ok: true, expires_in: 43_200, scope: first.scope, team: { name: 'Acme ML' } });
    expect(second).not.toHaveProperty('incoming_webhook');
    await expect(authTest(workspace, second.access_token)).resolves.toMatchObject({ user_id: first.bot_user_id });
    expect(await refusal(authTest(workspace, first.access_token))).toBe('token_expired');
  });

  it('takes a refresh token once, of its own app, and leaves the token before it good until it expires', async () => {
    const other = { ...app, clientId: '333.444', tokenRotation: true };
    const workspace = await start({ apps: [...rotating.apps, other] });
    const first = await trade(workspace, await consentCode(workspace));
    const refreshToken = String(first.refresh_token);
    const stolen = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: other.clientId };
    expect(await refusal(exchange(workspace, stolen))).toBe('invalid_refresh_token');
    const second = await renew(workspace, refreshToken);
    expect(await refusal(renew(workspace, refreshToken))).toBe('invalid_refresh_token');
    expect(await refusal(renew(workspace, undefined))).toBe('invalid_refresh_token');
    await expect(authTest(workspace, first.access_token)).resolves.toMatchObject({ ok: true });
    await expect(renew(workspace, second.refresh_token)).resolves.toMatchObject({ ok: true });
  });
});
