import assert from 'node:assert/strict';
import type { Storage } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { keysOf, laneIds, listAllKeys, revisionOf, takeLane } from './reading.js';
import { append, assertRefused, deletion, lease, put, remove, revision, takeClaim, write, writeIf } from './writing.js';

/** What was committed is there when the storage is opened again. */
export const durabilityScenarios: readonly Scenario[] = [
  {
    name: 'records are there, with their values and revisions, and the deleted ones are not',
    needs: 'reopen',
    async run({ storage, reopen }) {
      const text = 'x'.repeat(256 * 1024);
      await write(storage, put('a', { n: 1 }), put('a', { text, face: '🦉' }), put('b'), put('c'), put('d'));
      await write(storage, deletion('b'));
      await storage.deleteRange({ prefix: 'c', limit: 1 });
      const reopened = await reopen(storage);
      assert.deepEqual(await listAllKeys(reopened, { prefix: '', limit: 10 }), ['a', 'd']);
      assert.deepEqual(await reopened.get('a'), { key: 'a', value: { text, face: '🦉' }, revision: 2 });
      assert.equal((await writeIf(reopened, [revision('a', 2), revision('b', 0)], put('a'), put('b'))).committed, true);
      const again = await reopen(reopened);
      assert.equal(await revisionOf(again, 'a'), 3);
      assert.equal(await revisionOf(again, 'b'), 1);
    },
  },
  {
    name: 'every commit that resolved is there, of many at once too',
    needs: 'reopen',
    async run({ storage, reopen }) {
      const keys = Array.from({ length: 300 }, (_, index) => `k/${String(index).padStart(3, '0')}`);
      await Promise.all(keys.map((key) => write(storage, put(key), append('lane', key))));
      const reopened = await reopen(storage);
      assert.deepEqual(await listAllKeys(reopened, { prefix: 'k/', limit: 1000 }), keys);
      assert.deepEqual(await laneIds(reopened, 'lane'), keys);
    },
  },
  {
    name: 'claims are held, until the same instant',
    needs: 'reopen',
    async run({ storage, reopen }) {
      await takeClaim(storage, 'cooldown', 1000, 2000);
      const reopened = await reopen(storage);
      assert.equal(await reopened.claimedUntil('cooldown'), 2000);
      assert.equal(await takeClaim(reopened, 'cooldown', 1999, 3000), false);
      assert.equal(await takeClaim(reopened, 'cooldown', 2000, 3000), true);
    },
  },
  {
    name: 'lanes hold the same entries in the same order, and new ones stand behind them',
    needs: 'reopen',
    async run({ storage, reopen }) {
      await write(storage, ...['5', '3', '4', '1', '2'].map((id) => append('lane', id)), append('gone', '1'));
      await write(storage, remove('lane', '4'), remove('gone', '1'));
      const reopened = await reopen(storage);
      assert.deepEqual(await reopened.lanes({ limit: 10 }), ['lane']);
      await write(reopened, append('lane', '4'), append('lane', '0'), remove('lane', '1'));
      const again = await reopen(reopened);
      await write(again, append('lane', '1'));
      assert.deepEqual(await laneIds(again, 'lane'), ['5', '3', '2', '4', '0', '1']);
    },
  },
  {
    name: 'tokens go on growing, also of a lane that was empty, and old ones settle nothing',
    needs: 'reopen',
    async run({ storage, reopen, pass, leaseMs }) {
      await write(storage, append('a', '1'), append('b', '1'));
      const a = lease('a', (await takeLane(storage, 'a', 'old', leaseMs)).token);
      const b = lease('b', (await takeLane(storage, 'b', 'old', leaseMs)).token);
      assert.equal((await writeIf(storage, [b], remove('b', '1'))).committed, true);
      const reopened = await reopen(storage);
      await pass(leaseMs);
      await write(reopened, append('b', '2'));
      assert.ok((await takeLane(reopened, 'a', 'new')).token > a.token);
      assert.ok((await takeLane(reopened, 'b', 'new')).token > b.token);
      for (const old of [a, b]) assertRefused(await writeIf(reopened, [old], put('x')), old);
    },
  },
  {
    name: 'a list is read on from where it was',
    needs: 'reopen',
    async run({ storage, reopen }) {
      await write(storage, put('a'), put('b'), put('c'));
      const { next } = await storage.list({ prefix: '', limit: 2 });
      const page = await (await reopen(storage)).list({ prefix: '', limit: 2, after: next });
      assert.deepEqual(keysOf(page), ['c']);
      assert.equal(page.next, undefined);
    },
  },
  {
    name: 'calls after close reject',
    needs: 'reopen',
    async run({ storage, close }) {
      await write(storage, append('lane', '1'));
      await close(storage);
      const calls: Readonly<Record<Exclude<keyof Storage, 'capabilities' | 'close'>, () => Promise<unknown>>> = {
        commit: () => storage.commit({ steps: [{ write: [put('a')] }] }),
        get: () => storage.get('a'),
        list: () => storage.list({ prefix: '', limit: 1 }),
        listKeys: () => storage.listKeys({ prefix: '', limit: 1 }),
        claimedUntil: () => storage.claimedUntil('a'),
        deleteRange: () => storage.deleteRange({ prefix: '', limit: 1 }),
        lanes: () => storage.lanes({ limit: 1 }),
        leaseLane: () => storage.leaseLane({ lane: 'lane', holder: 'a', leaseMs: 1000, limit: 1 }),
        releaseLane: () => storage.releaseLane({ lane: 'lane', token: 1 }),
      };
      for (const [method, call] of Object.entries(calls)) {
        await assert.rejects(call, `Expected that ${method} rejects after close, but it resolved`);
      }
    },
  },
];
