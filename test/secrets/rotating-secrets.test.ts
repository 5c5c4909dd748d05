import { randomBytes } from 'node:crypto';
import { DeliveryError, type Integration, type Storage } from 'tocsin';
import { type SealedSecretsOptions, sealedSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const key = randomBytes(32);
const hourMs = 3_600_000;

const integration: Integration = {
  type: 'slack',
  id: '1',
  revision: 1,
  createdAt: 0,
  updatedAt: 0,
  status: 'ok',
  name: 'alerts',
  delivery: 'slack-web-api',
  entity: 'my-team',
  tokenSecretName: 'TOKEN',
};
const request = { name: 'TOKEN', integration };

/** An issuer of tokens that takes each refresh token once. */
function issuer(now: () => number) {
  let issued = 0;
  const answers: (() => Error | undefined)[] = [];
  const asked: string[] = [];
  const issue = () => ({
    accessToken: `access-${issued}`,
    refreshToken: `refresh-${issued}`,
    expiresAt: now() + 12 * hourMs,
  });
  return {
    first: issue(),
    asked,
    /** Lets the next refreshes fail. */
    failNext: (...errors: (() => Error | undefined)[]) => answers.push(...errors),
    async refresh({ refreshToken }: { refreshToken: string }) {
      asked.push(refreshToken);
      const error = answers.shift()?.();
      if (error !== undefined) throw error;
      if (refreshToken !== `refresh-${issued}`) {
        throw new DeliveryError({ kind: 'credential', reason: 'invalid_refresh_token', message: 'Refused' });
      }
      await new Promise((resolve) => setImmediate(resolve));
      issued += 1;
      return issue();
    },
  };
}

async function open(options: Partial<SealedSecretsOptions> = {}) {
  const clock = { nowMs: 1_700_000_000_000 };
  const now = () => clock.nowMs;
  const tokens = issuer(now);
  const storage: Storage = options.storage ?? memoryStorage({ now });
  const process = (more: Partial<SealedSecretsOptions> = {}) =>
    sealedSecrets({ key, storage, now, refresh: tokens.refresh, ...more });
  const secrets = process(options);
  await secrets.put('TOKEN', tokens.first, { entity: 'my-team', integrationType: 'slack' });
  return { clock, tokens, storage, process, secrets };
}

const offline = () => new DeliveryError({ kind: 'unavailable', reason: 'timeout', message: 'Slow' });

describe('a secret that rotates', () => {
  test('is used as it is until ten minutes before it expires, and then refreshed once', async () => {
    const { clock, tokens, secrets } = await open();
    clock.nowMs += 12 * hourMs - 600_001;
    expect(await secrets.resolve(request)).toBe('access-0');
    clock.nowMs += 1;
    expect(await secrets.resolve(request)).toBe('access-1');
    expect(await secrets.resolve(request)).toBe('access-1');
    clock.nowMs += 12 * hourMs;
    expect(await secrets.resolve(request)).toBe('access-2');
    expect(tokens.asked).toEqual(['refresh-0', 'refresh-1']);
  });

  test('is refreshed once, however many ask in however many processes', async () => {
    const { clock, tokens, secrets, process } = await open();
    const processes = [secrets, process(), process()];
    clock.nowMs += 12 * hourMs - 1;
    const asked = processes.flatMap((each) => Array.from({ length: 20 }, () => each.resolve(request)));
    // Whoever does not refresh goes on with the token that still works.
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['access-0', 'access-1']));
    expect(tokens.asked).toEqual(['refresh-0']);
    for (const each of processes) expect(await each.resolve(request)).toBe('access-1');
  });

  test('that has expired makes other processes wait for the one that refreshes it', async () => {
    const { clock, tokens, secrets, process } = await open();
    const other = process();
    clock.nowMs += 13 * hourMs;
    const results = await Promise.allSettled([secrets, other].map((each) => each.resolve(request)));
    expect(results).toMatchObject([
      { value: 'access-1' },
      { reason: { kind: 'unavailable', reason: 'refresh_under_way', retryAfterMs: 1000 } },
    ]);
    expect(await other.resolve(request)).toBe('access-1');
    expect(tokens.asked).toEqual(['refresh-0']);
  });

  test('is refreshed by another process a minute after the first one died over it', async () => {
    const { clock, tokens, process } = await open();
    const dying = process({ refresh: () => new Promise(() => {}) });
    clock.nowMs += 13 * hourMs;
    void dying.resolve(request);
    await new Promise((resolve) => setImmediate(resolve));
    const other = process();
    await expect(other.resolve(request)).rejects.toMatchObject({ reason: 'refresh_under_way' });
    clock.nowMs += 60_000;
    expect(await other.resolve(request)).toBe('access-1');
    expect(tokens.asked).toEqual(['refresh-0']);
  });

  test('goes on with the present token when a refresh fails, and tries again a minute later', async () => {
    const { clock, tokens, secrets } = await open();
    tokens.failNext(offline);
    clock.nowMs += 12 * hourMs - 300_000;
    expect(await secrets.resolve(request)).toBe('access-0');
    expect(await secrets.resolve(request)).toBe('access-0');
    expect(tokens.asked).toHaveLength(1);
    clock.nowMs += 60_000;
    expect(await secrets.resolve(request)).toBe('access-1');
  });

  test.each([
    ['the network', offline, { kind: 'unavailable', reason: 'timeout' }],
    [
      'a refresh token that is refused',
      () => new DeliveryError({ kind: 'credential', reason: 'invalid_refresh_token', message: 'Refused' }),
      { kind: 'credential', reason: 'invalid_refresh_token' },
    ],
    ['anything else', () => new Error('refresh-0 is wrong'), { kind: 'unavailable', reason: 'unexpected_error' }],
  ])('that has expired fails by %s as what it is, without quoting a token', async (_, error, expected) => {
    const { clock, tokens, secrets } = await open();
    clock.nowMs += 13 * hourMs;
    tokens.failNext(error);
    const thrown = await Promise.resolve(secrets.resolve(request)).catch((reason: unknown) => reason);
    expect(thrown).toMatchObject({ code: 'delivery_failed', ...expected });
    expect(String(thrown)).not.toMatch(/refresh-0|access-0/);
    expect((thrown as Error).cause).toBeUndefined();
    // The claim of this process does not stop itself.
    expect(await secrets.resolve(request)).toBe('access-1');
  });

  test('says of a refused refresh what the issuer said, without the token that was handed in', async () => {
    const { clock, tokens, secrets } = await open();
    clock.nowMs += 13 * hourMs;
    tokens.failNext(
      () =>
        new DeliveryError({
          kind: 'credential',
          reason: 'refused refresh-0',
          message: 'refresh-0 is used up: install the app again',
          body: 'refresh-0',
          cause: new Error('refresh-0'),
        }),
    );
    const thrown = await Promise.resolve(secrets.resolve(request)).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      kind: 'credential',
      reason: 'refused [refresh token]',
      message: '[refresh token] is used up: install the app again',
    });
    expect((thrown as DeliveryError).body).toBeUndefined();
    expect((thrown as DeliveryError).cause).toBeUndefined();
  });

  test('without a refresh is of no use once it has expired', async () => {
    const { clock, process } = await open();
    const secrets = process({ refresh: undefined });
    expect(await secrets.resolve(request)).toBe('access-0');
    clock.nowMs += 13 * hourMs;
    await expect(secrets.resolve(request)).rejects.toMatchObject({ kind: 'credential', reason: 'token_expired' });
    await expect(secrets.resolve(request)).rejects.toThrow('give it slackTokenRefresh');
  });

  test('keeps what it got when the storage fails, and seals it at the next question', async () => {
    let fate: CommitFate | undefined;
    const storage = unreliableStorage(memoryStorage(), () => fate);
    const { clock, tokens, secrets } = await open({
      storage,
      refresh: async (asked) => {
        const next = await tokens.refresh(asked);
        fate = { type: 'fails' };
        return next;
      },
    });
    clock.nowMs += 13 * hourMs;
    await expect(secrets.resolve(request)).rejects.toThrow('disk on fire');
    fate = undefined;
    expect(await secrets.resolve(request)).toBe('access-1');
    expect(tokens.asked).toEqual(['refresh-0']);
  });

  test('that is put anew while it is refreshed stays as it was put', async () => {
    const { clock, secrets, process } = await open();
    const slow = process({
      refresh: async () => {
        await secrets.put('TOKEN', 'installed again', { entity: 'my-team' });
        return { accessToken: 'late', refreshToken: 'late', expiresAt: clock.nowMs + hourMs };
      },
    });
    clock.nowMs += 13 * hourMs;
    expect(await slow.resolve(request)).toBe('installed again');
    expect(await secrets.resolve(request)).toBe('installed again');
  });

  test('that is deleted while it is refreshed does not come back', async () => {
    const { clock, secrets, process } = await open();
    const slow = process({
      refresh: async () => {
        await secrets.delete('TOKEN', { entity: 'my-team' });
        return { accessToken: 'late', refreshToken: 'late', expiresAt: clock.nowMs + hourMs };
      },
    });
    clock.nowMs += 13 * hourMs;
    await expect(slow.resolve(request)).rejects.toMatchObject({ kind: 'credential', reason: 'secret_unavailable' });
    expect(await secrets.names()).toEqual([]);
  });

  test('whose next token is none is not sealed', async () => {
    const { clock, process, secrets } = await open();
    for (const next of [undefined, {}, { accessToken: 'a' }, { accessToken: 'a', refreshToken: 'b', expiresAt: '5' }]) {
      const wrong = process({ refresh: async () => next as never });
      clock.nowMs += 13 * hourMs;
      await expect(wrong.resolve(request)).rejects.toMatchObject({ reason: 'unexpected_error' });
    }
    clock.nowMs += hourMs;
    expect(await secrets.resolve(request)).toBe('access-1');
  });

  test('never shows a token in the storage', async () => {
    const { clock, storage, secrets } = await open();
    clock.nowMs += 13 * hourMs;
    await secrets.resolve(request);
    expect(JSON.stringify(await storage.list({ prefix: '', limit: 1000 }))).not.toMatch(/access-|refresh-/);
  });
});

