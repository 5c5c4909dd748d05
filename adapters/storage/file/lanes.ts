import type { LaneEntry, LeaseRequest, LeaseResult } from '../../../src/index.js';
import type { Draft } from './draft.js';
import { damaged, parseObject } from './kept.js';
import type { ProcessIdentity } from './process-identity.js';
import { behindAll, isSortableNumber, joiner, nothing, sortableNumber } from './tables.js';

/** What is kept of a lane, also when it is empty: its tokens must only ever grow. */
interface Lane {
  readonly token: number;
  /** The number of the next entry. */
  readonly next: number;
  readonly count: number;
  readonly lease?: Lease;
}

interface Lease {
  readonly holder: string;
  readonly untilMs: number;
  /** The process that took it. */
  readonly taker: ProcessIdentity;
}

/** What is needed to judge a lease. */
export interface LeaseClock {
  /** The clock by which leases expire, in epoch milliseconds. */
  readonly now: () => number;
  /** This process. */
  readonly self: ProcessIdentity;
  /** Whether a process is certainly gone. */
  readonly isGone: (identity: ProcessIdentity) => boolean;
}

/** Adds an entry at the tail, or gives it a new value in its place. */
export function appendEntry(draft: Draft, name: string, id: string, json: string): void {
  const place = placeOf(draft, name, id);
  if (place !== undefined) {
    draft.put('entries', joined(name, place), joined(id, json));
    return;
  }
  const lane = readLane(draft, name);
  const number = sortableNumber(lane.next);
  draft.put('places', joined(name, id), number);
  draft.put('entries', joined(name, number), joined(id, json));
  if (lane.count === 0) draft.put('waiting', name, nothing);
  writeLane(draft, name, { ...lane, next: lane.next + 1, count: lane.count + 1 });
}

/** Takes an entry out, wherever it stands. */
export function removeEntry(draft: Draft, name: string, id: string): void {
  const place = placeOf(draft, name, id);
  if (place === undefined) return;
  const lane = readLane(draft, name);
  draft.remove('places', joined(name, id));
  draft.remove('entries', joined(name, place));
  if (lane.count === 1) draft.remove('waiting', name);
  writeLane(draft, name, { ...lane, count: lane.count - 1 });
}

/** Whether this token's lease is held. */
export function holdsLease(draft: Draft, name: string, token: number, nowMs: number): boolean {
  const { token: last, lease } = readLane(draft, name);
  return last === token && lease !== undefined && lease.untilMs > nowMs;
}

/** Takes or extends a lease, and reads the head of the lane. */
export function leaseLane(draft: Draft, request: LeaseRequest, { now, self, isGone }: LeaseClock): LeaseResult {
  const { lane: name, holder, leaseMs, limit } = request;
  const lane = readLane(draft, name);
  const nowMs = now();
  const held = lane.lease !== undefined && lane.lease.untilMs > nowMs ? lane.lease : undefined;
  if (held !== undefined && held.holder !== holder && !isGone(held.taker)) {
    return { type: 'held', expiresInMs: held.untilMs - nowMs };
  }
  if (lane.count === 0) {
    if (lane.lease !== undefined) writeLane(draft, name, withoutLease(lane));
    return { type: 'empty' };
  }
  const token = held?.holder === holder ? lane.token : lane.token + 1;
  writeLane(draft, name, { ...lane, token, lease: { holder, untilMs: nowMs + leaseMs, taker: self } });
  const isTakenOver = lane.lease !== undefined && lane.lease.holder !== holder;
  return { type: 'leased', token, entries: headOf(draft, name, limit), isTakenOver };
}

/** Gives a lease back. */
export function releaseLane(draft: Draft, name: string, token: number): void {
  const lane = readLane(draft, name);
  if (lane.token === token && lane.lease !== undefined) writeLane(draft, name, withoutLease(lane));
}

function headOf(draft: Draft, name: string, limit: number): LaneEntry[] {
  const keys = draft.keys('entries', { prefix: joined(name, ''), end: joined(name, behindAll), limit });
  return keys.map((key) => {
    const text = draft.get('entries', key) as string;
    const end = text.indexOf(joiner);
    if (end < 1) damaged('entries', key);
    return { id: text.slice(0, end), value: parseObject('entries', key, text.slice(end + 1)) };
  });
}

function placeOf(draft: Draft, name: string, id: string): string | undefined {
  const key = joined(name, id);
  const place = draft.get('places', key);
  return place === undefined || isSortableNumber(place) ? place : damaged('places', key);
}

function readLane(draft: Draft, name: string): Lane {
  const text = draft.get('lanes', name);
  if (text === undefined) return { token: 0, next: 0, count: 0 };
  const lane = parseObject<Partial<Lane>>('lanes', name, text);
  return isLane(lane) ? lane : damaged('lanes', name);
}

function isLane(lane: Partial<Lane>): lane is Lane {
  const { token, next, count, lease } = lane;
  if (![token, next, count].every((counter) => Number.isSafeInteger(counter) && Number(counter) >= 0)) return false;
  return lease === undefined || (typeof lease?.holder === 'string' && typeof lease.taker?.place === 'string');
}

function writeLane(draft: Draft, name: string, lane: Lane): void {
  draft.put('lanes', name, JSON.stringify(lane));
}

function withoutLease({ lease: _, ...lane }: Lane): Lane {
  return lane;
}

function joined(lane: string, rest: string): string {
  return `${lane}${joiner}${rest}`;
}
