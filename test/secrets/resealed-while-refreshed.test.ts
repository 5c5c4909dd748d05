import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { DeliveryError, type Integration, type Storage } from 'tocsin';
import { type SealedSecretsOptions, sealedSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';

const [previous, present] = [randomBytes(32), randomBytes(32)];
const hourMs = 3_600_000;
const startMs = 1_700_000_000_000;

const integration = {
  ...{ type: 'slack', id: '1', revision: 1, createdAt: 0, updatedAt: 0, status: 'ok', name: 'alerts' },
  ...{ delivery: 'slack-web-api', entity: 'my-team', tokenSecretName: 'TOKEN' },
} as Integration;
const request = { name: 'TOKEN', integration };

/** An issuer that takes each refresh token once, and knows which access token is good. */
function createIssuer(now: () => number) {
  let issued = 0;
  const issue = () => ({
    accessToken: `access-${issued}`,
    refreshToken: `refresh-${issued}`,
    expiresAt: now() + 12 * hourMs,
  });
  const first = issue();
  return {
    first,
    latest: () => `access-${issued}`,
    async refresh({ refreshToken }: { refreshToken: string }) {
      if (refreshToken !== `refresh-${issued}`) {
        throw new DeliveryError({ kind: 'credential', reason: 'invalid_refresh_token', message: 'Used before' });
      }
      issued += 1;
      return issue();
    },
  };
}

/** A secret that a previous key sealed, in a storage whose every call begins and ends when the scheduler says so. */
async function open(scheduler?: fc.Scheduler) {
  const clock = { nowMs: startMs };
  const now = () => clock.nowMs;
  const inner = memoryStorage({ now });
  const issuer = createIssuer(now);
  await sealedSecrets({ key: previous, storage: inner, now }).put('TOKEN', issuer.first, { entity: 'my-team' });
  const turn = async (what: string) => scheduler?.schedule(Promise.resolve(), what);
  const inTurns =
    <Given extends unknown[], Answer>(what: string, call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      await turn(`${what} begins`);
      const answer = await call(...given);
      await turn(`${what} is answered`);
      return answer;
    };
  const storage: Storage = {
    ...inner,
    get: inTurns('get', inner.get),
    list: inTurns('list', inner.list),
    commit: inTurns('commit', inner.commit),
  };
  const process = (options: Partial<SealedSecretsOptions> = {}) =>
    sealedSecrets({
      ...{ key: present, previousKeys: [previous], storage, now },
      ...{ refresh: inTurns('refresh', issuer.refresh), ...options },
    });
  const still = sealedSecrets({ key: present, storage: inner, now, refresh: issuer.refresh });
  return { clock, issuer, inner, process, still };
}

describe('a secret that is sealed anew while it is refreshed', () => {
  test('keeps the token that was got, and can be refreshed again, in whatever order things happen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, hasExpired) => {
        const { clock, issuer, process, still } = await open(scheduler);
        clock.nowMs = startMs + (hasExpired ? 13 : 11.9) * hourMs;
        const [one, two] = [process(), process()];
        const asked = [one.resolve(request), one.resolve(request), two.resolve(request)];
        const all = Promise.allSettled([...asked, one.reseal(), two.reseal()]);
        await scheduler.waitFor(all);
        for (const result of await all) {
          if (result.status === 'fulfilled') continue;
          // Nobody is ever told to install the app again.
          expect(result.reason).toMatchObject({ kind: 'unavailable', reason: 'refresh_under_way' });
        }
        expect(issuer.latest()).toBe('access-1');
        // With the present key alone.
        expect(await still.resolve(request)).toBe('access-1');
        clock.nowMs += 13 * hourMs;
        expect(await still.resolve(request)).toBe('access-2');
      }),
      { numRuns: 400 },
    );
  });

  test('is never given back what it was by the sealing, nor by the refresh what somebody has put meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { clock, process, still } = await open(scheduler);
        clock.nowMs += 13 * hourMs;
        const [one, two] = [process(), process()];
        const all = Promise.allSettled([
          one.resolve(request),
          two.reseal(),
          two.put('TOKEN', 'installed again', { entity: 'my-team' }),
        ]);
        await scheduler.waitFor(all);
        expect(await all).not.toContainEqual(expect.objectContaining({ reason: expect.anything() }));
        expect(await still.resolve(request)).toBe('installed again');
      }),
      { numRuns: 200 },
    );
  });

  test('is not handed in again when the storage failed at first', async () => {
    const { clock, issuer, inner, process, still } = await open();
    clock.nowMs += 13 * hourMs;
    let isBroken = false;
    const storage: Storage = {
      ...inner,
      commit: (commit) => (isBroken ? Promise.reject(new Error('disk on fire')) : inner.commit(commit)),
    };
    const secrets = process({
      storage,
      refresh: async (given) => {
        isBroken = true;
        return issuer.refresh(given);
      },
    });
    await expect(secrets.resolve(request)).rejects.toThrow('disk on fire');
    isBroken = false;
    expect(await secrets.reseal()).toEqual({ resealed: 1, unreadable: [] });
    expect(await secrets.resolve(request)).toBe('access-1');
    expect(await still.resolve(request)).toBe('access-1');
  });

  test('is refreshed by one process while another still waits for the answer', async () => {
    const { clock, issuer, process } = await open();
    clock.nowMs += 13 * hourMs;
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const refresh = async (given: { refreshToken: string }) => {
      const next = await issuer.refresh(given);
      await answered;
      return next;
    };
    const [one, two] = [process({ refresh }), process()];
    const asked = one.resolve(request);
    await expect.poll(() => issuer.latest()).toBe('access-1');
    await two.reseal();
    // The same refresh token under another revision: it is not handed in twice.
    await expect(two.resolve(request)).rejects.toMatchObject({ kind: 'unavailable', reason: 'refresh_under_way' });
    answer();
    expect(await asked).toBe('access-1');
    expect(await two.resolve(request)).toBe('access-1');
  });
});
