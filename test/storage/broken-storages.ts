import type { Commit, Precondition, Step, Storage, StoredRecord, Write } from 'tocsin';

/** A storage with one fault, and the theme of the contract that must find it. */
export interface BrokenStorage {
  readonly fault: string;
  readonly foundBy: string;
  /** Breaks a storage that works. */
  readonly broken: (storage: Storage) => Partial<Storage>;
}

/** Faults that an adapter could have in how it keeps records and lists them. */
export const brokenRecords: readonly BrokenStorage[] = [
  {
    fault: 'returns live objects',
    foundBy: 'copies',
    broken: (storage) => {
      const live = new Map<string, StoredRecord>();
      return {
        async get(key) {
          const record = await storage.get(key);
          if (record === undefined) return undefined;
          const known = live.get(key);
          if (known?.revision === record.revision) return known;
          live.set(key, record);
          return record;
        },
      };
    },
  },
  {
    fault: 'lists live objects',
    foundBy: 'copies',
    broken: (storage) => {
      const pages = new Map<string, ReturnType<Storage['list']>>();
      return {
        list(query) {
          const page = pages.get(JSON.stringify(query)) ?? storage.list(query);
          pages.set(JSON.stringify(query), page);
          return page;
        },
      };
    },
  },
  {
    fault: 'goes on with the revision of a deleted record',
    foundBy: 'records',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withWrites(commit, (write) =>
            write.type === 'delete' ? [{ type: 'put', key: write.key, value: { deleted: true } }] : [write],
          ),
        ),
      async get(key) {
        const record = await storage.get(key);
        return record?.value['deleted'] === true ? undefined : record;
      },
    }),
  },
  {
    fault: 'cuts keys at 255 characters',
    foundBy: 'records',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withWrites(commit, (write) => [write.type === 'put' ? { ...write, key: cut(write.key) } : write]),
        ),
      get: (key) => storage.get(cut(key)),
    }),
  },
  {
    fault: 'folds the case of keys',
    foundBy: 'records',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withWrites(commit, (write) => [write.type === 'put' ? { ...write, key: write.key.toLowerCase() } : write]),
        ),
      get: (key) => storage.get(key.toLowerCase()),
    }),
  },
  {
    fault: 'replaces half characters',
    foundBy: 'values',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(withWrites(commit, (write) => [mapTexts(write, (text) => Buffer.from(text).toString())])),
    }),
  },
  {
    fault: 'cuts texts at 64 KiB',
    foundBy: 'values',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(withWrites(commit, (write) => [mapTexts(write, (text) => text.slice(0, 65_536))])),
    }),
  },
  {
    fault: 'lists in the order of a language',
    foundBy: 'listing',
    broken: (storage) => ({
      async list(query) {
        const page = await storage.list(query);
        return { ...page, records: page.records.toSorted((a, b) => a.key.localeCompare(b.key, 'en')) };
      },
    }),
  },
  {
    fault: 'lists ascending only',
    foundBy: 'listing',
    broken: (storage) => ({ list: (query) => storage.list({ ...query, order: 'ascending' }) }),
  },
  {
    fault: 'always says that there is a next page',
    foundBy: 'listing',
    broken: (storage) => ({
      async list(query) {
        const page = await storage.list(query);
        return { ...page, next: page.records.at(-1)?.key };
      },
    }),
  },
  {
    fault: 'never says that there is a next page',
    foundBy: 'listing',
    broken: (storage) => ({ list: async (query) => ({ ...(await storage.list(query)), next: undefined }) }),
  },
  {
    fault: 'starts the next page with the last record of the one before',
    foundBy: 'listing',
    broken: (storage) => ({
      async list(query) {
        const page = await storage.list(query);
        const last = query.after === undefined ? undefined : await storage.get(query.after);
        return { ...page, records: last === undefined ? page.records : [last, ...page.records] };
      },
    }),
  },
  {
    fault: 'takes a prefix for a pattern',
    foundBy: 'listing',
    broken: (storage) => ({
      async list(query) {
        const pattern = query.prefix.replaceAll('_', '');
        return storage.list({ ...query, prefix: pattern });
      },
    }),
  },
  {
    fault: 'deletes the record at the end of the range too',
    foundBy: 'range deletion',
    broken: (storage) => ({
      deleteRange: (range) => storage.deleteRange({ ...range, before: range.before && `${range.before}!` }),
    }),
  },
  {
    fault: 'deletes without a limit',
    foundBy: 'range deletion',
    broken: (storage) => ({ deleteRange: (range) => storage.deleteRange({ ...range, limit: 1_000_000 }) }),
  },
  {
    fault: 'says how many it could delete, not how many it did',
    foundBy: 'range deletion',
    broken: (storage) => ({
      async deleteRange(range) {
        await storage.deleteRange(range);
        return range.limit;
      },
    }),
  },
];

/** Changes every write of a commit. */
export function withWrites(commit: Commit, change: (write: Write) => readonly Write[]): Commit {
  return withSteps(commit, (step) => ({
    ...step,
    write: step.write.flatMap(change),
    ...(step.otherwise === undefined ? {} : { otherwise: step.otherwise.flatMap(change) }),
  }));
}

/** Changes every step of a commit. */
export function withSteps(commit: Commit, change: (step: Step) => Step): Commit {
  return { ...commit, steps: commit.steps.map(change) };
}

/** Changes every precondition of a commit. */
export function withConditions(commit: Commit, change: (condition: Precondition) => readonly Precondition[]): Commit {
  const steps = withSteps(commit, (step) => ({ ...step, when: (step.when ?? []).flatMap(change) }));
  return { ...steps, require: (commit.require ?? []).flatMap(change) };
}

function mapTexts(write: Write, change: (text: string) => string): Write {
  if (write.type !== 'put' && write.type !== 'append') return write;
  const revive = (_name: string, value: unknown) => (typeof value === 'string' ? change(value) : value);
  return { ...write, value: JSON.parse(JSON.stringify(write.value), revive) };
}

function cut(key: string): string {
  return key.slice(0, 255);
}
