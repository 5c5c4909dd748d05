import { beforeAll, type TableName, type Tables, tableNames } from './tables.js';

/** What a group of commits will write: read through it, each commit sees what those before it have done. */
export interface Draft {
  get(table: TableName, key: string): string | undefined;
  put(table: TableName, key: string, text: string): void;
  remove(table: TableName, key: string): void;
  /** The first keys with a prefix that are below `end`, in their order. */
  keys(table: TableName, range: { readonly prefix: string; readonly end: string; readonly limit: number }): string[];
  /** Notes that so many claims were taken, by somebody whose clock says `nowMs`. */
  tookClaims(count: number, nowMs: number): void;
  readonly claimsTaken: number;
  readonly claimsTakenAtMs: number;
  /** How many keys are put or removed. */
  readonly changes: number;
  /** How many bytes are put, about. */
  readonly bytes: number;
  /** Writes it all; inside a transaction, or a batch of lmdb. */
  write(): void;
}

/** Begins a draft on what is committed. */
export function createDraft(tables: Tables): Draft {
  const changes = new Map<TableName, Map<string, string | undefined>>(tableNames.map((name) => [name, new Map()]));
  let claimsTaken = 0;
  let claimsTakenAtMs = Number.NEGATIVE_INFINITY;
  let bytes = 0;
  const changesOf = (table: TableName) => changes.get(table) as Map<string, string | undefined>;

  return {
    get(table, key) {
      const changed = changesOf(table);
      const text = changed.get(key);
      return text !== undefined || changed.has(key) ? text : tables[table].get(key);
    },
    put(table, key, text) {
      changesOf(table).set(key, text);
      bytes += key.length + text.length;
    },
    remove(table, key) {
      changesOf(table).set(key, undefined);
    },
    keys(table, { prefix, end, limit }) {
      const changed = changesOf(table);
      const added = [...changed].flatMap(([key, text]) =>
        text !== undefined && key.startsWith(prefix) && key < end ? [key] : [],
      );
      const kept: string[] = [];
      for (const key of tables[table].getKeys({ start: prefix === '' ? beforeAll : prefix, end })) {
        if (kept.length === limit) break;
        if (!changed.has(key)) kept.push(key);
      }
      return added.length === 0 ? kept : [...kept, ...added].sort().slice(0, limit);
    },
    tookClaims(count, nowMs) {
      claimsTaken += count;
      claimsTakenAtMs = Math.max(claimsTakenAtMs, nowMs);
    },
    get claimsTaken() {
      return claimsTaken;
    },
    get claimsTakenAtMs() {
      return claimsTakenAtMs;
    },
    get changes() {
      return tableNames.reduce((sum, name) => sum + changesOf(name).size, 0);
    },
    get bytes() {
      return bytes;
    },
    write() {
      for (const [name, changed] of changes) {
        const table = tables[name];
        for (const [key, text] of changed) {
          if (text === undefined) table.remove(key);
          else table.put(key, text);
        }
      }
    },
  };
}
