import { describe, expect, test } from 'vitest';
import { openHost } from './open-host.js';

const cookieOf = ({ headers }: Request) => /session=(\w+)/.exec(headers.get('cookie') ?? '')?.[1];
const from = (url: string, session: string) => new Request(url, { headers: { cookie: `session=${session}` } });

describe('handleCallback(request)', () => {
  test('asks the host whose request it is', async () => {
    const host = await openHost({ bindingOf: async (request) => cookieOf(request) });
    const back = await host.workspace.consent(await host.link('ada'));
    expect((await host.oauth.handleCallback(new Request(back))).status).toBe(400);
    expect((await host.oauth.handleCallback(from(back, 'eve'))).status).toBe(400);
    expect(await host.list()).toEqual([]);
    expect((await host.oauth.handleCallback(from(back, 'ada'))).status).toBe(200);
    expect(await host.list()).toHaveLength(1);
  });

  test('believes what the call says before the host’s function, also that there is no session', async () => {
    const host = await openHost({ bindingOf: () => 'ada' });
    const back = await host.workspace.consent(await host.link('ada'));
    for (const binding of ['eve', undefined]) {
      expect((await host.oauth.handleCallback(new Request(back), { binding })).status).toBe(400);
    }
    expect((await host.oauth.handleCallback(new Request(back), { binding: 'ada' })).status).toBe(200);
  });

  test('refuses everybody when the host says nothing at all, and tells the developer but not the page', async () => {
    const host = await openHost();
    const back = await host.workspace.consent(await host.link('ada'));
    const page = await host.oauth.handleCallback(from(back, 'ada'));
    expect(page.status).toBe(400);
    expect(await page.text()).not.toMatch(/bindingOf|handleCallback/);
    expect(host.told.join('\n')).toContain('give slackOAuth({ bindingOf }), or handleCallback(request, { binding })');
    expect(await host.secrets.names()).toEqual([]);
  });

  test('says that it is not the person’s fault when the host’s function throws, and takes the link afterwards', async () => {
    let isDown = true;
    const host = await openHost({
      bindingOf: (request) => {
        if (isDown) throw new Error('the session store of ada is down');
        return cookieOf(request);
      },
    });
    const back = await host.workspace.consent(await host.link('ada'));
    const page = await host.oauth.handleCallback(from(back, 'ada'));
    expect(page.status).toBe(500);
    expect(await page.text()).toContain('Something went wrong that is not your fault.');
    expect(host.told.join('\n')).toContain('The bindingOf of slackOAuth threw');
    expect(host.told.join('\n')).not.toContain('session store');
    isDown = false;
    expect((await host.oauth.handleCallback(from(back, 'ada'))).status).toBe(200);
  });

  test('refuses a binding that is no text', async () => {
    for (const binding of [5, '', null, { toString: () => 'ada' }]) {
      const host = await openHost({ bindingOf: () => binding as never });
      const back = await host.workspace.consent(await host.link('ada'));
      expect((await host.oauth.handleCallback(from(back, 'ada'))).status).toBe(400);
    }
    await expect(openHost({ bindingOf: 'ada' as never })).rejects.toThrow('Expected a function at bindingOf');
  });
});
