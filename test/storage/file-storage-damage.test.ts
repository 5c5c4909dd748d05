import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createEngine, type Storage } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../adapters/storage/file/open-database.js';
import type { TableName } from '../../adapters/storage/file/tables.js';
import { storageFolders } from './storage-folders.js';

const newPath = storageFolders();
const lease = { holder: 'test', leaseMs: 1000, limit: 9 };

async function makeStorage(): Promise<string> {
  const path = newPath();
  const storage = fileStorage({ path, durability: 'process' });
  const write = [
    ...['a', 'b', 'c'].map((key) => ({ type: 'put' as const, key, value: { key } })),
    ...['one', 'two'].flatMap((lane) => ['1', '2'].map((id) => ({ type: 'append' as const, lane, id, value: { id } }))),
  ];
  const when = [{ type: 'claim' as const, key: 'cooldown', nowMs: 0, untilMs: 5000 }];
  await storage.commit({ steps: [{ when, write }] });
  await storage.close();
  return path;
}

/** Changes what stands in the file, as a disk may. */
async function spoil(path: string, table: TableName, key: string, text: string): Promise<void> {
  const { tables, close } = openDatabase({ path, durability: 'process' });
  const before = [...tables[table].getKeys({ start: '\u0000', end: '\u00ff' })];
  const found = before.find((each) => each.startsWith(key)) ?? '';
  tables[table].put(found, text);
  await close();
}

/** That a call is refused, with the place in the message. */
async function expectDamage(answer: Promise<unknown>, place: string): Promise<void> {
  await expect(answer).rejects.toMatchObject({ name: 'TocsinError', code: 'storage_corrupt' });
  await expect(answer).rejects.toThrow(place);
}

const put = (storage: Storage, key: string) =>
  storage.commit({ steps: [{ write: [{ type: 'put', key, value: {} }] }] });

describe('a file in which something stands that was not written', () => {
  test.each(['', '2', '\0\0\0\0', '2{"key":"b', '2{"key":"b"}\0\0', '\0{}', '{}', '1.5{}', '2[]', '2null'])(
    'names the record that can not be read, and reads all others: %j',
    async (text) => {
      const path = await makeStorage();
      await spoil(path, 'records', 'b', text);
      const storage = fileStorage({ path, durability: 'process' });
      await expectDamage(storage.get('b'), 'records, "b"');
      await expectDamage(storage.list({ prefix: '', limit: 9 }), 'records, "b"');
      expect(await storage.get('c')).toEqual({ key: 'c', value: { key: 'c' }, revision: 1 });
      expect((await storage.list({ prefix: '', after: 'b', limit: 9 })).records).toHaveLength(1);
      expect((await storage.listKeys({ prefix: '', limit: 9 })).keys).toEqual(['a', 'b', 'c']);
      expect(await storage.deleteRange({ prefix: 'b', limit: 9 })).toBe(1);
      await put(storage, 'b');
      expect(await storage.get('b')).toMatchObject({ revision: 1 });
      await storage.close();
    },
  );

  test('refuses to count on from a revision that can not be read, and writes what was called with it', async () => {
    const path = await makeStorage();
    await spoil(path, 'records', 'b', '\0{}');
    const storage = fileStorage({ path, durability: 'process' });
    const [a, b, c] = ['a', 'b', 'c'].map((key) => put(storage, key));
    await expectDamage(b as Promise<unknown>, 'records, "b"');
    await Promise.all([a, c]);
    expect(await storage.get('c')).toMatchObject({ revision: 2 });
    await storage.close();
  });

  test('names the lane whose entry can not be read, and leases all others', async () => {
    for (const text of ['1\u0001{"id":\0\0', '{"id":"1"}', '1\u00015', '']) {
      const path = await makeStorage();
      await spoil(path, 'entries', 'one', text);
      const storage = fileStorage({ path, durability: 'process' });
      await expectDamage(storage.leaseLane({ ...lease, lane: 'one' }), 'entries, "one / 0000000000000000"');
      expect(await storage.leaseLane({ ...lease, lane: 'two' })).toMatchObject({ type: 'leased', token: 1 });
      await storage.close();
    }
  });

  test('names the lane of which the counters or the places can not be read', async () => {
    for (const text of [
      '',
      '{}',
      '5',
      'null',
      '{"token":1,"next":"2","count":2}',
      '{"token":1,"next":2,"count":2,"lease":5}',
    ]) {
      const path = await makeStorage();
      await spoil(path, 'lanes', 'one', text);
      await spoil(path, 'places', 'two\u00012', '\0\0');
      const storage = fileStorage({ path, durability: 'process' });
      const append = (lane: string, id: string) =>
        storage.commit({ steps: [{ write: [{ type: 'append', lane, id, value: {} }] }] });
      await expectDamage(storage.leaseLane({ ...lease, lane: 'one' }), 'lanes, "one"');
      await expectDamage(append('one', '3'), 'lanes, "one"');
      await expectDamage(append('two', '2'), 'places, "two / 2"');
      await append('two', '3');
      await storage.close();
    }
  });

  test('says that a claim can not be read instead of holding it silently, and forgets it when it has ended', async () => {
    for (const text of ['', '\0\0', 'soon', 'NaN']) {
      const path = await makeStorage();
      await spoil(path, 'claims', 'cooldown', text);
      const storage = fileStorage({ path, durability: 'process' });
      const take = (key: string, nowMs: number) =>
        storage.commit({ steps: [{ when: [{ type: 'claim', key, nowMs, untilMs: nowMs + 10 }], write: [] }] });
      await expectDamage(storage.claimedUntil('cooldown'), 'claims, "cooldown"');
      await expectDamage(take('cooldown', 4000), 'claims, "cooldown"');
      for (const nowMs of [4999, 5000]) {
        const others = Array.from({ length: 1010 }, (_, index) => take(`${nowMs}/${index}`, nowMs));
        expect((await Promise.all(others)).every(({ committed }) => committed)).toBe(true);
        if (nowMs < 5000) await expectDamage(take('cooldown', nowMs), 'claims, "cooldown"');
      }
      expect(await take('cooldown', 5000)).toMatchObject({ steps: [{ written: true }] });
      await storage.close();
    }
  });

  test('never gets there by a claim until no time at all', async () => {
    const storage = fileStorage({ path: newPath() });
    const claim = { type: 'claim', key: 'cooldown', nowMs: 0, untilMs: Number.NaN } as const;
    await expect(storage.commit({ require: [claim], steps: [] })).rejects.toMatchObject({ code: 'invalid_options' });
    expect(await storage.claimedUntil('cooldown')).toBeUndefined();
    await storage.close();
  });

  test('is refused when what it says of its format is no JSON', async () => {
    for (const text of ['\0\0', '{"name":"toc', '5', 'null']) {
      const path = await makeStorage();
      const { about, close } = openDatabase({ path, durability: 'process' });
      about.put('format', text, 1);
      await close();
      expect(() => fileStorage({ path })).toThrow(expect.objectContaining({ code: 'storage_corrupt' }));
    }
  });

  test('lets who reads executions know which one it is', async () => {
    const path = newPath();
    const { tables, close } = openDatabase({ path, durability: 'process' });
    tables.records.put('execution/1', '1{"id":');
    await close();
    const engine = await createEngine({ storage: fileStorage({ path }) });
    const listed = engine.executions.list({});
    await expect(listed).rejects.toMatchObject({ code: 'storage_unavailable', cause: { code: 'storage_corrupt' } });
    await expect(listed).rejects.toThrow('records, "execution/1"');
    await engine.close();
  });
});

