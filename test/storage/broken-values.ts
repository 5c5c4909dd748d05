import type { JsonObject, Storage } from 'tocsin';
import { type BrokenStorage, withWrites } from './broken-storages.js';

/** What to make of a property; `undefined` leaves it out. */
type Revive = (name: string, value: unknown) => unknown;

/** Faults that an adapter could have in how it keeps values. */
export const brokenValues: readonly BrokenStorage[] = [
  {
    fault: 'drops properties named __proto__',
    foundBy: 'values',
    broken: (storage) => withValues(storage, (name, value) => (name === '__proto__' ? undefined : value)),
  },
  {
    fault: 'makes a prototype of a property named __proto__',
    foundBy: 'values',
    broken: (storage) =>
      withValues(storage, (_name, value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
        const copy: Record<string, unknown> = {};
        for (const [name, inner] of Object.entries(value)) copy[name] = inner;
        return copy;
      }),
  },
  {
    fault: 'keeps properties in an order of its own',
    foundBy: 'values',
    broken: (storage) =>
      withValues(storage, (_name, value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)))
          : value,
      ),
  },
  {
    fault: 'takes no text with a zero',
    foundBy: 'values',
    broken: (storage) =>
      withValues(storage, (name, value) => {
        if (`${name}${typeof value === 'string' ? value : ''}`.includes('\0')) throw new Error('unsupported \\u0000');
        return value;
      }),
  },
  {
    fault: 'drops properties whose names have a zero',
    foundBy: 'values',
    broken: (storage) => withValues(storage, (name, value) => (name.includes('\0') ? undefined : value)),
  },
  {
    fault: 'keeps 15 digits of a number',
    foundBy: 'values',
    broken: (storage) =>
      withValues(storage, (_name, value) =>
        typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(15)) : value,
      ),
  },
  {
    fault: 'has no room for a value of 500,000 characters',
    foundBy: 'values',
    broken: (storage) =>
      withValues(storage, (_name, value) => {
        if (typeof value === 'string' && value.length > 500_000) throw new Error('The item is too large');
        return value;
      }),
  },
];

/** Faults that an adapter could have when an entry is appended again. */
export const brokenEntries: readonly BrokenStorage[] = [
  {
    fault: 'moves an entry that is appended again to the tail',
    foundBy: 'lanes',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withWrites(commit, (write) =>
            write.type === 'append' ? [{ type: 'remove', lane: write.lane, id: write.id }, write] : [write],
          ),
        ),
    }),
  },
  {
    fault: 'keeps the old value of an entry that is appended again',
    foundBy: 'lanes',
    broken: (storage) => {
      const known = new Set<string>();
      return {
        commit: (commit) =>
          storage.commit(
            withWrites(commit, (write) => {
              if (write.type !== 'append' && write.type !== 'remove') return [write];
              const entry = JSON.stringify([write.lane, write.id]);
              const isKnown = known.has(entry);
              if (write.type === 'append') known.add(entry);
              else known.delete(entry);
              return write.type === 'append' && isKnown ? [] : [write];
            }),
          ),
      };
    },
  },
];

/** Changes values on their way in. */
function withValues(storage: Storage, revive: Revive): Partial<Storage> {
  const changed = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value), revive as Revive);
  return {
    commit: async (commit) =>
      storage.commit(
        withWrites(commit, (write) => ['value' in write ? { ...write, value: changed(write.value) } : write]),
      ),
  };
}
