import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startSlackWorkspace } from 'tocsin/testing';
import { expect, onTestFinished, test } from 'vitest';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  return address.port;
}

/** Asks for what fetch would not. */
async function statusOf(options: RequestOptions): Promise<number | undefined> {
  const asked = request({ host: '127.0.0.1', ...options }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

/** Starts the example, and waits until it listens. */
async function start(env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; output: () => string }> {
  const args = ['--import', pathToFileURL(tsx).href, 'examples/slack-oauth-server.ts'];
  const child = spawn(process.execPath, args, { cwd: projectFolder, env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  onTestFinished(() => void child.kill('SIGKILL'));
  await expect.poll(() => output, { timeout: 20_000 }).toContain('Listening');
  return { child, output: () => output };
}

test('the server of the example connects Slack for a browser with a session, and for no other', {
  timeout: 60_000,
}, async () => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const callback = `${origin}/slack/callback`;
  const client = { clientId: '11.22', clientSecret: 'app-secret-of-test' };
  const workspace = await startSlackWorkspace({ apps: [{ ...client, redirectUris: [callback], tokenRotation: true }] });
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-oauth-'));
  onTestFinished(async () => {
    await workspace.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { child, output } = await start({
    SLACK_CLIENT_ID: client.clientId,
    SLACK_CLIENT_SECRET: client.clientSecret,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    STATE_KEY: randomBytes(32).toString('base64'),
    PUBLIC_URL: origin,
    PORT: String(port),
    SLACK_API_URL: workspace.apiUrl,
    SLACK_URL: new URL(workspace.authorizeUrl).origin,
    DATA_FOLDER: folder,
  });
  // What is no URL, or no method of a Request, must not end the server.
  for (const odd of [{ path: '//' }, { path: '/slack/callback', method: 'TRACE' }]) {
    expect(await statusOf({ port, ...odd })).toBe(400);
  }
  expect(await (await fetch(origin)).text()).toContain('Add to Slack');
  const install = await fetch(`${origin}/slack/install`, { redirect: 'manual' });
  const cookie = String(install.headers.get('set-cookie')).split(';')[0] ?? '';
  const back = await workspace.consent(String(install.headers.get('location')), { channel: '#alerts' });

  expect((await fetch(back)).status).toBe(400);
  expect((await fetch(back, { headers: { cookie: 'session=somebody-else' } })).status).toBe(400);
  const page = await fetch(back, { headers: { cookie } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('It can post to #alerts in Acme ML.');
  expect((await fetch(back, { headers: { cookie } })).status).toBe(400);
  await expect
    .poll(() => workspace.channel('#alerts').messages.map(({ text }) => text))
    .toEqual([expect.stringContaining('Integration added')]);
  child.kill('SIGTERM');
  const [exitCode] = await once(child, 'exit');
  expect(exitCode).toBe(0);
  expect(output()).not.toMatch(/xox|app-secret-of-test|code-/);
});
