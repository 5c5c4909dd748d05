import { randomBytes } from 'node:crypto';
import { createEngine, type Delivery, DeliveryError, type Engine, type Secrets, type Storage } from 'tocsin';
import { firstOf, type RotatingSecret, sealedSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';

const key = randomBytes(32);
const hourMs = 3_600_000;
const deliveryTimeoutMs = 20_000;
const startMs = Date.UTC(2026, 0, 1);

/** A storage that refuses everything once it is closed, and what it holds outlives it. */
function closable(kept: Storage): Storage {
  let isClosed = false;
  const open =
    <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    (...given: Given): Promise<Answer> =>
      isClosed ? Promise.reject(new Error('closed')) : call(...given);
  return {
    ...kept,
    capabilities: { durable: true, shared: false },
    commit: open(kept.commit),
    get: open(kept.get),
    list: open(kept.list),
    async close() {
      isClosed = true;
    },
  };
}

/** An issuer that takes each refresh token once, and answers when it is told to. */
function createIssuer(now: () => number) {
  let latest = 0;
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  return {
    asked,
    answer() {
      for (const each of answers.splice(0)) each();
    },
    async refresh({ refreshToken }: { readonly refreshToken: string }): Promise<RotatingSecret> {
      asked.push(refreshToken);
      if (refreshToken !== `refresh-${latest}`) {
        throw new DeliveryError({ kind: 'credential', reason: 'invalid_refresh_token', message: 'Used before' });
      }
      latest += 1;
      const next = { accessToken: `access-${latest}`, refreshToken: `refresh-${latest}` };
      await new Promise<void>((resolve) => answers.push(resolve));
      return { ...next, expiresAt: now() + 12 * hourMs };
    },
  };
}

/** An engine with an integration whose token has expired. */
async function openExpired(wrap: (secrets: Secrets) => Secrets = (secrets) => secrets) {
  const runtime = manualRuntime({ startMs });
  const { now } = runtime;
  const kept = memoryStorage({ now });
  const issuer = createIssuer(now);
  const used: string[] = [];
  const use: Delivery['deliver'] = async ({ integration, secret }) => {
    used.push(await secret(integration.type === 'slack' ? String(integration.tokenSecretName) : ''));
    return {};
  };
  const slack: Delivery = {
    name: 'slack',
    integrationTypes: ['slack'],
    deliver: use,
    async verify(target) {
      used.push(await target.secret('TOKEN'));
      return { ok: true, problems: [], teamName: 'Acme' };
    },
  };
  const seal = (storage: Storage) => sealedSecrets({ key, storage, refresh: issuer.refresh, now });
  await seal(kept).put('TOKEN', { accessToken: 'access-0', refreshToken: 'refresh-0', expiresAt: startMs });
  const start = (): Promise<Engine> => {
    const storage = closable(kept);
    const logger = { warn() {}, error() {} };
    const secrets = wrap(seal(storage));
    return createEngine({ storage, secrets, deliveries: [slack], runtime, deliveryTimeoutMs, logger });
  };
  const engine = await start();
  const { id } = await engine.integrations.create({
    ...{ type: 'slack', name: 'alerts', delivery: 'slack', channel: '#alerts', tokenSecretName: 'TOKEN' },
  });
  return { runtime, issuer, used, engine, id, start };
}

type Opened = Awaited<ReturnType<typeof openExpired>>;

/** What the next process can do with the token. */
async function verifyAgain({ start, id, used }: Opened): Promise<unknown> {
  const next = await start();
  await next.integrations.verify(id);
  return used.at(-1);
}

/** Whether something has come to its end by now. */
async function hasEnded(promise: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return isOver;
}

describe('closing while a token that rotates is refreshed', () => {
  test('waits for a verify that is under way, and keeps the token and what was learnt', async () => {
    const opened = await openExpired();
    const { engine, id, issuer, runtime } = opened;
    const verified = engine.integrations.verify(id);
    await runtime.advance(0);
    const closed = engine.close();
    expect(await hasEnded(closed)).toBe(false);
    issuer.answer();
    await closed;
    expect(await verified).toMatchObject({ ok: true });
    expect(await verifyAgain(opened)).toBe('access-1');
    expect(issuer.asked).toEqual(['refresh-0']);
    const next = await opened.start();
    expect(await next.integrations.get(id)).toMatchObject({ teamName: 'Acme' });
  });

  test.each([
    ['a delivery', (secrets: Secrets) => secrets],
    [
      'a delivery, whose secrets come of several places,',
      (secrets: Secrets) => firstOf({ resolve: () => undefined }, secrets),
    ],
  ])('keeps the token of %s that has been given up', async (_, wrap) => {
    const opened = await openExpired(wrap);
    const { engine, id, issuer, runtime } = opened;
    await engine.integrations.notify(id, { title: 'first' });
    await runtime.advance(0);
    expect(issuer.asked).toEqual(['refresh-0']);
    const closed = engine.close();
    await runtime.advance(deliveryTimeoutMs - 1);
    expect(await hasEnded(closed)).toBe(false);
    issuer.answer();
    await closed;
    expect(await verifyAgain(opened)).toBe('access-1');
    expect(issuer.asked).toEqual(['refresh-0']);
  });

  test('harms no other engine that shares the secrets', async () => {
    const runtime = manualRuntime({ startMs });
    const own = memoryStorage({ now: runtime.now });
    const issuer = createIssuer(runtime.now);
    const secrets = sealedSecrets({ key, storage: own, refresh: issuer.refresh, now: runtime.now });
    await secrets.put('TOKEN', { accessToken: 'access-0', refreshToken: 'refresh-0', expiresAt: startMs });
    const asked: string[] = [];
    const open = async (): Promise<() => Promise<Engine>> => {
      const slack: Delivery = {
        ...{ name: 'slack', integrationTypes: ['slack'], deliver: async () => ({}) },
        async verify({ secret }) {
          asked.push(await secret('TOKEN'));
          return { ok: true, problems: [] };
        },
      };
      const storage = closable(memoryStorage({ now: runtime.now }));
      const logger = { warn() {}, error() {} };
      const engine = await createEngine({ storage, secrets, deliveries: [slack], runtime, logger });
      const { id } = await engine.integrations.create({
        ...{ type: 'slack', name: 'alerts', delivery: 'slack', channel: '#alerts', tokenSecretName: 'TOKEN' },
      });
      return async () => {
        await engine.integrations.verify(id);
        return engine;
      };
    };
    const [one, two] = [await open(), await open()];
    const both = [one(), two()];
    await runtime.advance(0);
    issuer.answer();
    const [first] = await Promise.all(both);
    await first?.close();
    await two();
    expect(asked).toEqual(['access-1', 'access-1', 'access-1']);
    expect(issuer.asked).toEqual(['refresh-0']);
  });

  test('ends all the same when the issuer never answers', async () => {
    const { engine, id, runtime } = await openExpired();
    await engine.integrations.notify(id, { title: 'first' });
    await runtime.advance(0);
    const closed = engine.close();
    await runtime.advance(deliveryTimeoutMs + 30_000);
    expect(await hasEnded(closed)).toBe(true);
    expect(runtime.pendingTimers).toBe(0);
  });

  test('lets an attempt that it has given up hand in no refresh token any more', async () => {
    let letGoOn = (): void => {};
    const isLate = new Promise<void>((resolve) => {
      letGoOn = resolve;
    });
    const runtime = manualRuntime({ startMs });
    const storage = closable(memoryStorage({ now: runtime.now }));
    const issuer = createIssuer(runtime.now);
    const secrets = sealedSecrets({ key, storage, refresh: issuer.refresh, now: runtime.now });
    await secrets.put('TOKEN', { accessToken: 'access-0', refreshToken: 'refresh-0', expiresAt: startMs });
    let failure: unknown;
    const late: Delivery = {
      name: 'late',
      integrationTypes: ['slack'],
      async deliver({ secret }) {
        await isLate;
        await secret('TOKEN').catch((error) => {
          failure = error;
        });
        return {};
      },
    };
    // A storage that is slow to close gives what is late the time.
    const slow: Storage = { ...storage, close: () => new Promise(() => {}) };
    const logger = { warn() {}, error() {} };
    const engine = await createEngine({ storage: slow, secrets, deliveries: [late], runtime, logger });
    const { id } = await engine.integrations.create({
      ...{ type: 'slack', name: 'alerts', delivery: 'late', channel: '#alerts', tokenSecretName: 'TOKEN' },
    });
    await engine.integrations.notify(id, { title: 'first' });
    await runtime.advance(0);
    const closed = engine.close();
    await runtime.advance(12_000);
    letGoOn();
    await runtime.advance(60_000);
    await closed;
    expect(failure).toMatchObject({ reason: 'engine_closed' });
    expect(issuer.asked).toEqual([]);
  });
});
