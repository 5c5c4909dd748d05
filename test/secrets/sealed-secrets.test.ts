import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Integration, JsonObject, Storage } from 'tocsin';
import { envSecrets, firstOf, type SealedSecretsOptions, sealedSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';

const key = randomBytes(32);

function integrationOf(entity?: string, type: Integration['type'] = 'slack'): Integration {
  const state = { id: '1', revision: 1, createdAt: 0, updatedAt: 0, status: 'ok', name: 'i', delivery: 'd' } as const;
  return { ...state, type, ...(entity === undefined ? {} : { entity }) } as Integration;
}

function open(options: Partial<SealedSecretsOptions> = {}) {
  const storage = options.storage ?? memoryStorage();
  const secrets = sealedSecrets({ key, ...options, storage });
  const read = (name: string, entity?: string, type?: Integration['type']) =>
    secrets.resolve({ name, integration: integrationOf(entity, type) });
  return { storage, secrets, read };
}

async function recordsOf(storage: Storage) {
  return (await storage.list({ prefix: 'sealed-secret/', limit: 1000 })).records;
}

async function put(storage: Storage, place: string, value: JsonObject): Promise<void> {
  await storage.commit({ steps: [{ write: [{ type: 'put', key: place, value }] }] });
}

const anyText = fc.string({ unit: 'binary' });
const anyName = fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }).filter((name) => name.length <= 255);

