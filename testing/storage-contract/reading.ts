import assert from 'node:assert/strict';
import type { LaneEntry, LeaseResult, ListQuery, RecordPage, Storage } from '../../src/index.js';
import { longLeaseMs } from './contract-case.js';

/** More pages than any case has. */
const maxPages = 1000;

/** The keys of a page. */
export function keysOf(page: RecordPage): string[] {
  return page.records.map(({ key }) => key);
}

/** Reads page after page, and checks that none but an empty storage's is empty, and none too long. */
export async function listAllKeys(storage: Storage, query: ListQuery): Promise<string[]> {
  const keys: string[] = [];
  let after = query.after;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const page = await storage.list({ ...query, after });
    assert.ok(page.records.length <= query.limit, 'a page is no longer than its limit');
    keys.push(...keysOf(page));
    if (page.next === undefined) return keys;
    assert.ok(page.records.length > 0, 'a page that has a next one is not empty');
    after = page.next;
  }
  assert.fail('the pages never end');
}

/** A record's revision; 0 when there is none. */
export async function revisionOf(storage: Storage, key: string): Promise<number> {
  return (await storage.get(key))?.revision ?? 0;
}

/** Asks for a lane's lease. */
export function askForLane(
  storage: Storage,
  lane: string,
  holder: string,
  leaseMs: number = longLeaseMs,
): Promise<LeaseResult> {
  return storage.leaseLane({ lane, holder, leaseMs, limit: 1000 });
}

/** Takes a lane's lease, and checks that it was given. */
export async function takeLane(
  storage: Storage,
  lane: string,
  holder: string,
  leaseMs: number = longLeaseMs,
): Promise<{ readonly token: number; readonly entries: readonly LaneEntry[] }> {
  const result = await askForLane(storage, lane, holder, leaseMs);
  assert.ok(result.type === 'leased', `expected the lease for ${holder}, got ${result.type}`);
  return result;
}

/** The ids of a lane that nobody holds, in order. */
export async function laneIds(storage: Storage, lane: string): Promise<string[]> {
  const result = await askForLane(storage, lane, 'reader');
  if (result.type === 'empty') return [];
  assert.ok(result.type === 'leased', 'expected that nobody holds the lane');
  await storage.releaseLane({ lane, token: result.token });
  return result.entries.map(({ id }) => id);
}