describe('a value that was refused', () => {
  test('before its time is refreshed at once, by one process', async () => {
    const { tokens, secrets, process } = await open();
    expect(await secrets.renew?.({ ...request, refused: 'access-0' })).toBe('access-1');
    expect(await process().renew?.({ ...request, refused: 'access-0' })).toBe('access-1');
    expect(tokens.asked).toEqual(['refresh-0']);
  });

  test('is refused for good when its refresh is', async () => {
    const { tokens, secrets } = await open();
    tokens.failNext(() => new DeliveryError({ kind: 'credential', reason: 'token_revoked', message: 'Gone' }));
    await expect(secrets.renew?.({ ...request, refused: 'access-0' })).rejects.toMatchObject({ kind: 'credential' });
  });

  test('has no other when it does not rotate, unless another was put', async () => {
    const { secrets } = await open();
    await secrets.put('TOKEN', 'fixed', { entity: 'my-team' });
    expect(await secrets.renew?.({ ...request, refused: 'fixed' })).toBeUndefined();
    expect(await secrets.renew?.({ ...request, refused: 'older' })).toBe('fixed');
    expect(await secrets.renew?.({ ...request, name: 'NONE', refused: 'older' })).toBeUndefined();
    const foreign = { ...integration, entity: 'their-team' };
    expect(await secrets.renew?.({ ...request, integration: foreign, refused: 'older' })).toBeUndefined();
  });
});