describe('sealedSecrets', () => {
  test('gives back any text under any name, and shows neither text nor key in the storage', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyName,
        fc.oneof(anyText, fc.constant('\ud800 half')),
        fc.option(anyName),
        async (name, text, entity) => {
          const { secrets, read } = open();
          await secrets.put(name, text, { entity: entity ?? undefined });
          expect(await read(name, entity ?? undefined)).toBe(text);
          expect(await read(name, entity === null ? 'somebody' : undefined)).toBeUndefined();
        },
      ),
    );
    const { storage, secrets } = open();
    await secrets.put('SLACK', 'xoxb-the-secret-text');
    const raw = JSON.stringify(await recordsOf(storage));
    expect(raw).not.toContain('xoxb-the-secret-text');
    expect(raw).not.toContain(Buffer.from('xoxb-the-secret-text').toString('base64').slice(0, 20));
    expect(raw).not.toContain(key.toString('base64'));
    expect(raw).not.toContain(key.toString('hex'));
  });

  test('refuses a record in which any character of any part has been changed, and quotes nothing', async () => {
    const { storage, secrets, read } = open();
    await secrets.put('SLACK', 'xoxb-the-secret-text', { entity: 'my-team', integrationType: 'slack' });
    const [record] = await recordsOf(storage);
    if (record === undefined) throw new Error('Expected a record');
    const parts = Object.entries(record.value).filter((part): part is [string, string] => typeof part[1] === 'string');
    expect(parts.map(([name]) => name).sort()).toEqual([
      'entity',
      'integrationType',
      'keyId',
      'name',
      'nonce',
      'sealed',
    ]);
    for (const [name, text] of parts) {
      for (let index = 0; index < text.length; index += 1) {
        const changed = `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`;
        await put(storage, record.key, { ...record.value, [name]: changed });
        const error = await Promise.resolve(read('SLACK', 'my-team')).catch((thrown: unknown) => thrown);
        expect(error, `${name}[${index}]`).toMatchObject({ code: 'secret_unreadable' });
        expect(String(error)).not.toContain('xoxb');
      }
    }
    for (const name of Object.keys(record.value)) {
      const { [name]: _, ...rest } = record.value;
      await put(storage, record.key, rest);
      await expect(read('SLACK', 'my-team'), name).rejects.toMatchObject({ code: 'secret_unreadable' });
    }
    for (const sealed of ['', 'A', 'AAAA', 5, null]) {
      await put(storage, record.key, { ...record.value, sealed } as JsonObject);
      await expect(read('SLACK', 'my-team')).rejects.toMatchObject({ code: 'secret_unreadable' });
    }
    await put(storage, record.key, record.value);
    expect(await read('SLACK', 'my-team')).toBe('xoxb-the-secret-text');
  });

  test('refuses a record that was moved to another name or owner, also when it says that it belongs there', async () => {
    const { storage, secrets, read } = open();
    const places = [
      ['SLACK', 'my-team'],
      ['SLACK', 'their-team'],
      ['OTHER', 'my-team'],
      ['SLACK', undefined],
    ] as const;
    for (const [name, entity] of places) await secrets.put(name, `of ${name} ${entity}`, { entity });
    const records = await recordsOf(storage);
    for (const from of records) {
      for (const to of records) {
        if (from === to) continue;
        const { name, entity } = to.value;
        await put(storage, to.key, from.value);
        await expect(read(String(name), entity as string)).rejects.toMatchObject({ code: 'secret_unreadable' });
        await put(storage, to.key, { ...from.value, name, entity } as JsonObject);
        await expect(read(String(name), entity as string)).rejects.toMatchObject({ code: 'secret_unreadable' });
        await put(storage, to.key, to.value);
        expect(await read(String(name), entity as string)).toBe(`of ${name} ${entity}`);
      }
    }
  });

  test('gives a secret only to integrations of its entity and type, and a shared one only to shared integrations', async () => {
    const { secrets, read } = open();
    await secrets.put('TOKEN', 'mine', { entity: 'my-team', integrationType: 'slack' });
    await secrets.put('SHARED', 'ours');
    expect(await read('TOKEN', 'my-team')).toBe('mine');
    expect(await read('TOKEN', 'my-team', 'webhook')).toBeUndefined();
    expect(await read('TOKEN', 'their-team')).toBeUndefined();
    expect(await read('TOKEN')).toBeUndefined();
    expect(await read('SHARED')).toBe('ours');
    expect(await read('SHARED', undefined, 'webhook')).toBe('ours');
    expect(await read('SHARED', 'my-team')).toBeUndefined();
  });

  test('lists names with their owners, more than a page of them, and forgets what is deleted', async () => {
    const { secrets, read } = open();
    const names = Array.from({ length: 250 }, (_, index) => `secret-${String(index).padStart(3, '0')}`);
    for (const name of names) await secrets.put(name, name, { entity: 'my-team' });
    expect((await secrets.names()).map(({ name }) => name)).toEqual(names);
    expect((await secrets.names())[0]).toEqual({ name: 'secret-000', entity: 'my-team', integrationType: undefined });
    await secrets.delete('secret-000');
    expect(await read('secret-000', 'my-team')).toBe('secret-000');
    await secrets.delete('secret-000', { entity: 'my-team' });
    await secrets.delete('secret-000', { entity: 'my-team' });
    expect(await read('secret-000', 'my-team')).toBeUndefined();
    expect(await secrets.names()).toHaveLength(249);
  });

  test('opens with any of its keys, seals with the present one, and after reseal needs no other', async () => {
    const [oldest, old, present] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const storage = memoryStorage();
    await open({ storage, key: oldest }).secrets.put('A', 'a', { entity: 'my-team' });
    await open({ storage, key: old, previousKeys: [oldest] }).secrets.put('B', 'b');
    const { secrets, read } = open({ storage, key: present, previousKeys: [old, oldest] });
    await secrets.put('C', 'c');
    expect([await read('A', 'my-team'), await read('B'), await read('C')]).toEqual(['a', 'b', 'c']);
    await expect(open({ storage, key: present }).read('B')).rejects.toMatchObject({ code: 'secret_unreadable' });
    expect(await secrets.reseal()).toEqual({ resealed: 2, unreadable: [] });
    expect(await secrets.reseal()).toEqual({ resealed: 0, unreadable: [] });
    const alone = open({ storage, key: present });
    expect([await alone.read('A', 'my-team'), await alone.read('B'), await alone.read('C')]).toEqual(['a', 'b', 'c']);
    await expect(open({ storage, key: old, previousKeys: [oldest] }).read('A', 'my-team')).rejects.toMatchObject({
      code: 'secret_unreadable',
      message:
        'The secret A was sealed with another key than those that sealedSecrets was given: give that key under previousKeys, or put the secret anew',
    });
  });

  test('reseals what can be read, and names what can’t', async () => {
    const storage = memoryStorage();
    await open({ storage, key: randomBytes(32) }).secrets.put('LOST', 'x', { entity: 'my-team' });
    const old = randomBytes(32);
    await open({ storage, key: old }).secrets.put('KEPT', 'y');
    const { secrets, read } = open({ storage, previousKeys: [old] });
    expect(await secrets.reseal()).toEqual({
      resealed: 1,
      unreadable: [{ name: 'LOST', entity: 'my-team', integrationType: undefined }],
    });
    expect(await read('KEPT')).toBe('y');
  });

  test('takes a key as bytes, base64, base64url or hex, all the same', async () => {
    const storage = memoryStorage();
    await open({ storage }).secrets.put('A', 'a');
    const forms = [new Uint8Array(key), key.toString('base64'), `${key.toString('hex')}\n`, key.toString('base64url')];
    for (const form of forms) expect(await open({ storage, key: form }).read('A')).toBe('a');
  });

  test.each([
    ['nothing', undefined],
    ['a short one', randomBytes(16)],
    ['a long one', randomBytes(33)],
    ['a password', 'correct horse battery staple correct'],
    ['half of hex', key.toString('hex').slice(1)],
    ['base64 of 31 bytes', randomBytes(31).toString('base64')],
    ['a placeholder', new Uint8Array(32)],
    ['a list', [...key]],
  ])('refuses %s as a key, and does not quote it', (_, wrong) => {
    const attempt = () => open({ key: wrong as never });
    expect(attempt).toThrow('Expected 32 random bytes at key, as a Uint8Array or as text in base64 or hex');
    expect(() => open({ previousKeys: [key, wrong as never] })).toThrow('previousKeys[1]');
  });

  test('refuses what can’t be a secret or a name, and quotes no value', async () => {
    const { secrets } = open();
    for (const value of [
      undefined,
      null,
      5,
      {},
      { accessToken: 'xoxe-1' },
      { accessToken: 'a', refreshToken: '', expiresAt: 1 },
    ]) {
      const error = await secrets.put('A', value as never).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'invalid_options' });
      expect(String(error)).not.toContain('xoxe');
    }
    for (const name of ['', 'x'.repeat(256), undefined, 5]) {
      await expect(secrets.put(name as never, 'x')).rejects.toMatchObject({ code: 'invalid_options' });
    }
    await expect(secrets.put('A', 'x', { entity: '' })).rejects.toMatchObject({ code: 'invalid_options' });
    expect(await secrets.names()).toEqual([]);
    for (const options of [
      { storage: {} },
      { refresh: 'x' },
      { refreshBeforeMs: -1 },
      { refreshBeforeMs: Number.NaN },
      { kee: 1 },
    ]) {
      expect(() => open(options as never)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
    }
    expect(() => sealedSecrets(undefined as never)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  });
});

