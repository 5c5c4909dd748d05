import { randomBytes } from 'node:crypto';
import { createEngine, type Integration } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { envSecrets, firstOf, sealedSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

const key = randomBytes(32);
const logger = { warn() {}, error() {} };
const integration = { type: 'slack', id: '1', entity: 'my-team' } as Integration;
const request = { name: 'TOKEN', integration };

describe('sealedSecrets({ key })', () => {
  test('keeps its secrets in the storage of the engine that it is given to', async () => {
    const workspace = await startSlackWorkspace({ rateLimit: false });
    onTestFinished(() => workspace.close());
    const storage = memoryStorage();
    const secrets = sealedSecrets({ key });
    const deliveries = [slackWebApi({ slackApiUrl: workspace.apiUrl })];
    const engine = await createEngine({ storage, secrets, deliveries, logger });
    onTestFinished(() => engine.close());
    await secrets.put('TOKEN', workspace.token, { entity: 'my-team', integrationType: 'slack' });
    expect((await storage.list({ prefix: 'sealed-secret/', limit: 10 })).records).toHaveLength(1);
    const { id } = await engine.integrations.create({
      ...{ type: 'slack', name: 'a', entity: 'my-team', delivery: 'slack-web-api', channel: '#alerts' },
      tokenSecretName: 'TOKEN',
    });
    expect(await engine.integrations.verify(id)).toMatchObject({ ok: true });
  });

  test('says what to do when it is used before there is an engine', async () => {
    const secrets = sealedSecrets({ key });
    const calls = [
      async () => secrets.resolve(request),
      async () => secrets.renew?.({ ...request, refused: 'x' }),
      () => secrets.put('TOKEN', 'xoxb-1'),
      () => secrets.delete('TOKEN'),
      () => secrets.names(),
      () => secrets.reseal(),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: 'invalid_options',
        message: expect.stringContaining('give it to createEngine({ secrets }) before it is used'),
      });
    }
  });

  test('is found behind firstOf', async () => {
    const secrets = sealedSecrets({ key });
    const both = firstOf(envSecrets({ allow: ['A'], env: { A: 'a' } }), firstOf(secrets));
    const engine = await createEngine({ storage: memoryStorage(), secrets: both, logger });
    onTestFinished(() => engine.close());
    await secrets.put('TOKEN', 'sealed', { entity: 'my-team' });
    expect(await both.resolve(request)).toBe('sealed');
  });

  test('stays with the storage that it was given itself', async () => {
    const [own, ofEngine] = [memoryStorage(), memoryStorage()];
    const secrets = sealedSecrets({ key, storage: own });
    const engine = await createEngine({ storage: ofEngine, secrets, logger });
    onTestFinished(() => engine.close());
    await secrets.put('TOKEN', 'x');
    expect((await own.list({ prefix: 'sealed-secret/', limit: 10 })).records).toHaveLength(1);
    expect((await ofEngine.list({ prefix: 'sealed-secret/', limit: 10 })).records).toEqual([]);
  });

  test('serves several engines on one storage, and refuses one on another instead of losing its secrets there', async () => {
    const storage = memoryStorage();
    const secrets = sealedSecrets({ key });
    const first = await createEngine({ storage, secrets, logger });
    onTestFinished(() => first.close());
    const second = await createEngine({ storage, secrets, logger });
    onTestFinished(() => second.close());
    const elsewhere = memoryStorage();
    await expect(createEngine({ storage: elsewhere, secrets, logger })).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining('in the storage of another engine'),
    });
    await secrets.put('TOKEN', 'x', { entity: 'my-team' });
    expect(await secrets.resolve(request)).toBe('x');
  });
});
