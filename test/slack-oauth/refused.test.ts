import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Host, openHost } from './open-host.js';

/** Nothing of an installation is there: no secret, no integration, no message, nothing half done. */
async function expectNothing(host: Host): Promise<void> {
  await host.settle();
  expect(await host.list()).toEqual([]);
  expect(await host.secrets.names()).toEqual([]);
  expect((await host.storage.list({ prefix: 'sealed-secret/', limit: 10 })).records).toEqual([]);
  expect((await host.storage.list({ prefix: 'slack-oauth/', limit: 10 })).records).toEqual([]);
  for (const channel of ['#alerts', '#random']) expect(host.texts(channel)).toEqual([]);
}

const exchanges = (host: Host) => host.workspace.requests.filter(({ method }) => method === 'oauth.v2.access').length;

const withQuery = (url: string, change: Record<string, string | undefined>): string => {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
  }
  return changed.href;
};

describe('a callback', () => {
  test('of somebody who did not allow it shows a friendly page, and uses the link up', async () => {
    const host = await openHost();
    const denied = await host.workspace.consent(await host.link(), { allow: false });
    const page = await host.visit(denied);
    expect(page.status).toBe(200);
    expect(page.text).toContain('You did not allow it, so nothing has changed.');
    expect((await host.visit(denied)).status).toBe(400);
    await expectNothing(host);
  });

  test('whose state was forged, cut, or signed with another key is refused', async () => {
    const host = await openHost();
    const back = await host.workspace.consent(await host.link());
    const state = String(new URL(back).searchParams.get('state'));
    const [payload = '', signature = ''] = state.split('.');
    const parts = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown[];
    const forged = Buffer.from(
      JSON.stringify(parts.map((part) => (part === 'my-team' ? 'their-team' : part))),
    ).toString('base64url');
    const foreign = createHmac('sha256', 'x'.repeat(32))
      .update(`tocsin slack-oauth state\n${forged}`)
      .digest('base64url');
    const states = [
      '',
      'x',
      '.',
      payload,
      `${payload}.`,
      `${forged}.${signature}`,
      `${forged}.${foreign}`,
      `${state}.`,
      `${state}=`,
      `.${signature}`,
      'x'.repeat(100_000).slice(0, 9000),
    ];
    for (const each of states) {
      const page = await host.visit(withQuery(back, { state: each }));
      expect(page.status, each).toBe(400);
    }
    expect((await host.visit(withQuery(back, { state: undefined }))).status).toBe(400);
    expect(exchanges(host)).toBe(0);
    await expectNothing(host);
    // None of these has used up the state of the person who did come from Slack.
    expect((await host.visit(back)).status).toBe(200);
  });

  test('with any changed character in its state is refused', async () => {
    const host = await openHost();
    const state = String(new URL(await host.link()).searchParams.get('state'));
    const index = fc.integer({ min: 0, max: state.length - 1 });
    await fc.assert(
      fc.asyncProperty(index, fc.constantFrom('A', 'B', '-', '.', '%', 'é'), async (at, character) => {
        fc.pre(state[at] !== character);
        const changed = `${state.slice(0, at)}${character}${state.slice(at + 1)}`;
        const url = `https://host.example/?code=x&state=${encodeURIComponent(changed)}`;
        expect((await host.oauth.handleCallback(new Request(url), { binding: 'ada' })).status).toBe(400);
      }),
    );
    await expectNothing(host);
  });

  test('that comes twice does its work once', async () => {
    const host = await openHost();
    const back = await host.workspace.consent(await host.link());
    const pages = await Promise.all([host.visit(back), host.visit(back), host.visit(back)]);
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect((await host.visit(back)).status).toBe(400);
    expect(exchanges(host)).toBe(1);
    expect(await host.list()).toHaveLength(1);
  });

  test('that reaches two processes at once does its work once', async () => {
    const host = await openHost();
    const other = await openHost({ beside: host });
    const back = await host.workspace.consent(await host.link());
    const pages = await Promise.all([host.visit(back), other.visit(back)]);
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(exchanges(host)).toBe(1);
  });

  test('is taken for ten minutes, and not a moment longer', async () => {
    const host = await openHost();
    const [early, late] = [await host.link(), await host.link()];
    const [soon, tooLate] = [await host.workspace.consent(early), await host.workspace.consent(late)];
    await host.runtime.advance(599_999);
    expect((await host.visit(soon)).status).toBe(200);
    await host.runtime.advance(1);
    expect((await host.visit(tooLate)).status).toBe(400);
    expect(exchanges(host)).toBe(1);
  });

  test('of a process whose clock is a little ahead is taken, of one that lives in the future not', async () => {
    const host = await openHost();
    for (const [aheadMs, status] of [
      [59_000, 200],
      [61_000, 400],
    ] as const) {
      const other = await openHost({ beside: host, now: () => host.runtime.now() + aheadMs });
      const link = await other.link();
      expect((await host.visit(await host.workspace.consent(link))).status).toBe(status);
    }
  });

  test('of somebody else than the one for whom the link was made attaches nothing, and spoils nothing', async () => {
    const host = await openHost();
    // Mallory sends her link to Ada, who allows it in her workspace; or Ada's answer gets into Mallory's browser.
    const back = await host.workspace.consent(await host.link('mallory'));
    for (const session of ['ada', '', 'mallor', 'mallory2']) expect((await host.visit(back, session)).status).toBe(400);
    expect(exchanges(host)).toBe(0);
    await expectNothing(host);
    expect((await host.visit(back, 'mallory')).status).toBe(200);
  });

  test('with a code that was used, is wrong, or was meant for another address is refused', async () => {
    const host = await openHost();
    const first = await host.workspace.consent(await host.link());
    const used = String(new URL(first).searchParams.get('code'));
    expect((await host.visit(first)).status).toBe(200);
    await host.oauth.disconnect(String((await host.list())[0]?.id));
    for (const code of [used, 'code-wrong', '']) {
      const back = await host.workspace.consent(await host.link());
      expect((await host.visit(withQuery(back, { code }))).status).toBe(400);
    }
    const elsewhere = host.oauth.installUrl({
      entity: 'my-team',
      binding: 'ada',
      redirectUri: 'http://127.0.0.1/other',
    });
    const code = String(new URL(await host.workspace.consent(await host.link())).searchParams.get('code'));
    const stolen = await host.workspace.consent(elsewhere);
    expect((await host.visit(withQuery(stolen, { code }))).status).not.toBe(200);
    await expectNothing(host);
  });

  test('that is no GET, or says neither yes nor no, is refused and uses nothing up', async () => {
    const host = await openHost();
    const back = await host.workspace.consent(await host.link());
    for (const method of ['POST', 'HEAD', 'PUT']) expect((await host.visit(back, 'ada', method)).status).toBe(405);
    expect((await host.visit(withQuery(back, { code: undefined }))).status).toBe(400);
    await expectNothing(host);
    expect((await host.visit(back)).status).toBe(200);
  });

  test.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', 'invalid_scope'])(
    'with the error %s shows nothing of it',
    async (error) => {
      const host = await openHost();
      const denied = await host.workspace.consent(await host.link(), { allow: false });
      const page = await host.visit(withQuery(denied, { error, error_description: error }));
      expect(page.status).toBe(502);
      expect(page.text).not.toContain(error);
      expect(host.told.join('')).not.toContain('<script>alert');
      await expectNothing(host);
    },
  );

  test('shows no name of a workspace or channel as anything but text, and keeps its address to itself', async () => {
    const host = await openHost({ scopes: ['incoming-webhook'], teamName: `<b>"R&D"</b> 'x'` });
    const page = await host.install('#alerts');
    expect(page.text).toContain('&#60;b&#62;&#34;R&#38;D&#34;&#60;/b&#62; &#39;x&#39;');
    expect(page.text).not.toContain('<b>');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });
});

