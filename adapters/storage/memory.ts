/**
 * A storage in memory: nothing outlives the process. For tests, and where nothing may be kept.
 *
 * @packageDocumentation
 */
import type {
  Commit,
  KeyPage,
  LaneEntry,
  ListQuery,
  Precondition,
  Step,
  StepResult,
  Storage,
  StoredRecord,
  Write,
} from '../../src/index.js';
import { checkAdapterOptions } from '../../src/ports/adapter-options.js';
import { checkName, toJsonText } from '../../src/ports/storage-input.js';
import { createSortedKeys, rangeBehind } from './sorted-keys.js';

/** What {@link memoryStorage} takes. */
export interface MemoryStorageOptions {
  /** The clock by which lane leases expire, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** A value as text: a copy by nature, and what JSON can't say is as lost here as in a file. */
type Text = string;

interface KeptRecord {
  readonly text: Text;
  readonly revision: number;
}

interface Lane {
  /** In the order in which they were appended. */
  readonly entries: Map<string, Text>;
  token: number;
  holder: string | undefined;
  expiresAtMs: number;
}

/** After how many claims those that have expired are swept. */
const sweepEvery = 1000;

/**
 * Keeps everything in memory: for tests, for trying things out, and for training loops whose alerts need not survive
 * the process.
 *
 * @param options - The clock of the leases.
 * @returns A storage that is neither durable nor shared. Closing it keeps what it holds, so that a test can open a second
 * engine on it.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  checkAdapterOptions(options, { now: 'function' });
  const now = options.now ?? Date.now;
  const records = new Map<string, KeptRecord>();
  const claims = new Map<string, number>();
  const lanes = new Map<string, Lane>();
  const sortedKeys = createSortedKeys(records);
  let claimsSinceSweep = 0;

  const laneOf = (name: string): Lane => {
    const lane = lanes.get(name) ?? { entries: new Map(), token: 0, holder: undefined, expiresAtMs: 0 };
    lanes.set(name, lane);
    return lane;
  };

  const isLeased = (lane: Lane): boolean => lane.holder !== undefined && lane.expiresAtMs > now();

  const holds = (condition: Precondition): boolean => {
    switch (condition.type) {
      case 'claim':
        return (claims.get(condition.key) ?? Number.NEGATIVE_INFINITY) <= condition.nowMs;
      case 'revision':
        return (records.get(condition.key)?.revision ?? 0) === condition.revision;
      case 'lease': {
        const lane = lanes.get(condition.lane);
        return lane !== undefined && isLeased(lane) && lane.token === condition.token;
      }
      default:
        return condition satisfies never;
    }
  };

  const takeClaims = (conditions: readonly Precondition[]): void => {
    for (const condition of conditions) {
      if (condition.type !== 'claim') continue;
      claims.set(condition.key, condition.untilMs);
      claimsSinceSweep += 1;
      if (claimsSinceSweep < sweepEvery) continue;
      claimsSinceSweep = 0;
      for (const [key, untilMs] of claims) if (untilMs <= condition.nowMs) claims.delete(key);
    }
  };

  const put = (key: string, text: Text): void => {
    const before = records.get(key);
    if (before === undefined) sortedKeys.changed(key);
    records.set(key, { text, revision: (before?.revision ?? 0) + 1 });
  };

  const read = (key: string): StoredRecord | undefined => {
    const record = records.get(key);
    return record === undefined ? undefined : { key, value: JSON.parse(record.text), revision: record.revision };
  };

  const keyPage = (query: ListQuery): KeyPage => {
    const sorted = sortedKeys.inOrder();
    const { start, end } = rangeBehind(sorted, query);
    const isAscending = query.order !== 'descending';
    const first = isAscending ? start : Math.max(start, end - query.limit);
    const page = sorted.slice(first, isAscending ? Math.min(end, start + query.limit) : end);
    const hasMore = end - start > query.limit;
    if (!isAscending) page.reverse();
    return { keys: page, next: hasMore ? page.at(-1) : undefined };
  };

  const remove = (key: string): void => {
    if (records.delete(key)) sortedKeys.changed(key);
  };

  /** Prepares a write: what it returns can't fail any more, so that a commit is never written in part. */
  const prepare = (write: Write): (() => void) => {
    switch (write.type) {
      case 'put': {
        const [key, text] = [checkName(write.key), toJsonText(write.value)];
        return () => put(key, text);
      }
      case 'delete': {
        const key = checkName(write.key);
        return () => remove(key);
      }
      case 'append': {
        const [lane, id, text] = [checkName(write.lane), checkName(write.id), toJsonText(write.value)];
        return () => laneOf(lane).entries.set(id, text);
      }
      case 'remove': {
        const [lane, id] = [checkName(write.lane), checkName(write.id)];
        return () => lanes.get(lane)?.entries.delete(id);
      }
      default:
        return write satisfies never;
    }
  };