describe('firstOf', () => {
  test('asks one place after the other, and gives the first value', async () => {
    const { secrets } = open();
    await secrets.put('SLACK_A', 'sealed a');
    await secrets.put('B', 'sealed b');
    const both = firstOf(envSecrets({ allow: ['SLACK_*'], env: { SLACK_A: 'env a' } }), secrets);
    const integration = integrationOf();
    expect(await both.resolve({ name: 'SLACK_A', integration })).toBe('env a');
    expect(await both.resolve({ name: 'B', integration })).toBe('sealed b');
    expect(await both.resolve({ name: 'C', integration })).toBeUndefined();
    await secrets.put('B', 'newer b');
    expect(await both.renew?.({ name: 'B', integration, refused: 'sealed b' })).toBe('newer b');
    expect(await both.renew?.({ name: 'B', integration, refused: 'newer b' })).toBeUndefined();
    expect(await both.renew?.({ name: 'SLACK_A', integration, refused: 'env a' })).toBeUndefined();
  });

  test('does not go on past a place that can’t be asked', async () => {
    const broken = { resolve: async () => Promise.reject(new Error('vault is sealed')) };
    const both = firstOf(broken, envSecrets({ allow: ['A'], env: { A: 'a' } }));
    await expect(both.resolve({ name: 'A', integration: integrationOf() })).rejects.toThrow('vault is sealed');
    expect(() => firstOf()).toThrow('Expected places of secrets');
    expect(() => firstOf(undefined as never)).toThrow('Expected places of secrets');
  });
});
