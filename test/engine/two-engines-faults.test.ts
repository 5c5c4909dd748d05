import { type Commit, createEngine, onRunMetric, project, runEvent, type Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { noteChange } from '../../src/record/definition-change.js';
import { openShared, type SharedData } from '../storage/shared-storage.js';
import { openEngine } from '../support/open-engine.js';
import { openTwo, quiet } from './two-engines-sharing.js';

const scope = project('my-team', 'my-project');
const high = {
  name: 'high',
  event: onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) }),
  action: { type: 'none' },
} as const;

/** A handle on a storage that fails whenever a test wants it to. */
function failing(isDown: () => boolean) {
  return (storage: Storage): Storage => ({
    ...storage,
    get: (key) => (isDown() ? Promise.reject(new Error('disk on fire')) : storage.get(key)),
    list: (query) => (isDown() ? Promise.reject(new Error('disk on fire')) : storage.list(query)),
  });
}

describe('a storage that fails while an engine looks for changes', () => {
  test('is told once, and the changes come in when it works again', async () => {
    let isDown = false;
    const { one, other, hearOfIt } = await openTwo(
      {},
      failing(() => isDown),
    );
    for (const name of ['first', 'second']) {
      isDown = true;
      await one.engine.automations.create({ ...high, name });
      for (let times = 0; times < 3; times += 1) await hearOfIt();
      expect((await other.engine.automations.list()).items.map((each) => each.name)).not.toContain(name);
      isDown = false;
      await hearOfIt();
      expect((await other.engine.automations.list()).items.map((each) => each.name)).toContain(name);
    }
    expect(other.logger.lines.map((line) => line.includes('storage_unavailable'))).toEqual([true, true]);
  });

  test('is told to whoever changes something, and what it says of others is unharmed', async () => {
    let isDown = false;
    const { one, other, hearOfIt } = await openTwo(
      {},
      failing(() => isDown),
    );
    isDown = true;
    await expect(other.engine.automations.create(high)).rejects.toMatchObject({ code: 'storage_unavailable' });
    isDown = false;
    await other.engine.automations.create(high);
    await hearOfIt();
    expect(one.engine.stats().automations).toBe(1);
  });
});

test('a change whose answer never comes is given up after commitTimeoutMs, and stops no other', async () => {
  let isSilent = false;
  const { runtime, one, other, hearOfIt } = await openTwo({ commitTimeoutMs: 3000, refreshMs: 500 }, (storage) => ({
    ...storage,
    commit: async (commit) => {
      const result = await storage.commit(commit);
      return isSilent ? new Promise(() => {}) : result;
    },
  }));
  isSilent = true;
  const lost = other.engine.automations.create(high);
  const told = expect(lost).rejects.toMatchObject({ code: 'storage_unavailable' });
  await hearOfIt();
  expect((await one.engine.automations.list()).items).toMatchObject([{ name: 'high' }]);
  isSilent = false;
  const next = other.engine.automations.create({ ...high, name: 'next' });
  await runtime.advance(3000);
  await told;
  await next;
  await hearOfIt();
  for (const { engine } of [one, other]) {
    expect((await engine.automations.list()).items.map(({ name }) => name)).toEqual(['high', 'next']);
  }
});

