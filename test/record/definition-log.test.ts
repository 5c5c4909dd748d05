import type { Integration, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { refreshIds } from '../../src/manage/refresh-shelf.js';
import { createWakingShelf } from '../../src/manage/waking-shelf.js';
import { boundStorage } from '../../src/record/bounded-storage.js';
import { type DefinitionLog, openDefinitionLog } from '../../src/record/definition-log.js';
import type { DefinitionShelf } from '../../src/record/definition-shelf.js';
import { openIntegrationStore } from '../../src/record/integration-store.js';

const integration = {
  id: 'i',
  type: 'console',
  name: 'terminal',
  delivery: 'console',
  revision: 1,
  createdAt: 0,
  updatedAt: 0,
  status: 'ok',
} as const;

/** A storage that says that others use it too. */
function sharedStorage(): Storage {
  return { ...memoryStorage(), capabilities: { durable: true, shared: true } };
}

/** Writes a record, and notes that it did. */
function put(log: DefinitionLog, id: string, revision = 0): Promise<unknown> {
  const key = `automation/${id}`;
  return log.inTurn((commit) =>
    commit(
      { require: [{ type: 'revision', key, revision }], steps: [{ write: [{ type: 'put', key, value: {} }] }] },
      { type: 'automation', ids: [id] },
    ),
  );
}

describe('the log of changed definitions', () => {
  test('tells another process what was changed, once and in order', async () => {
    const storage = sharedStorage();
    const writer = await openDefinitionLog(storage);
    const reader = await openDefinitionLog(storage);
    expect(await reader.readNews()).toEqual({ type: 'none' });
    await put(writer, 'b');
    await put(writer, 'a');
    const changes = ['b', 'a'].map((id) => ({ type: 'automation', ids: [id] }));
    expect(await reader.readNews()).toEqual({ type: 'changes', changes, upTo: 2 });
    expect(await reader.readNews()).toMatchObject({ upTo: 2 });
    reader.caughtUp(2);
    expect(await reader.readNews()).toEqual({ type: 'none' });
  });

  test('is no news to the process that made the change, unless it missed one before', async () => {
    const storage = sharedStorage();
    const log = await openDefinitionLog(storage);
    const other = await openDefinitionLog(storage);
    await put(log, 'a');
    expect(await log.readNews()).toEqual({ type: 'none' });
    await put(other, 'b');
    await put(log, 'c');
    expect(await log.readNews()).toMatchObject({ changes: [{ ids: ['b'] }, { ids: ['c'] }], upTo: 3 });
  });

  test('begins at its end: what was before is read from the storage', async () => {
    const storage = sharedStorage();
    await put(await openDefinitionLog(storage), 'a');
    expect(await (await openDefinitionLog(storage)).readNews()).toEqual({ type: 'none' });
  });

  test('tells the conflict that the caller asked about, not that another was faster', async () => {
    const storage = sharedStorage();
    const log = await openDefinitionLog(storage);
    await put(await openDefinitionLog(storage), 'a');
    expect(await put(log, 'a')).toMatchObject({ committed: false, conflict: { key: 'automation/a' } });
    expect(await put(log, 'b')).toMatchObject({ committed: true });
  });

  test('loses no change of many processes that change at once, and numbers each', async () => {
    const storage = sharedStorage();
    const reader = await openDefinitionLog(storage);
    const logs = await Promise.all(Array.from({ length: 8 }, () => openDefinitionLog(storage)));
    await Promise.all(
      logs.flatMap((log, process) => Array.from({ length: 10 }, (_, place) => put(log, `${process}-${place}`))),
    );
    const news = await reader.readNews();
    if (news.type !== 'changes') throw new Error(`Expected changes, got ${news.type}`);
    expect(new Set(news.changes.flatMap(({ ids }) => ids)).size).toBe(80);
    expect(news).toMatchObject({ upTo: 80, changes: { length: 80 } });
  });

  test('keeps the last 1,000 changes, and says so to whoever needs more', async () => {
    const storage = sharedStorage();
    const [late, justInTime] = [await openDefinitionLog(storage), await openDefinitionLog(storage)];
    const writer = await openDefinitionLog(storage);
    await put(writer, 'first');
    justInTime.caughtUp(1);
    for (let place = 0; place < 1000; place += 1) await put(writer, `${place}`);
    expect(await late.readNews()).toEqual({ type: 'everything', upTo: 1001 });
    expect(await justInTime.readNews()).toMatchObject({ type: 'changes', upTo: 1001, changes: { length: 1000 } });
    expect((await storage.listKeys({ prefix: 'definition-change/', limit: 5000 })).keys).toHaveLength(1000);
  });

  test('asks to read everything when another version wrote what it can’t read', async () => {
    const storage = sharedStorage();
    const reader = await openDefinitionLog(storage);
    await put(await openDefinitionLog(storage), 'a');
    const { keys } = await storage.listKeys({ prefix: 'definition-change/', limit: 1 });
    const value = { formatVersion: 99 };
    await storage.commit({ steps: [{ write: [{ type: 'put', key: keys[0] ?? '', value }] }] });
    expect(await reader.readNews()).toEqual({ type: 'everything', upTo: 1 });
  });

  test('lets changes of one process go one after the other, and a failure stops none', async () => {
    const log = await openDefinitionLog(sharedStorage());
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} ends`);
      if (name === 'first') throw new Error('disk on fire');
    };
    const first = log.inTurn(work('first'));
    const second = log.inTurn(work('second'));
    await expect(first).rejects.toThrow('disk on fire');
    await second;
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  test('gives up where others come first for ever', async () => {
    const kept = sharedStorage();
    let commits = 0;
    const log = await openDefinitionLog({
      ...kept,
      async commit(commit) {
        commits += 1;
        return { committed: false, conflict: commit.require?.at(-1) as never };
      },
    });
    await expect(put(log, 'a')).rejects.toMatchObject({ code: 'revision_conflict' });
    expect(commits).toBe(100);
  });
});

test('reading again what was changed lets the host breathe every hundred records', async () => {
  const storage = sharedStorage();
  const log = await openDefinitionLog(storage);
  const ids = Array.from({ length: 1050 }, (_, place) => `${place}`);
  const write = ids.map((id) => ({ type: 'put', key: `automation/${id}`, value: {} }) as const);
  await storage.commit({ steps: [{ write }] });
  const stretches = [0];
  const taken: string[] = [];
  const shelf: DefinitionShelf = {
    type: 'automation',
    prefix: 'automation/',
    keyOf: (id) => `automation/${id}`,
    ids: () => [],
    take({ key }) {
      stretches[stretches.length - 1] = (stretches.at(-1) ?? 0) + 1;
      taken.push(key.slice('automation/'.length));
      return key;
    },
    drop() {},
  };
  const runtime = {
    ...manualRuntime(),
    setTimer(callback: () => void) {
      stretches.push(0);
      setImmediate(callback);
      return { cancel() {} };
    },
  };
  await refreshIds(shelf, ids, { storage, runtime, log, onUnreadable: expect.unreachable });
  expect(taken).toEqual(ids);
  expect(stretches).toEqual([...Array.from({ length: 10 }, () => 100), 50]);
});

test('what is deleted here while a change of it is being read again does not come back', async () => {
  const storage = sharedStorage();
  let release = (): void => {};
  const slow: Storage = {
    ...storage,
    async get(key) {
      const record = await storage.get(key);
      if (key === 'integration/i') await new Promise<void>((resolve) => (release = resolve));
      return record;
    },
  };
  const log = await openDefinitionLog(slow);
  const store = await openIntegrationStore(slow, log);
  await store.put(integration);
  const refreshed = refreshIds(store.shelf, ['i'], {
    storage: slow,
    runtime: manualRuntime(),
    log,
    onUnreadable: expect.unreachable,
  });
  const deleted = store.delete('i');
  await new Promise((resolve) => setImmediate(resolve));
  release();
  await Promise.all([refreshed, deleted]);
  expect(store.get('i')).toBeUndefined();
});

test('integrations that may be used otherwise than before are woken, and no others', async () => {
  const storage = sharedStorage();
  const writer = await openIntegrationStore(storage, await openDefinitionLog(storage));
  const store = await openIntegrationStore(storage, await openDefinitionLog(storage));
  const woken: string[] = [];
  const shelf = createWakingShelf(store, (id) => woken.push(id));
  const isWokenBy = async (next: Integration): Promise<boolean> => {
    await writer.put(next);
    const record = await storage.get('integration/i');
    if (record === undefined) throw new Error('Expected a record');
    shelf.take(record);
    return woken.splice(0).length > 0;
  };
  expect(await isWokenBy(integration)).toBe(true);
  expect(await isWokenBy({ ...integration, revision: 2, channelId: 'C1', channelName: 'ops' })).toBe(false);
  expect(await isWokenBy({ ...integration, revision: 3, updatedAt: 5 })).toBe(false);
  expect(await isWokenBy({ ...integration, revision: 4, status: 'disabled' })).toBe(true);
  expect(await isWokenBy({ ...integration, revision: 5 })).toBe(true);
  expect(await isWokenBy({ ...integration, revision: 6, name: 'other terminal' })).toBe(true);
  expect(store.get('i')).toMatchObject({ revision: 6 });
  shelf.drop('i');
  expect([woken, store.get('i')]).toEqual([['i'], undefined]);
});

describe('an integration that is not known here', () => {
  test('is looked up where others may have made it, and only there', async () => {
    for (const isShared of [true, false]) {
      const storage = isShared ? sharedStorage() : memoryStorage();
      const here = await openIntegrationStore(storage, await openDefinitionLog(storage));
      await (await openIntegrationStore(storage, await openDefinitionLog(storage))).put(integration);
      expect(here.get('i')).toBeUndefined();
      expect(await here.lookUp('i')).toEqual(isShared ? integration : undefined);
      expect(await here.lookUp('nobody')).toBeUndefined();
    }
  });

  test('is no reason to say that it is gone when the storage can’t tell', async () => {
    const storage: Storage = { ...sharedStorage(), get: () => Promise.reject(new Error('disk on fire')) };
    const opened: Storage = { ...storage, get: async () => undefined };
    const store = await openIntegrationStore(storage, await openDefinitionLog(opened));
    await expect(store.lookUp('i')).rejects.toThrow('disk on fire');
  });
});

describe('a bounded storage', () => {
  test('rejects a call that is not answered in time, and leaves no timer behind one that is', async () => {
    const runtime = manualRuntime();
    const kept = memoryStorage();
    const storage = boundStorage({ ...kept, get: () => new Promise(() => {}) }, runtime, 3000);
    const read = expect(storage.get('a')).rejects.toMatchObject({ code: 'storage_unavailable' });
    await storage.list({ prefix: 'a', limit: 1 });
    await storage.commit({ steps: [] });
    expect(runtime.pendingTimers).toBe(1);
    await runtime.advance(3000);
    await read;
    expect(runtime.pendingTimers).toBe(0);
  });
});
