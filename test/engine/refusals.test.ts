import { type Delivery, DeliveryError, onEvent, sendNotification, team, type Verification } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { openSlackEngine } from '../support/open-slack-engine.js';

const secondMs = 1000;
const minuteMs = 60_000;

const terminal: Delivery = { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) };

/** An engine whose destination refuses every message, and what it says when it is asked. */
async function openRefusing(kind: 'credential' | 'channel', verify: () => Promise<Verification>) {
  const refused: number[] = [];
  let isMended = false;
  const delivery: Delivery = {
    name: 'chat',
    integrationTypes: ['custom'],
    async deliver() {
      if (isMended) return {};
      refused.push(runtime.now());
      throw new DeliveryError({ kind, reason: 'restricted_action', message: 'Only some may post' });
    },
    verify,
  };
  const { engine, runtime } = await openEngine({ deliveries: [delivery, terminal] });
  const chat = await engine.integrations.create({ type: 'custom', name: 'chat', delivery: 'chat' });
  await engine.automations.create({
    name: 'alarms',
    event: onEvent('custom.alarm', { scope: team('my-team') }),
    action: sendNotification(chat, { title: 'alarm' }),
  });
  const { fired } = await engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  await runtime.advance(0);
  return {
    runtime,
    refused,
    integrations: engine.integrations,
    chat,
    mend() {
      isMended = true;
    },
    execution: () => engine.executions.get(String(fired[0]?.id)),
    integration: () => engine.integrations.get(chat.id),
  };
}

const wellAsked = async (): Promise<Verification> => ({ ok: true, problems: [] });

describe.each(['credential', 'channel'] as const)(
  'a %s that is refused though the destination says that all is well',
  (kind) => {
    test('disables nothing within 5 minutes, and its message arrives when it was a slip', async () => {
      const { runtime, refused, mend, execution, integration } = await openRefusing(kind, wellAsked);
      await runtime.advance(4 * minuteMs);
      expect(refused.length).toBeGreaterThan(3);
      expect(await integration()).toMatchObject({ status: 'ok' });
      mend();
      await runtime.advance(5 * minuteMs);
      expect(await execution()).toMatchObject({ status: 'finished' });
      expect(await integration()).toMatchObject({ status: 'ok' });
    });

    test('disables the integration when it goes on for longer: not every fault can be asked for', async () => {
      const { runtime, refused, execution, integration } = await openRefusing(kind, wellAsked);
      await runtime.advance(12 * minuteMs);
      expect(await integration()).toMatchObject({ status: 'disabled', statusReason: 'Only some may post' });
      expect(await execution()).toMatchObject({ status: 'pending' });
      expect(Number(refused.at(-1)) - Number(refused[0])).toBeGreaterThanOrEqual(5 * minuteMs);
    });

    test('disables nothing by its first slip after somebody has enabled it', async () => {
      let asked = 0;
      const { runtime, refused, integrations, chat, integration } = await openRefusing(kind, async () => {
        asked += 1;
        return wellAsked();
      });
      await runtime.advance(12 * minuteMs);
      expect(await integration()).toMatchObject({ status: 'disabled' });
      asked = 0;
      const before = refused.length;
      await integrations.enable(chat.id);
      await runtime.advance(4 * minuteMs);
      expect(await integration()).toMatchObject({ status: 'ok' });
      expect(asked).toBe(refused.length - before);
      await runtime.advance(8 * minuteMs);
      expect(await integration()).toMatchObject({ status: 'disabled' });
    });

    test('disables nothing by its first slip after its settings were changed', async () => {
      const { runtime, integrations, chat, integration } = await openRefusing(kind, wellAsked);
      await runtime.advance(4 * minuteMs);
      await integrations.update(chat.id, { settings: { url: 'another' } });
      await runtime.advance(4 * minuteMs);
      expect(await integration()).toMatchObject({ status: 'ok' });
      await runtime.advance(8 * minuteMs);
      expect(await integration()).toMatchObject({ status: 'disabled' });
    });

    test('disables the integration in its time, though somebody verifies it every minute', async () => {
      const { runtime, integrations, chat, integration } = await openRefusing(kind, wellAsked);
      for (let minute = 0; minute < 12; minute += 1) {
        await runtime.advance(minuteMs);
        await integrations.verify(chat.id);
      }
      await runtime.advance(5 * minuteMs);
      expect(await integration()).toMatchObject({ status: 'disabled' });
    });

    test('disables the integration at once when the destination, asked, says the same', async () => {
      const problems = [{ kind, reason: 'restricted_action', message: 'Ask an administrator' }];
      const { refused, integration } = await openRefusing(kind, async () => ({ ok: false, problems }));
      expect(await integration()).toMatchObject({ status: 'disabled', statusReason: 'Ask an administrator' });
      expect(refused).toHaveLength(1);
    });
  },
);

