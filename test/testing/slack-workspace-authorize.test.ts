import { describe, expect, it } from 'vitest';
import { refusal } from './slack-workspace-clients.js';
import { answerOf, app, exchange, link, redirectUri, start, trade } from './slack-workspace-installs.js';

describe('the authorize page of the fake Slack workspace', () => {
  it('shows the app, its scopes and a form that a browser can send', async () => {
    const workspace = await start();
    const state = `"><script>alert('x')</script>&`;
    const page = await fetch(link(workspace, { scope: 'chat:write channels:read', state }));
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).toContain('tocsin is requesting permission to access Acme ML');
    expect(html).toContain('<li>chat:write</li>\n<li>channels:read</li>');
    expect(html).toContain('<form method="post" action="/oauth/v2/authorize">');
    expect(html).toContain('name="state" value="&quot;&gt;&lt;script&gt;');
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<select');
  });

  it('leads back with a code and the state as it came, or with the refusal', async () => {
    const workspace = await start();
    const state = `a"b&c=d é ${'x'.repeat(2_000)}`;
    const allowed = await workspace.consent(link(workspace, { state }));
    expect(allowed.startsWith(`${redirectUri}?`)).toBe(true);
    expect(answerOf(allowed)).toEqual({ code: expect.any(String), state });
    const denied = await workspace.consent(link(workspace, { state }), { allow: false });
    expect(answerOf(denied)).toEqual({ error: 'access_denied', state });
  });

  it('lets the person pick a channel where a webhook is asked for, and insists on one', async () => {
    const workspace = await start({ channels: [{ name: 'alerts' }, { name: 'old', isArchived: true }] });
    const url = link(workspace, { scope: 'incoming-webhook' });
    const html = await (await fetch(url)).text();
    expect(html).toContain('<option value="C0000000001">#alerts</option>');
    expect(html).not.toContain('#old');
    await expect(workspace.consent(url)).rejects.toThrow('Choose a channel');
    await expect(workspace.consent(url, { channel: '#old' })).rejects.toThrow('Choose a channel');
    await expect(workspace.consent(url, { channel: '#alerts' })).resolves.toContain('code=');
    await expect(workspace.consent(url, { allow: false })).resolves.toContain('error=access_denied');
    await expect(workspace.consent(url, { channel: '#none' })).rejects.toThrow('has no channel #none');
  });

  it.each([
    [{ client_id: 'nobody' }, 'invalid_client_id'],
    [{ redirect_uri: 'https://evil.example/slack/callback' }, 'bad_redirect_uri'],
    [{ redirect_uri: `${redirectUri}.evil` }, 'bad_redirect_uri'],
    [{ redirect_uri: 'https://host.example/slack' }, 'bad_redirect_uri'],
    [{ redirect_uri: 'no url' }, 'bad_redirect_uri'],
    [{ scope: '' }, 'no_scopes'],
    [{ scope: 'chat:write,chat.write' }, 'invalid_scope'],
    [{ user_scope: 'chat:write' }, 'user_scope'],
  ])('asks nobody and leads nowhere with %o: %s', async (parameters, problem) => {
    const workspace = await start();
    const url = link(workspace, parameters);
    const page = await fetch(url, { redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
    const form = new URLSearchParams(`${new URL(url).searchParams}&decision=allow`);
    const posted = await fetch(workspace.authorizeUrl, { method: 'POST', body: form, redirect: 'manual' });
    expect([posted.status, posted.headers.get('location')]).toEqual([400, null]);
    await expect(workspace.consent(url)).rejects.toThrow(problem);
  });

  it('takes a redirect_uri below a configured one and with a query, and the first one where none is sent', async () => {
    const workspace = await start();
    const below = `${redirectUri}/eu?tenant=7`;
    expect(answerOf(await workspace.consent(link(workspace, { redirect_uri: below })))).toMatchObject({ tenant: '7' });
    const bare = `${workspace.authorizeUrl}?client_id=${app.clientId}&scope=chat:write`;
    const location = await workspace.consent(bare);
    expect(location.startsWith(redirectUri)).toBe(true);
    const code = String(answerOf(location)['code']);
    expect(await refusal(trade(workspace, code))).toBe('bad_redirect_uri');
    await expect(exchange(workspace, { code })).resolves.toMatchObject({ ok: true });
  });

  it('answers neither another path nor another verb', async () => {
    const workspace = await start();
    expect((await fetch(`${workspace.authorizeUrl}2`)).status).toBe(404);
    expect((await fetch(link(workspace), { method: 'PUT' })).status).toBe(404);
  });
});
