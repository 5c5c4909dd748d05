import { readdirSync } from 'node:fs';
import type { LeaseResult } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { describe, expect, test } from 'vitest';
import { storageFolders } from './storage-folders.js';
import { startOn } from './storage-process.js';

const newPath = storageFolders();

describe('processes that share a folder', () => {
  test('may all make it, lose nothing to each other, and win each claim once', { timeout: 60_000 }, async () => {
    const path = newPath();
    const names = ['first', 'second', 'third'];
    const processes = names.map((name) => startOn(path, name, 'count', 40));
    await Promise.all(processes.map(({ ended }) => ended));
    const won = processes.map(({ said }) => Number(said[0]?.['won']));
    expect(won.reduce((sum, count) => sum + count, 0)).toBe(40);

    const storage = fileStorage({ path });
    expect(await storage.get('counter')).toEqual({ key: 'counter', value: { n: 120 }, revision: 120 });
    const leased = await storage.leaseLane({ lane: 'lane', holder: 'test', leaseMs: 1000, limit: 1000 });
    const ids = leased.type === 'leased' ? leased.entries.map(({ id }) => id) : [];
    expect(ids).toHaveLength(120);
    for (const name of names) {
      const own = ids.filter((id) => id.startsWith(name));
      expect(own).toEqual(Array.from({ length: 40 }, (_, index) => `${name}-${index}`));
    }
    await storage.close();
    expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb']);
  });

  test('see at once what another has committed, and wait for no other that is busy', { timeout: 60_000 }, async () => {
    const path = newPath();
    const storage = fileStorage({ path });
    const pump = startOn(path, 'pump', 'pump', 16);
    await pump.hasSaid(200);
    // It stands still, wherever it is: in JavaScript it holds no lock.
    for (let round = 1; round <= 20; round += 1) {
      await storage.commit({ steps: [{ write: [{ type: 'put', key: 'ours', value: { round } }] }] });
      expect((await storage.get('ours'))?.revision).toBe(round);
    }
    const { keys } = await storage.listKeys({ prefix: 'k/pump/', limit: 100_000 });
    const resolved = pump.said.map(({ index }) => `k/pump/${String(index).padStart(7, '0')}`);
    expect(keys.length).toBeGreaterThanOrEqual(200);
    expect(resolved.slice(0, 200).every((key) => keys.includes(key))).toBe(true);
    pump.child.kill('SIGKILL');
    await pump.ended;
    await storage.close();
  });

  test('have all that resolved when one is killed in the middle of writing, again and again', {
    timeout: 120_000,
  }, async () => {
    const path = newPath();
    const counts: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const name = `pump-${round}`;
      const pump = startOn(path, name, 'pump', 32);
      await pump.hasSaid(100 + round * 77);
      pump.child.kill('SIGKILL');
      await pump.ended;

      const storage = fileStorage({ path });
      const { keys } = await storage.listKeys({ prefix: `k/${name}/`, limit: 1_000_000 });
      const there = new Set(keys);
      const lost = pump.said.filter(({ index }) => !there.has(`k/${name}/${String(index).padStart(7, '0')}`));
      expect(lost).toEqual([]);
      // Each commit is there whole, and those that did not resolve are the last ones.
      const leased = await storage.leaseLane({ lane: name, holder: 'test', leaseMs: 1000, limit: 1_000_000 });
      const entries = leased.type === 'leased' ? leased.entries : [];
      expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: keys.length }, (_, index) => `${index}`));
      counts.push(keys.length);
      await storage.close();
    }
    const storage = fileStorage({ path });
    const { keys } = await storage.listKeys({ prefix: 'k/', limit: 1_000_000 });
    expect(keys).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
    await storage.close();
  });
});

describe('the lease of a process', () => {
  test('is free when it has been killed, with a larger token', { timeout: 60_000 }, async () => {
    const path = newPath();
    const storage = fileStorage({ path });
    const ask = (): Promise<LeaseResult> =>
      storage.leaseLane({ lane: 'lane', holder: 'test', leaseMs: 60_000, limit: 1 });
    await storage.commit({ steps: [{ write: [{ type: 'append', lane: 'lane', id: '1', value: {} }] }] });
    const holder = startOn(path, 'holder', 'hold');
    await holder.hasSaid(1);
    const token = Number(holder.said[0]?.['token']);
    expect(await ask()).toMatchObject({ type: 'held' });

    // One that stands still is not gone: it may go on.
    holder.child.kill('SIGSTOP');
    expect(await ask()).toMatchObject({ type: 'held' });
    holder.child.kill('SIGCONT');
    expect(await ask()).toMatchObject({ type: 'held' });

    holder.child.kill('SIGKILL');
    await holder.ended;
    const leased = await ask();
    expect(leased).toMatchObject({ type: 'leased', entries: [{ id: '1' }] });
    expect(leased.type === 'leased' && leased.token).toBeGreaterThan(token);
    const settle = await storage.commit({ require: [{ type: 'lease', lane: 'lane', token }], steps: [] });
    expect(settle.committed).toBe(false);
    await storage.close();
  });

  test('stays held when another of the same process asks', async () => {
    const path = newPath();
    const [one, other] = [fileStorage({ path }), fileStorage({ path })];
    await one.commit({ steps: [{ write: [{ type: 'append', lane: 'lane', id: '1', value: {} }] }] });
    const request = { lane: 'lane', leaseMs: 60_000, limit: 1 };
    expect(await one.leaseLane({ ...request, holder: 'one' })).toMatchObject({ type: 'leased', token: 1 });
    expect(await other.leaseLane({ ...request, holder: 'other' })).toMatchObject({ type: 'held' });
    await one.close();
    expect(await other.leaseLane({ ...request, holder: 'other' })).toMatchObject({ type: 'held' });
    await other.close();
  });
});