describe.each(['without asking', 'asked'] as const)(
  'an integration that is put right while it refuses, %s',
  (asking) => {
    /** What it was refused with is that it had no token; verify can't tell, or would say the same of both. */
    async function openMended() {
      const asked = async (): Promise<Verification> => ({ ok: true, conclusive: false, problems: [] });
      let refuse = (): void => {};
      const tokens: unknown[] = [];
      const delivery: Delivery = {
        name: 'chat',
        integrationTypes: ['custom'],
        deliver({ integration }) {
          const { token } = { settings: {}, ...integration }.settings as { readonly token?: string };
          tokens.push(token);
          if (token === 'new') return Promise.resolve({});
          return new Promise((_, reject) => {
            refuse = () => reject(new DeliveryError({ kind: 'credential', reason: 'token_revoked', message: 'Old' }));
          });
        },
        ...(asking === 'asked' ? { verify: asked } : {}),
      };
      const { engine, runtime } = await openEngine({ deliveries: [delivery, terminal] });
      const disabled: string[] = [];
      engine.on('integration-disabled', ({ id }) => disabled.push(id));
      const settings = { token: 'old' };
      const chat = await engine.integrations.create({ type: 'custom', name: 'chat', delivery: 'chat', settings });
      const { id } = await engine.integrations.notify(chat.id, { title: 'alarm' });
      await runtime.advance(0);
      return { engine, runtime, chat, id, disabled, tokens, refuse: () => refuse() };
    }

    test('stays enabled, and its message goes out at once', async () => {
      const { engine, runtime, chat, id, disabled, tokens, refuse } = await openMended();
      await engine.integrations.update(chat.id, { settings: { token: 'new' } });
      refuse();
      await runtime.advance(0);
      expect(disabled).toEqual([]);
      expect(await engine.integrations.get(chat.id)).toMatchObject({ status: 'ok', settings: { token: 'new' } });
      const finished = await engine.executions.get(id);
      expect(finished.status).toBe('finished');
      expect(finished.attempts.map(({ error, outcome }) => error ?? outcome)).toEqual(['token_revoked', 'delivered']);
      expect(tokens).toEqual(['old', 'new']);
    });

    test('is disabled by the next refusal, when it was not put right', async () => {
      const { engine, runtime, chat, id, disabled, tokens, refuse } = await openMended();
      await engine.integrations.update(chat.id, { settings: { token: 'other' } });
      refuse();
      await runtime.advance(0);
      expect(tokens).toEqual(['old', 'other']);
      refuse();
      await runtime.advance(0);
      expect(disabled).toEqual([chat.id]);
      expect(await engine.integrations.get(chat.id)).toMatchObject({ status: 'disabled', statusReason: 'Old' });
      expect((await engine.executions.get(id)).status).toBe('pending');
    });

    test('stays enabled when a person enables it meanwhile', async () => {
      const { engine, runtime, chat, disabled, refuse } = await openMended();
      await engine.integrations.enable(chat.id);
      refuse();
      await runtime.advance(0);
      expect(disabled).toEqual([]);
      expect(await engine.integrations.get(chat.id)).toMatchObject({ status: 'ok' });
    });
  },
);

test('refusals with other faults in between do not add up', async () => {
  let attempt = 0;
  const delivery: Delivery = {
    name: 'chat',
    integrationTypes: ['custom'],
    async deliver() {
      attempt += 1;
      const kind = attempt % 3 === 0 ? 'unavailable' : 'credential';
      throw new DeliveryError({ kind, reason: 'flaky', message: 'x' });
    },
    verify: wellAsked,
  };
  const { engine, runtime } = await openEngine({ deliveries: [delivery, terminal] });
  const chat = await engine.integrations.create({ type: 'custom', name: 'chat', delivery: 'chat' });
  await engine.integrations.notify(chat.id, { title: 'alarm' });
  await runtime.advance(60 * minuteMs);
  expect(attempt).toBeGreaterThan(10);
  expect(await engine.integrations.get(chat.id)).toMatchObject({ status: 'ok' });
});

test.each(['invalid_auth', 'channel_not_found'])(
  'Slack may slip three times in a row (%s): the message arrives',
  async (error) => {
    const { engine, workspace, slack, ring, titles, runtime } = await openSlackEngine();
    workspace.fault({ type: 'platform-error', error, method: 'chat.postMessage', times: 3 });
    const startMs = runtime.now();
    await ring('first');
    do await engine.idle();
    while (runtime.now() - startMs < 20 * secondMs && (await runtime.advanceToNextTimer()));
    expect((await engine.integrations.get(slack.id)).status).toBe('ok');
    expect(titles()).toEqual(['first']);
  },
);
