import type { Attempt } from 'tocsin';
import type { SlackFault } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openSlackEngine } from '../support/open-slack-engine.js';

interface Case {
  readonly fault: SlackFault;
  /** What the first attempt must have recorded. */
  readonly first: Partial<Attempt>;
}

const unavailable = { outcome: 'failed', kind: 'unavailable' } as const;
const inDoubt = { ...unavailable, ambiguous: true } as const;

const webApiCases: readonly Case[] = [
  { fault: { type: '429', retryAfterSeconds: 30 }, first: { ...unavailable, error: 'ratelimited', retryInMs: 30_000 } },
  { fault: { type: '429-without-header' }, first: { ...unavailable, error: 'ratelimited' } },
  { fault: { type: 'http-500' }, first: { ...inDoubt, status: 500 } },
  { fault: { type: 'http-503' }, first: { ...inDoubt, status: 503 } },
  { fault: { type: 'commit-then-500' }, first: { ...inDoubt, status: 500 } },
  { fault: { type: 'reset' }, first: inDoubt },
  { fault: { type: 'commit-then-reset' }, first: inDoubt },
  { fault: { type: 'slow-headers' }, first: { ...inDoubt, error: 'timeout' } },
  { fault: { type: 'slow-headers', commit: true }, first: { ...inDoubt, error: 'timeout' } },
  { fault: { type: 'stalled-body' }, first: inDoubt },
  { fault: { type: 'non-json-200' }, first: { ...inDoubt, error: 'unreadable_response' } },
  { fault: { type: 'non-json-200', commit: true }, first: { ...inDoubt, error: 'unreadable_response' } },
  { fault: { type: 'platform-error', error: 'internal_error' }, first: { ...inDoubt, error: 'internal_error' } },
  {
    fault: { type: 'platform-error', error: 'service_unavailable' },
    first: { ...unavailable, error: 'service_unavailable' },
  },
  { fault: { type: 'platform-error', error: 'invalid_blocks' }, first: { outcome: 'failed', kind: 'message' } },
  // By its name, and by the id that it leads to.
  {
    fault: { type: 'platform-error', error: 'channel_not_found', times: 2 },
    first: { outcome: 'failed', kind: 'channel' },
  },
];

describe('a fault of Slack’s Web API while the first of three messages is posted', () => {
  test.each(webApiCases)(
    '$fault.type $fault.error commit=$fault.commit: each arrives once and in order, and the attempt says what happened',
    async ({ fault, first }) => {
      const { engine, workspace, ring, settle, titles } = await openSlackEngine();
      workspace.fault({ ...fault, method: 'chat.postMessage' });
      const executions = [await ring('first'), await ring('second'), await ring('third')];
      await settle();
      expect(titles()).toEqual(['first', 'second', 'third']);
      const [struck, ...others] = await Promise.all(executions.map(({ id }) => engine.executions.get(id)));
      expect(struck).toMatchObject({ status: 'finished', attempts: [first, { outcome: 'delivered' }] });
      for (const { status, attempts } of others) expect([status, attempts.length]).toEqual(['finished', 1]);
      expect(workspace.ledger.duplicates()).toEqual([]);
    },
  );
});

describe('a fault of an incoming webhook', () => {
  test.each<Case>([
    { fault: { type: '429', retryAfterSeconds: 30 }, first: { ...unavailable, status: 429, retryInMs: 30_000 } },
    { fault: { type: 'http-500' }, first: { ...inDoubt, status: 500 } },
    { fault: { type: 'reset' }, first: inDoubt },
    { fault: { type: 'slow-headers' }, first: { ...inDoubt, error: 'timeout' } },
    { fault: { type: 'non-json-200' }, first: { ...inDoubt, error: 'unreadable_response' } },
  ])(
    '$fault.type: the message arrives, and a repetition after doubt says that it may be one',
    async ({ fault, first }) => {
      const { engine, workspace, ring, settle, titles } = await openSlackEngine('slack-webhook');
      workspace.fault({ ...fault, method: 'webhook' });
      const { id } = await ring('first');
      await settle();
      expect(titles()).toEqual(['first']);
      const { attempts, receipt } = await engine.executions.get(id);
      expect(attempts).toMatchObject([first, { outcome: 'delivered' }]);
      expect(receipt?.note?.includes('duplicate') ?? false).toBe(first.ambiguous ?? false);
    },
  );
});

describe('a message that Slack refuses', () => {
  test('is tried once as plain text, fails alone, and the next goes on', async () => {
    const { engine, workspace, ring, settle, titles } = await openSlackEngine();
    workspace.fault({ type: 'platform-error', error: 'invalid_blocks', method: 'chat.postMessage', times: 2 });
    const { id } = await ring('first');
    await ring('second');
    await settle();
    expect(titles()).toEqual(['second']);
    const { status, reason, attempts } = await engine.executions.get(id);
    expect([status, reason]).toEqual(['failed', 'message_refused']);
    expect(attempts.map(({ plainText = false }) => plainText)).toEqual([false, true]);
  });
});

