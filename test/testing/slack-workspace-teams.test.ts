import { IncomingWebhook } from '@slack/webhook';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SlackWorkspaceOptions, startSlackWorkspace } from '../../testing/slack-workspace/index.js';
import { manualClock, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

const redirectUri = 'https://host.example/callback';
const app = { clientId: '1.2', clientSecret: 'shh', redirectUris: [redirectUri] };

const startTwo = async (options: SlackWorkspaceOptions = {}) => {
  const acme = await startWorkspace({ apps: [app] });
  const globex = await startSlackWorkspace({ clock: manualClock().now, teamName: 'Globex', ...options }, acme);
  onTestFinished(() => globex.close());
  return { acme, globex };
};

describe('two fake Slack workspaces beside each other', () => {
  it('share one API, and tell by the token which of them is meant', async () => {
    const { acme, globex } = await startTwo();
    expect(globex.apiUrl).toBe(acme.apiUrl);
    expect(globex.authorizeUrl).toBe(acme.authorizeUrl);
    expect(await webClient(acme, globex.token).auth.test()).toMatchObject({ team: 'Globex', team_id: 'T0000000002' });
    await webClient(acme).chat.postMessage({ channel: '#alerts', text: 'for Acme' });
    await webClient(acme, globex.token).chat.postMessage({ channel: '#alerts', text: 'for Globex' });
    expect(acme.channel('#alerts').messages.map(({ text }) => text)).toEqual(['for Acme']);
    expect(globex.channel('#alerts').messages.map(({ text }) => text)).toEqual(['for Globex']);
    expect([acme.requests.length, globex.requests.length]).toEqual([1, 2]);
    expect(await refusal(webClient(acme, 'xoxb-unknown').auth.test())).toBe('invalid_auth');
  });

  it('keep webhooks, uploads and faults apart', async () => {
    const { acme, globex } = await startTwo();
    await new IncomingWebhook(globex.webhookUrl('#alerts')).send({ text: 'hook' });
    const channel_id = globex.channel('#alerts').id;
    globex.fault({ type: 'http-503', method: 'upload' });
    const upload = (token: string) =>
      webClient(acme, token).filesUploadV2({ file: Buffer.from('png'), filename: 'a.png', channel_id });
    await upload(acme.token);
    await expect(upload(globex.token)).rejects.toThrow();
    await upload(globex.token);
    expect(globex.channel('#alerts').messages).toMatchObject([{ text: 'hook' }, { files: [{ name: 'a.png' }] }]);
    expect(acme.channel('#alerts').messages).toMatchObject([{ files: [{ name: 'a.png' }] }]);
  });

  it('install the same app each, by the person who answers and whatever is exchanged', async () => {
    const { acme, globex } = await startTwo();
    const url = `${acme.authorizeUrl}?client_id=1.2&scope=chat:write,incoming-webhook`;
    for (const workspace of [globex, acme]) {
      const location = new URL(await workspace.consent(url, { channel: '#alerts' }));
      const code = String(location.searchParams.get('code'));
      const secrets = { client_id: app.clientId, client_secret: app.clientSecret };
      const answer = await webClient(acme, '').oauth.v2.access({ ...secrets, code });
      const { team_id } = await webClient(acme, String(answer.access_token)).auth.test();
      expect(answer.team?.id).toBe(team_id);
      await new IncomingWebhook(String(answer.incoming_webhook?.url)).send({ text: String(answer.team?.name) });
    }
    expect(acme.channel('#alerts').messages.map(({ text }) => text)).toEqual(['Acme ML']);
    expect(globex.channel('#alerts').messages.map(({ text }) => text)).toEqual(['Globex']);
  });

  it('renew rotated tokens of both', async () => {
    const rotating = { ...app, tokenRotation: true };
    const acme = await startWorkspace({ apps: [rotating] });
    const globex = await startSlackWorkspace({ clock: manualClock().now, teamName: 'Globex' }, acme);
    const client = webClient(acme, '');
    const secrets = { client_id: app.clientId, client_secret: app.clientSecret };
    const location = await globex.consent(`${acme.authorizeUrl}?client_id=1.2&scope=chat:write`);
    const { refresh_token } = await client.oauth.v2.access({
      ...secrets,
      code: String(new URL(location).searchParams.get('code')),
    });
    const renewed = await client.oauth.v2.access({
      ...secrets,
      grant_type: 'refresh_token',
      refresh_token: String(refresh_token),
    });
    expect(renewed).toMatchObject({ ok: true, team: { name: 'Globex' } });
  });

  it('do not start with what the other one has already, nor beside a closed one', async () => {
    const { acme } = await startTwo();
    await expect(startSlackWorkspace({ teamId: 'T0000000001' }, acme)).rejects.toThrow('already');
    await expect(startSlackWorkspace({ tokens: [{ token: acme.token }] }, acme)).rejects.toThrow('already');
    await acme.close();
    await expect(startSlackWorkspace({}, acme)).rejects.toThrow('closed');
  });

  it('leave the first one running when the second one closes, however often', async () => {
    const { acme, globex } = await startTwo();
    await globex.close();
    await globex.close();
    await expect(webClient(acme).auth.test()).resolves.toMatchObject({ team: 'Acme ML' });
    expect(await refusal(webClient(acme, globex.token).auth.test())).toBe('invalid_auth');
  });
});