  const prepareStep = ({ when = [], write, otherwise = [] }: Step): (() => StepResult) => {
    checkConditions(when);
    const writes = write.map(prepare);
    const others = otherwise.map(prepare);
    return () => {
      const conflict = when.find((condition) => !holds(condition));
      if (conflict === undefined) {
        takeClaims(when);
        for (const apply of writes) apply();
        return { written: true };
      }
      const heldUntilMs = conflict.type === 'claim' ? claims.get(conflict.key) : undefined;
      for (const apply of others) apply();
      return { written: false, conflict, heldUntilMs };
    };
  };

  return {
    capabilities: { durable: false, shared: false },
    async commit({ require = [], steps }: Commit) {
      checkConditions(require);
      const prepared = steps.map(prepareStep);
      const conflict = require.find((condition) => !holds(condition));
      if (conflict !== undefined) return { committed: false, conflict };
      takeClaims(require);
      return { committed: true, steps: prepared.map((apply) => apply()) };
    },
    get: async (key) => read(checkName(key)),
    async list(query) {
      const { keys, next } = keyPage(query);
      return { records: keys.flatMap((key) => read(key) ?? []), next };
    },
    listKeys: async (query) => keyPage(query),
    claimedUntil: async (key) => claims.get(checkName(key)),
    async deleteRange({ prefix, before, limit }) {
      const sorted = sortedKeys.inOrder();
      const { start, end } = rangeBehind(sorted, { prefix, after: before, order: 'descending' });
      const deleted = sorted.splice(start, Math.min(end - start, limit));
      for (const key of deleted) records.delete(key);
      return deleted.length;
    },
    async lanes({ after, limit }) {
      const names = [...lanes].filter(([, { entries }]) => entries.size > 0).map(([name]) => name);
      const sorted = names.sort().filter((name) => after === undefined || name > after);
      return sorted.slice(0, limit);
    },
    async leaseLane({ lane: name, holder, leaseMs, limit }) {
      const lane = lanes.get(checkName(name));
      if (lane === undefined) return { type: 'empty' };
      const isHeldBy = isLeased(lane) ? lane.holder : undefined;
      if (isHeldBy !== undefined && isHeldBy !== holder) return { type: 'held', expiresInMs: lane.expiresAtMs - now() };
      if (lane.entries.size === 0) {
        lane.holder = undefined;
        return { type: 'empty' };
      }
      const isTakenOver = lane.holder !== undefined && lane.holder !== holder;
      if (isHeldBy === undefined) lane.token += 1;
      lane.holder = holder;
      lane.expiresAtMs = now() + leaseMs;
      return { type: 'leased', token: lane.token, entries: firstEntries(lane, limit), isTakenOver };
    },
    async releaseLane({ lane: name, token }) {
      const lane = lanes.get(checkName(name));
      if (lane?.token === token) lane.holder = undefined;
    },
    async close() {},
  };
}

function checkConditions(conditions: readonly Precondition[]): void {
  for (const condition of conditions) checkName(condition.type === 'lease' ? condition.lane : condition.key);
}

function firstEntries(lane: Lane, limit: number): LaneEntry[] {
  const entries: LaneEntry[] = [];
  for (const [id, text] of lane.entries) {
    if (entries.length === limit) break;
    entries.push({ id, value: JSON.parse(text) });
  }
  return entries;
}