describe('a credential or channel that is really wrong', () => {
  test.each([
    ['a revoked token', 'credential', (w: Workspace) => w.revokeToken(w.token)],
    ['an archived channel', 'channel', (w: Workspace) => w.archive('#alerts')],
    ['a bot that was thrown out', 'channel', (w: Workspace) => w.removeBot('#alerts')],
  ] as const)('%s disables the integration with the reason, and its messages are parked', async (_, kind, breakIt) => {
    const { engine, workspace, slack, ring, settle, titles } = await openSlackEngine();
    const disabled: string[] = [];
    engine.on('integration-disabled', ({ statusReason }) => disabled.push(String(statusReason)));
    breakIt(workspace);
    const { id } = await ring('first');
    await ring('second');
    await settle();
    expect(disabled).toHaveLength(1);
    expect(await engine.integrations.get(slack.id)).toMatchObject({ status: 'disabled', statusReason: disabled[0] });
    expect(await engine.executions.get(id)).toMatchObject({
      status: 'pending',
      attempts: [{ outcome: 'failed', kind }],
    });
    expect(titles()).toEqual([]);
  });

  test('when it is mended and enabled again, what was parked arrives in order', async () => {
    const { engine, workspace, slack, ring, settle, titles } = await openSlackEngine();
    workspace.removeBot('#alerts');
    await ring('first');
    await ring('second');
    await settle();
    workspace.inviteBot('#alerts');
    expect(await engine.integrations.verify(slack.id)).toMatchObject({ ok: true, channelName: 'alerts' });
    await engine.integrations.enable(slack.id);
    await settle();
    expect(titles()).toEqual(['first', 'second']);
  });

  test('a channel that does not exist is told by verify, with what to do, and by the first message', async () => {
    const { engine, slack, ring, settle } = await openSlackEngine();
    await engine.integrations.update(slack.id, { channel: '#nowhere' });
    const { ok, problems } = await engine.integrations.verify(slack.id);
    expect([ok, problems[0]?.reason]).toEqual([false, 'channel_not_found']);
    const { id } = await ring('first');
    await settle();
    expect(await engine.executions.get(id)).toMatchObject({
      attempts: [{ error: 'channel_not_found', kind: 'channel' }],
    });
    expect((await engine.integrations.get(slack.id)).status).toBe('disabled');
  });

  test('a dead incoming webhook, which can only be asked by posting, is disabled by its refusal', async () => {
    const { engine, workspace, slack, ring, settle } = await openSlackEngine('slack-webhook');
    workspace.revokeWebhook('#alerts');
    await ring('first');
    await settle();
    expect((await engine.integrations.get(slack.id)).status).toBe('disabled');
  });
});

describe('Slack down', () => {
  test('for a day: the message is tried again and again, then fails, and the engine goes on', async () => {
    const { engine, workspace, ring, settle } = await openSlackEngine();
    await workspace.close();
    const { id, createdAt } = await ring('first');
    await settle();
    const { status, reason, attempts } = await engine.executions.get(id);
    expect([status, reason]).toEqual(['failed', 'gave_up']);
    expect(attempts.every(({ error, ambiguous }) => error === 'connection_refused' && ambiguous === undefined)).toBe(
      true,
    );
    const waitedMs = (attempts.at(-1)?.at ?? 0) - createdAt;
    expect(waitedMs).toBeGreaterThan(23 * 3_600_000);
    expect(waitedMs).toBeLessThanOrEqual(24 * 3_600_000);
    expect((await engine.emit(aliasAdded('second'))).fired).toHaveLength(1);
  });

  test('for a while: what waited arrives in order when it is back', async () => {
    const { runtime, workspace, engine, ring, settle, titles } = await openSlackEngine();
    const outage = workspace.fault({ type: 'http-503', times: 1000 });
    for (const alias of ['first', 'second', 'third']) await ring(alias);
    for (let retry = 0; retry < 6; retry += 1) {
      await engine.idle();
      await runtime.advanceToNextTimer();
    }
    await engine.idle();
    expect(titles()).toEqual([]);
    outage.cancel();
    await settle();
    expect(titles()).toEqual(['first', 'second', 'third']);
  });
});

describe('secrets', () => {
  test('stand in no record, log or error, whatever Slack answers', async () => {
    const { engine, workspace, slack, ring, settle, log } = await openSlackEngine();
    const seen: unknown[] = [];
    for (const name of ['error', 'delivery-attempted', 'execution-failed', 'integration-disabled'] as const) {
      engine.on(name, (payload: unknown) => {
        seen.push(payload);
      });
    }
    workspace.fault({
      type: 'non-json-200',
      body: `proxy says: Bearer ${workspace.token}`,
      method: 'chat.postMessage',
    });
    await ring('first');
    await settle();
    workspace.revokeToken(workspace.token);
    await ring('second');
    await settle();
    const { items: executions } = await engine.executions.list();
    const everything = JSON.stringify([executions, seen, log, await engine.integrations.get(slack.id)]);
    expect(executions).toHaveLength(2);
    expect(everything).not.toContain(workspace.token);
    expect(everything).toContain('[redacted]');
  });
});

type Workspace = Awaited<ReturnType<typeof openSlackEngine>>['workspace'];
