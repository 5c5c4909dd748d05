import type { Commit, CommitResult } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { describe, expect, test } from 'vitest';
import { prepareCommit } from '../../adapters/storage/file/apply-commit.js';
import { createGroupCommit } from '../../adapters/storage/file/group-commit.js';
import { type Database, openDatabase } from '../../adapters/storage/file/open-database.js';
import { settingsOf } from '../../adapters/storage/file/options.js';
import { deleteRecords } from '../../adapters/storage/file/records.js';
import { storageFolders } from './storage-folders.js';

const newPath = storageFolders();

/** Opens a file with its queue, to look at what stands in it. */
function openQueue(change: (database: Database) => Database = (database) => database) {
  const settings = settingsOf({ path: newPath(), durability: 'process' });
  const database = openDatabase(settings);
  const queue = createGroupCommit(change(database), settings);
  const commit = (asked: Commit): Promise<CommitResult> => {
    const apply = prepareCommit(asked);
    return queue.submit((draft) => apply(draft, 0), true);
  };
  const count = (table: keyof Database['tables']): number => {
    database.root.resetReadTxn();
    return [...database.tables[table].getKeys({ start: '\u0000', end: '\u00ff' })].length;
  };
  return { ...database, queue, commit, count };
}

const put = (key: string, n = 1): Commit => ({ steps: [{ write: [{ type: 'put', key, value: { n } }] }] });

