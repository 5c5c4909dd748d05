import type {
  CommitResult,
  JsonObject,
  LaneEntry,
  LeaseResult,
  ListQuery,
  Precondition,
  RecordPage,
  Step,
  StepResult,
  Storage,
  StoredRecord,
  Write,
} from 'tocsin';

interface NaiveLease {
  lane: string;
  token: number;
  holder: string;
  untilMs: number;
  isReturned: boolean;
}

/** Everything in lists, searched from end to end: slow, and too simple to be wrong in the same way as a real storage. */
interface State {
  records: StoredRecord[];
  claims: { key: string; untilMs: number }[];
  entries: (LaneEntry & { lane: string })[];
  leases: NaiveLease[];
}

/** A model of storage to compare real ones with; `now` is the clock of its leases. */
export function naiveStorage(now: () => number): Storage {
  const state: State = { records: [], claims: [], entries: [], leases: [] };
  const lanesNow = () => [...new Set(state.entries.map(({ lane }) => lane))].sort();
  const leaseNow = (lane: string) => state.leases.find((lease) => lease.lane === lane && lease.untilMs > now());

  return {
    capabilities: { durable: false, shared: false },
    async commit({ require = [], steps }): Promise<CommitResult> {
      const conflict = require.find((condition) => !isTrue(state, condition, now()));
      if (conflict !== undefined) return { committed: false, conflict };
      const asStep = applyStep(state, { when: require, write: [] }, now());
      if (!asStep.written) throw new Error('What is required has just been found to hold');
      return { committed: true, steps: steps.map((step) => applyStep(state, step, now())) };
    },
    get: async (key) => state.records.find((record) => record.key === key),
    list: async (query) => listNaively(state.records, query),
    async listKeys(query) {
      const { records, next } = listNaively(state.records, query);
      return { keys: records.map(({ key }) => key), next };
    },
    claimedUntil: async (key) => state.claims.findLast((claim) => claim.key === key)?.untilMs,
    async deleteRange({ prefix, before, limit }) {
      const inRange = ({ key }: StoredRecord) => key.startsWith(prefix) && (before === undefined || key < before);
      const doomed = state.records.filter(inRange).map(({ key }) => key);
      const first = doomed.sort().slice(0, limit);
      state.records = state.records.filter(({ key }) => !first.includes(key));
      return first.length;
    },
    lanes: async ({ after = '', limit }) =>
      lanesNow()
        .filter((name) => name > after)
        .slice(0, limit),
    async leaseLane({ lane, holder, leaseMs, limit }): Promise<LeaseResult> {
      const held = leaseNow(lane);
      if (held !== undefined && held.holder !== holder) return { type: 'held', expiresInMs: held.untilMs - now() };
      const entries = state.entries.filter((entry) => entry.lane === lane);
      if (entries.length === 0) {
        const last = state.leases.findLast((lease) => lease.lane === lane);
        if (held !== undefined) held.untilMs = now();
        if (last !== undefined) last.isReturned = true;
        return { type: 'empty' };
      }
      const last = state.leases.findLast((lease) => lease.lane === lane);
      const isTakenOver = last !== undefined && !last.isReturned && last.holder !== holder;
      const token = held?.token ?? state.leases.filter((lease) => lease.lane === lane).length + 1;
      if (held === undefined) state.leases.push({ lane, token, holder, untilMs: now() + leaseMs, isReturned: false });
      else held.untilMs = now() + leaseMs;
      const head = entries.slice(0, limit).map(({ id, value }) => ({ id, value }));
      return { type: 'leased', token, entries: head, isTakenOver };
    },
    async releaseLane({ lane, token }) {
      const last = state.leases.findLast((lease) => lease.lane === lane);
      if (last?.token !== token) return;
      last.untilMs = Math.min(last.untilMs, now());
      last.isReturned = true;
    },
    async close() {},
  };
}

function listNaively(records: readonly StoredRecord[], query: ListQuery): RecordPage {
  const { prefix, after, limit, order } = query;
  const sorted = records.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
  const directed = order === 'descending' ? sorted.toReversed() : sorted;
  const isBehind = (key: string) => after === undefined || (order === 'descending' ? key < after : key > after);
  const left = directed.filter(({ key }) => isBehind(key));
  const page = left.slice(0, limit);
  return { records: page, next: left.length > limit ? page.at(-1)?.key : undefined };
}

function isTrue(state: State, condition: Precondition, nowMs: number): boolean {
  switch (condition.type) {
    case 'claim':
      return (state.claims.findLast(({ key }) => key === condition.key)?.untilMs ?? -1) <= condition.nowMs;
    case 'revision':
      return (state.records.find(({ key }) => key === condition.key)?.revision ?? 0) === condition.revision;
    case 'lease':
      return state.leases.some(
        ({ lane, token, untilMs }) => lane === condition.lane && token === condition.token && untilMs > nowMs,
      );
    default:
      return condition satisfies never;
  }
}

function applyStep(state: State, { when = [], write, otherwise = [] }: Step, nowMs: number): StepResult {
  const conflict = when.find((condition) => !isTrue(state, condition, nowMs));
  if (conflict === undefined) {
    for (const condition of when) if (condition.type === 'claim') state.claims.push(condition);
    for (const each of write) applyWrite(state, each);
    return { written: true };
  }
  const claim = state.claims.findLast(({ key }) => conflict.type === 'claim' && key === conflict.key);
  for (const each of otherwise) applyWrite(state, each);
  return { written: false, conflict, heldUntilMs: claim?.untilMs };
}

function applyWrite(state: State, write: Write): void {
  switch (write.type) {
    case 'put': {
      const before = state.records.find(({ key }) => key === write.key);
      const record = { key: write.key, value: copy(write.value), revision: (before?.revision ?? 0) + 1 };
      state.records = [...state.records.filter(({ key }) => key !== write.key), record];
      return;
    }
    case 'delete':
      state.records = state.records.filter(({ key }) => key !== write.key);
      return;
    case 'append': {
      const entry = { lane: write.lane, id: write.id, value: copy(write.value) };
      const place = state.entries.findIndex(({ lane, id }) => lane === write.lane && id === write.id);
      if (place === -1) state.entries.push(entry);
      else state.entries[place] = entry;
      return;
    }
    case 'remove':
      state.entries = state.entries.filter(({ lane, id }) => lane !== write.lane || id !== write.id);
      return;
    default:
      write satisfies never;
  }
}

function copy(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