describe('installUrl', () => {
  test('has the binding nowhere in it, under no guise', async () => {
    const host = await openHost();
    const link = await host.link('session-of-ada');
    const state = String(new URL(link).searchParams.get('state'));
    const payload = Buffer.from(String(state.split('.')[0]), 'base64url').toString();
    for (const text of [link, decodeURIComponent(link), payload]) expect(text).not.toContain('session-of-ada');
    const plainHash = createHmac('sha256', '').update('session-of-ada').digest('base64url');
    expect(payload).not.toContain(plainHash);
    expect(await host.link('session-of-ada')).not.toBe(link);
  });

  test.each([
    [{ entity: 'my-team', binding: '' }, 'binding'],
    [{ entity: 'my-team' }, 'binding'],
    [{ binding: 'ada' }, 'entity'],
    [{ entity: '', binding: 'ada' }, 'entity'],
    [{ entity: 'x'.repeat(256), binding: 'ada' }, 'entity'],
    [{ entity: 'my-team', binding: 'ada', redirectUri: 'javascript:alert(1)' }, 'redirectUri'],
  ])('refuses %j', async (options, name) => {
    const host = await openHost();
    expect(() => host.oauth.installUrl(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(name) }),
    );
  });
});

test.each([
  ['stateKey', { stateKey: 'too short' }],
  ['stateKey', { stateKey: new Uint8Array(32) }],
  ['stateKey', { stateKey: undefined }],
  ['scopes', { scopes: [] }],
  ['scopes', { scopes: ['channels:read'] }],
  ['scopes', { scopes: ['chat:write', 'x,y'] }],
  ['clientSecret', { clientSecret: '' }],
  ['clientId', { clientId: 5 }],
  ['secrets', { secrets: {} }],
  ['storage', { storage: {} }],
  ['engine', { engine: {} }],
  ['slackApiUrl', { slackApiUrl: 'slack' }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['sucessUrl', { sucessUrl: 'x' }],
])('slackOAuth refuses a wrong %s, and quotes no secret', async (name, options) => {
  const error = await openHost(options as never).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'invalid_options', message: expect.stringContaining(name) });
  expect(String(error)).not.toMatch(/too short|client-secret/);
});