describe('a stored definition that can’t be read', () => {
  /** What another version of the package writes. */
  const foreign = (key: string, number: number): Commit => ({
    steps: [
      {
        write: [
          { type: 'put', key, value: { formatVersion: 99, record: {} } },
          ...noteChange({ number, change: { type: 'automation', ids: [key.slice('automation/'.length)] } }),
        ],
      },
    ],
  });

  test('is told once and left out, and all others come in', async () => {
    const { kept, one, other, hearOfIt } = await openTwo();
    // Each engine has made one integration.
    await kept.commit(foreign('automation/foreign', 3));
    await one.engine.automations.create(high);
    for (let times = 0; times < 3; times += 1) await hearOfIt();
    expect((await other.engine.automations.list()).items.map(({ name }) => name)).toEqual(['high']);
    expect(other.logger.lines).toEqual([expect.stringContaining('automation/foreign')]);
    await kept.commit(foreign('automation/foreign', 5));
    await hearOfIt();
    expect(other.logger.lines).toHaveLength(2);
  });

  test('stays here as it was when another version changes it', async () => {
    const { kept, one, other, hearOfIt } = await openTwo();
    const { automation } = await one.engine.automations.create(high);
    await hearOfIt();
    await kept.commit(foreign(`automation/${automation.id}`, 4));
    await hearOfIt();
    expect(await other.engine.automations.get(automation.id)).toEqual(automation);
  });

  test.each([
    ['automation/a', { formatVersion: 99, record: {} }, 'storage_format'],
    ['automation/a', { formatVersion: 1 }, 'storage_corrupt'],
    ['automation/a', { formatVersion: 1, record: { id: 'a' } }, 'storage_corrupt'],
    ['integration/a', { formatVersion: 1, record: {} }, 'storage_corrupt'],
    ['integration/a', { formatVersion: 1, record: { id: 'b', revision: 1 } }, 'storage_corrupt'],
  ])('keeps an engine from starting, and is named: %s %j', async (key, value, code) => {
    const storage = memoryStorage();
    await storage.commit({ steps: [{ write: [{ type: 'put', key, value }] }] });
    const message = expect.stringContaining(key);
    await expect(createEngine({ storage })).rejects.toMatchObject({ code, message });
  });
});

test('one that has fallen behind what is kept of changes reads everything anew', async () => {
  const { kept, one, other, hearOfIt } = await openTwo({ refreshMs: 60_000 });
  const { automation: gone } = await one.engine.automations.create({ ...high, name: 'gone' });
  const { automation } = await one.engine.automations.create(high);
  await hearOfIt();
  await one.engine.automations.delete(gone.id);
  for (let times = 0; times < 510; times += 1) {
    await one.engine.integrations.disable(one.terminal.id);
    await one.engine.integrations.enable(one.terminal.id);
  }
  await one.engine.automations.update(automation.id, { name: 'higher' });
  await one.engine.automations.create(high);
  expect((await kept.list({ prefix: 'definition-change/', limit: 2000 })).records).toHaveLength(1000);
  const own = await other.engine.integrations.create({ type: 'console', name: 'own', delivery: 'console' });
  await hearOfIt();
  expect((await other.engine.automations.list()).items.map(({ name }) => name)).toEqual(['higher', 'high']);
  expect((await other.engine.integrations.get(one.terminal.id)).revision).toBe(1021);
  expect(await other.engine.integrations.get(own.id)).toEqual(own);
});

test('what is changed while an engine starts is not missed', async () => {
  const runtime = manualRuntime();
  const data: SharedData = { kept: memoryStorage({ now: runtime.now }), queue: Promise.resolve() };
  const { engine } = await openEngine({ storage: openShared(data), runtime });
  const storage = openShared(data);
  const late = await openEngine({
    runtime,
    storage: {
      ...storage,
      async list(query) {
        const page = await storage.list(query);
        if (query.prefix === 'automation/') await engine.automations.create(high);
        return page;
      },
    },
  });
  expect(late.engine.stats().automations).toBe(0);
  await runtime.advance(1000);
  await quiet(runtime, data);
  expect(late.engine.stats().automations).toBe(1);
});

test('an engine that is closed looks no more, and leaves no timer behind', async () => {
  let reads = 0;
  const { runtime, one, other } = await openTwo({ refreshMs: 100 }, (storage) => ({
    ...storage,
    get(key) {
      reads += 1;
      return storage.get(key);
    },
  }));
  await one.engine.close();
  await other.engine.close();
  const readsBefore = reads;
  await runtime.advance(10_000);
  expect([reads, runtime.pendingTimers]).toEqual([readsBefore, 0]);
});

test('an engine that is closed while it looks says nothing of it', async () => {
  const { runtime, one, other } = await openTwo({ refreshMs: 100 });
  const many = Array.from({ length: 300 }, (_, place) => ({ ...high, name: `high ${place}` }));
  await one.engine.automations.import(many);
  await Promise.all([runtime.advance(100), other.engine.close()]);
  await runtime.advance(1000);
  expect(other.logger.lines).toEqual([]);
});
