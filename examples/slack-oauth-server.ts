/** A server with "Add to Slack": each user of yours connects a Slack workspace or channel for the team. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createEngine } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { sealedSecrets } from 'tocsin/secrets';
import { slackOAuth, slackTokenRefresh } from 'tocsin/slack-oauth';
import { fileStorage } from 'tocsin/storage/file';

// Two keys of 32 random bytes each: openssl rand -base64 32
const { SLACK_CLIENT_ID = '', SLACK_CLIENT_SECRET = '', SECRETS_KEY = '', STATE_KEY = '' } = process.env;
// As people reach this server. Slack leads back to https://…/slack/callback, which stands in the app's settings.
const publicUrl = process.env['PUBLIC_URL'] ?? 'http://localhost:3000';
const slackApiUrl = process.env['SLACK_API_URL'];
const slackUrl = process.env['SLACK_URL'] ?? 'https://slack.com';
const app = { clientId: SLACK_CLIENT_ID, clientSecret: SLACK_CLIENT_SECRET, slackApiUrl };

const storage = fileStorage({ path: process.env['DATA_FOLDER'] ?? './tocsin-data' });
const secrets = sealedSecrets({ key: SECRETS_KEY, storage, refresh: slackTokenRefresh(app) });
const engine = await createEngine({
  storage,
  secrets,
  deliveries: [slackWebApi({ slackApiUrl }), slackWebhook({ allowedOrigins: ['https://hooks.slack.com', slackUrl] })],
});
const oauth = slackOAuth({
  ...app,
  engine,
  secrets,
  storage,
  stateKey: STATE_KEY,
  scopes: [
    'chat:write',
    'channels:read',
    'channels:history',
    'channels:join',
    'reactions:write',
    'files:write',
    'files:read',
    'incoming-webhook',
  ],
  redirectUri: `${publicUrl}/slack/callback`,
  bindingOf: ({ headers }) => sessionOf(headers.get('cookie')),
  slackUrl,
});
await oauth.cleanUp();

/** Your login goes here. The session must be one that only this browser can show, and the team one that its user acts for. */
function sessionOf(cookie: string | null | undefined): string | undefined {
  return /(?:^|; )session=([\w-]+)/.exec(cookie ?? '')?.[1];
}

async function answer({ url: path = '/', method = 'GET', headers }: IncomingMessage, response: ServerResponse) {
  const url = new URL(path, publicUrl);
  const { cookie = '' } = headers;
  if (url.pathname === '/slack/install') {
    const binding = sessionOf(cookie) ?? randomUUID();
    const location = oauth.installUrl({ entity: 'my-team', binding });
    // Lax, since the browser comes back from Slack's site.
    const session = `session=${binding}; HttpOnly; SameSite=Lax; Path=/${url.protocol === 'https:' ? '; Secure' : ''}`;
    response.writeHead(302, { location, 'set-cookie': session }).end();
  } else if (url.pathname === '/slack/callback') {
    const page = await oauth.handleCallback(new Request(url, { method, headers: { cookie } }));
    const body = await page.text();
    response.writeHead(page.status, Object.fromEntries(page.headers)).end(body);
  } else {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<a href="/slack/install">Add to Slack</a>');
  }
}

const server = createServer((request, response) => {
  // Such as a path that is no URL, or a method that no Request can have.
  answer(request, response).catch(() => response.writeHead(400).end());
});

server.listen(Number(process.env['PORT'] ?? 3000), () =>
  console.log(`Listening on ${JSON.stringify(server.address())}`),
);
process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  await engine.close();
  await storage.close();
});
