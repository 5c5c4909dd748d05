import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createEngine, type Engine, type Integration, type Storage } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { firstOf, type SealedSecrets, sealedSecrets } from 'tocsin/secrets';
import { type SlackOAuth, type SlackOAuthOptions, slackOAuth, slackTokenRefresh } from 'tocsin/slack-oauth';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { onTestFinished } from 'vitest';

const clientId = '1111.2222';
const clientSecret = 'client-secret-of-the-app';
const key = randomBytes(32);
const stateKey = randomBytes(32);

/** So fast that pacing never waits: the clock of these tests stands still. */
const unpaced = { messagesPerSecond: 1e6, burst: 1e6 };

/** A page that was shown. */
interface Shown {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** A process that lets people connect Slack: an engine, sealed secrets, and an HTTP server with a session cookie. */
export interface Host {
  readonly engine: Engine;
  readonly secrets: SealedSecrets;
  readonly oauth: SlackOAuth;
  readonly storage: Storage;
  readonly workspace: SlackWorkspace;
  /** Where Slack leads back to. */
  readonly callback: string;
  readonly runtime: ManualRuntime;
  /** Everything that was logged, or shown with its headers. */
  readonly told: string[];
  /** Everything that was ever written. */
  readonly written: string[];
  /** The link to Slack's page that a person gets. */
  link(session?: string, entity?: string | null): Promise<string>;
  /** Opens an address in somebody's browser, without following where it leads. */
  visit(url: string, session?: string, method?: string): Promise<Shown>;
  /** The whole way of one person: link, Slack's page, and back. */
  install(channel?: string, entity?: string | null, into?: SlackWorkspace): Promise<Shown>;
  list(): Promise<readonly Integration[]>;
  /** Lets what waits be delivered. */
  settle(): Promise<void>;
  /** The texts in a channel. */
  texts(channel: string): string[];
}

interface HostOptions extends Partial<SlackOAuthOptions> {
  readonly tokenRotation?: boolean;
  readonly teamName?: string;
  /** Another process of the same host: the same storage, keys, clock and Slack. */
  readonly beside?: Host;
  readonly wrap?: (storage: Storage) => Storage;
}

/** Opens a host; everything is closed when the test ends. */
export async function openHost({
  tokenRotation,
  teamName = 'Acme ML',
  beside,
  wrap,
  ...options
}: HostOptions = {}): Promise<Host> {
  const runtime = beside?.runtime ?? manualRuntime();
  const { now } = runtime;
  const told: string[] = [];
  const written: string[] = beside?.written ?? [];
  const keep = (message: string, details?: object) => void told.push(`${message} ${JSON.stringify(details ?? {})}`);
  const logger = { warn: keep, error: keep };

  let answer = async (_: Request, __: string | undefined): Promise<Response> => new Response('not ready');
  const server = createServer(async (request, response) => {
    const session = /session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    const { method = 'GET', url = '/' } = request;
    const { status, headers, ...page } = await answer(new Request(`${origin}${url}`, { method }), session).then(
      async (answered) => ({ status: answered.status, headers: answered.headers, body: await answered.text() }),
    );
    response.writeHead(status, Object.fromEntries(headers)).end(page.body);
  });
  const origin = await listen(server);
  const callback = beside?.callback ?? `${origin}/slack/callback`;

  const workspace =
    beside?.workspace ??
    (await startSlackWorkspace({
      clock: now,
      teamName,
      rateLimit: false,
      channels: [{ name: 'alerts' }, { name: 'random' }, { name: 'secret', isPrivate: true }],
      apps: [
        {
          clientId,
          clientSecret,
          redirectUris: [callback, 'http://127.0.0.1/'],
          ...(tokenRotation ? { tokenRotation } : {}),
        },
      ],
    }));
  const kept = beside?.storage ?? recorded(memoryStorage({ now }), written);
  const storage = wrap?.(kept) ?? kept;
  const { apiUrl: slackApiUrl } = workspace;
  const refresh = slackTokenRefresh({ clientId, clientSecret, slackApiUrl, now });
  const secrets = sealedSecrets({ key, storage, refresh, now });
  const slackUrl = new URL(workspace.authorizeUrl).origin;
  const engine = await createEngine({
    storage,
    secrets: firstOf(secrets),
    deliveries: [
      slackWebApi({ slackApiUrl, pacing: unpaced }),
      slackWebhook({ allowedOrigins: [slackUrl], pacing: unpaced }),
    ],
    runtime,
    logger,
  });
  const oauth = slackOAuth({
    engine,
    secrets,
    storage,
    clientId,
    clientSecret,
    stateKey,
    scopes: ['chat:write', 'channels:read', 'channels:join'],
    redirectUri: callback,
    slackUrl,
    slackApiUrl,
    now,
    logger,
    ...options,
  });
  answer = (request, session) => oauth.handleCallback(request, { binding: session });

  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    const closed = engine.close();
    // A call that a storage never answers is given up after this long.
    await runtime.advance(5000);
    await closed;
    if (beside === undefined) await workspace.close();
  });

  const host: Host = {
    engine,
    secrets,
    oauth,
    storage,
    workspace,
    callback,
    runtime,
    told,
    written,
    link: async (session = 'ada', entity = 'my-team') => oauth.installUrl({ entity, binding: session }),
    async visit(url, session = 'ada', method = 'GET') {
      // Whichever process is asked, the address is the one that the link named.
      const here = `${origin}${new URL(url).pathname}${new URL(url).search}`;
      const cookie: Record<string, string> = session === '' ? {} : { cookie: `session=${session}` };
      const response = await fetch(here, { method, headers: cookie, redirect: 'manual' });
      const shown = { status: response.status, text: await response.text(), headers: response.headers };
      told.push(`${shown.status} ${JSON.stringify(Object.fromEntries(shown.headers))} ${shown.text}`);
      return shown;
    },
    async install(channel, entity, into = workspace) {
      const back = await into.consent(await host.link('ada', entity), channel === undefined ? {} : { channel });
      return host.visit(back);
    },
    list: () => engine.integrations.list(),
    async settle() {
      do await engine.idle();
      while (await runtime.advanceToNextTimer());
    },
    texts: (channel) => workspace.channel(channel).messages.map(({ text }) => text),
  };
  return host;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  return `http://127.0.0.1:${address.port}`;
}

/** A storage that keeps a copy of all that is ever written to it. */
function recorded(storage: Storage, written: string[]): Storage {
  return {
    ...storage,
    commit(commit) {
      written.push(JSON.stringify(commit));
      return storage.commit(commit);
    },
  };
}