describe('commits that wait', () => {
  test('are written together, in few transactions', async () => {
    const { root, about, commit } = openQueue();
    const sequence = () => Number(about.getEntry('sequence')?.version);
    const before = sequence();
    await Promise.all(Array.from({ length: 1000 }, (_, index) => commit(put(`k/${index}`))));
    root.resetReadTxn();
    expect(sequence() - before).toBeLessThanOrEqual(5);
    await root.close();
  });

  test('write nothing at all when nothing is to be written', async () => {
    const { root, about, commit } = openQueue();
    const before = about.getEntry('sequence')?.version;
    await commit({ steps: [] });
    await commit({ require: [{ type: 'revision', key: 'a', revision: 3 }], steps: put('a').steps });
    root.resetReadTxn();
    expect(about.getEntry('sequence')?.version).toBe(before);
    await root.close();
  });

  test('are each answered truly when one of them meets a record that is spoilt', async () => {
    const { root, queue, commit, count } = openQueue();
    const spoilt = queue.submit(() => {
      throw new Error('This record is spoilt');
    }, true);
    const results = await Promise.allSettled([commit(put('a')), spoilt, commit(put('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(count('records')).toBe(2);
    await root.close();
  });

  test('are seen by a lease and a deletion that are called with them', async () => {
    const storage = fileStorage({ path: newPath(), durability: 'process' });
    const append = (id: string, n: number) => ({ type: 'append' as const, lane: 'lane', id, value: { n } });
    const record = (key: string) => ({ type: 'put' as const, key, value: {} });
    const write = [append('1', 1), append('2', 1), append('3', 1), record('a/1'), record('a/2'), record('a/3')];
    await storage.commit({ steps: [{ write }] });
    const [, leased, deleted] = await Promise.all([
      storage.commit({
        steps: [
          { write: [{ type: 'remove', lane: 'lane', id: '1' }, append('4', 2), append('2', 2)] },
          { write: [{ type: 'delete', key: 'a/1' }, record('a/0'), record('a/2'), record('a/4')] },
        ],
      }),
      storage.leaseLane({ lane: 'lane', holder: 'test', leaseMs: 1000, limit: 3 }),
      storage.deleteRange({ prefix: 'a/', before: 'a/4', limit: 10 }),
    ]);
    expect(leased).toMatchObject({
      entries: [
        { id: '2', value: { n: 2 } },
        { id: '3', value: { n: 1 } },
        { id: '4', value: { n: 2 } },
      ],
    });
    expect(deleted).toBe(3);
    expect((await storage.listKeys({ prefix: '', limit: 10 })).keys).toEqual(['a/4']);
    await storage.close();
  });

  test('get through when others are always faster, as they were called', async () => {
    let attempts = 0;
    const { root, queue, commit, count, tables } = openQueue((database) => {
      const about = Object.create(database.about, {
        ifVersion: {
          value: async () => {
            attempts += 1;
            return false;
          },
        },
      });
      return { ...database, about };
    });
    const claim = { type: 'claim', key: 'cooldown', nowMs: 1000, untilMs: 2000 } as const;
    const results = await Promise.all([
      commit(put('a', 1)),
      commit({ steps: [{ when: [claim], write: [{ type: 'append', lane: 'lane', id: '1', value: {} }] }] }),
      commit({ steps: [{ when: [claim], write: [], otherwise: [{ type: 'put', key: 'b', value: {} }] }] }),
      commit({ require: [{ type: 'revision', key: 'a', revision: 1 }], ...put('a', 2) }),
      queue.submit((draft) => deleteRecords(draft, { prefix: 'b', limit: 10 }), false),
    ]);
    expect(attempts).toBeGreaterThan(1);
    expect(results.at(-1)).toBe(1);
    expect(results[2]).toMatchObject({ steps: [{ written: false, heldUntilMs: 2000 }] });
    root.resetReadTxn();
    expect(tables.records.get('a')).toBe('2{"n":2}');
    expect([count('records'), count('entries'), count('claims')]).toEqual([1, 1, 1]);
    // What is thrown under the lock undoes the transaction.
    const thrown = queue.submit((draft) => {
      draft.put('records', 'c', '1{}');
      throw new Error('Not today');
    }, true);
    await expect(thrown).rejects.toThrow('Not today');
    expect(count('records')).toBe(1);
    await root.close();
  });
});

describe('claims that have ended', () => {
  test('are forgotten in time, and those that are held never', async () => {
    const { root, commit, count } = openQueue();
    const take = (key: string, nowMs: number, untilMs: number) =>
      commit({ steps: [{ when: [{ type: 'claim', key, nowMs, untilMs }], write: [] }] });
    await Promise.all(Array.from({ length: 100 }, (_, index) => take(`held/${index}`, 0, 10_000_000)));
    for (let start = 0; start < 20_000; start += 500) {
      await Promise.all(
        Array.from({ length: 500 }, (_, index) => take(`short/${start + index}`, start + index, start + index + 10)),
      );
    }
    expect(count('claims')).toBeLessThan(2500);
    expect(count('claimEnds')).toBe(count('claims'));
    const again = await take('held/7', 9_999_999, 10_000_001);
    expect(again).toMatchObject({ steps: [{ written: false, heldUntilMs: 10_000_000 }] });
    await root.close();
  });

  test('are forgotten when they have ended, not before, and when they are taken again only in the end', async () => {
    const { root, commit, count } = openQueue();
    const take = (key: string, nowMs: number, untilMs: number) =>
      commit({ steps: [{ when: [{ type: 'claim', key, nowMs, untilMs }], write: [] }] });
    await Promise.all(Array.from({ length: 1200 }, (_, index) => take(`old/${index % 400}`, index, index + 1)));
    await take('fraction', 0, 2000.5);
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => take(`new/${round}/${index}`, 2000, 3000)));
    }
    expect(count('claims')).toBe(1001);
    expect(count('claimEnds')).toBe(1001);
    expect(await take('fraction', 2000.4, 3000)).toMatchObject({ steps: [{ written: false, heldUntilMs: 2000.5 }] });
    expect(await take('fraction', 2000.5, 3000)).toMatchObject({ steps: [{ written: true }] });
    await root.close();
  });

  test('may end at any instant a number can say', async () => {
    const { root, commit, count } = openQueue();
    const ends = [-5, 0.5, 1e300, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER];
    for (const [index, untilMs] of ends.entries()) {
      const claim = { type: 'claim', key: `claim/${index}`, nowMs: -10, untilMs } as const;
      expect(await commit({ require: [claim], steps: [] })).toMatchObject({ committed: true });
      const again = await commit({ require: [{ ...claim, nowMs: untilMs - 1 }], steps: [] });
      expect(again.committed).toBe(!(untilMs - 1 < untilMs));
    }
    expect(count('claimEnds')).toBe(ends.length);
    await root.close();
  });
});

describe('lanes that are empty', () => {
  test('leave nothing but their counters, however many entries they have had', async () => {
    const { root, commit, count } = openQueue();
    for (let round = 0; round < 5; round += 1) {
      const ids = Array.from({ length: 100 }, (_, index) => `${round}-${index}`);
      await Promise.all(
        ids.map((id) => commit({ steps: [{ write: [{ type: 'append', lane: 'lane', id, value: {} }] }] })),
      );
      expect([count('entries'), count('places'), count('waiting')]).toEqual([100, 100, 1]);
      await Promise.all(ids.map((id) => commit({ steps: [{ write: [{ type: 'remove', lane: 'lane', id }] }] })));
      expect([count('entries'), count('places'), count('waiting'), count('lanes')]).toEqual([0, 0, 0, 1]);
    }
    await root.close();
  });
});