describe('a range with an end at, or before, its beginning', () => {
  test('has nothing in it', async () => {
    const storage = fileStorage({ path: newPath(), durability: 'process' });
    const keys = ['a/1', 'w/1', 'w/2', 'x/1'];
    for (const key of keys) await put(storage, key);
    for (const [prefix, before] of [
      ['w/', ''],
      ['w/', 'a'],
      ['w/', 'w'],
      ['w/', 'w/'],
      ['', ''],
    ] as const) {
      expect(await storage.deleteRange({ prefix, before, limit: 9 })).toBe(0);
      const query = { prefix, after: before, limit: 9, order: 'descending' } as const;
      expect(await storage.listKeys(query)).toEqual({ keys: [], next: undefined });
      expect(await storage.list(query)).toEqual({ records: [], next: undefined });
    }
    expect((await storage.listKeys({ prefix: '', after: '', limit: 9 })).keys).toEqual(keys);
    await storage.close();
  });
});

describe('a version of lmdb that is not supported', () => {
  test.each([
    ['2.9.4', false],
    ['3.0.13', false],
    ['3.4.99', false],
    ['4.0.0', false],
    ['3.5.0', true],
    ['3.12.1', true],
  ])('%s is taken: %s', async (version, isTaken) => {
    const folder = join(newPath(), 'node_modules', 'lmdb');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'lmdb', version }));
    const loader = createRequire(import.meta.url)('node:module');
    const resolve = loader._resolveFilename;
    const load = loader._load;
    loader._resolveFilename = (request: string, ...rest: unknown[]) =>
      request === 'lmdb' ? join(folder, 'dist', 'index.cjs') : resolve(request, ...rest);
    const open = (): unknown => fileStorage({ path: newPath() });
    try {
      const lmdb = createRequire(import.meta.resolve('lmdb'));
      loader._load = (request: string, ...rest: unknown[]) =>
        request === 'lmdb' ? lmdb('./dist/index.cjs') : load(request, ...rest);
      if (isTaken) await (open() as Storage).close();
      else {
        expect(open).toThrow(expect.objectContaining({ code: 'dependency_missing' }));
        expect(open).toThrow(`version 3 from 3.5, which is ${version} here`);
      }
    } finally {
      loader._resolveFilename = resolve;
      loader._load = load;
    }
  });
});
