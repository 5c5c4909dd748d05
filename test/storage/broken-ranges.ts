import type { ListQuery } from 'tocsin';
import type { BrokenStorage } from './broken-storages.js';

/** Faults that an adapter could have in where a range of keys begins and ends. */
export const brokenRanges: readonly BrokenStorage[] = [
  {
    fault: 'deletes everything with the prefix before the empty text',
    foundBy: 'bounds',
    broken: (storage) => ({
      deleteRange: ({ before, ...range }) => storage.deleteRange(before ? { ...range, before } : range),
    }),
  },
  {
    fault: 'deletes everything with the prefix before what is below it',
    foundBy: 'bounds',
    broken: (storage) => ({
      deleteRange: ({ before = '~', ...range }) =>
        storage.deleteRange(before <= range.prefix ? range : { ...range, before }),
    }),
  },
  {
    fault: 'lists from the beginning after the empty text, in either order',
    foundBy: 'bounds',
    broken: (storage) => ({ list: (query) => storage.list({ ...query, after: query.after || undefined }) }),
  },
  {
    fault: 'lists keys from the beginning after the empty text, in either order',
    foundBy: 'bounds',
    broken: (storage) => ({ listKeys: (query) => storage.listKeys({ ...query, after: query.after || undefined }) }),
  },
  {
    fault: 'reads on from a place below the prefix, and stops at once',
    foundBy: 'bounds',
    broken: (storage) => ({
      list: async (query) => (startsOutside(query) ? { records: [], next: undefined } : storage.list(query)),
    }),
  },
  {
    fault: 'reads on from a place behind the prefix, and stops at once',
    foundBy: 'bounds',
    broken: (storage) => ({
      listKeys: async (query) => (startsOutside(query) ? { keys: [], next: undefined } : storage.listKeys(query)),
    }),
  },
  {
    fault: 'deletes no more than 1,000 records at once',
    foundBy: 'range deletion',
    broken: (storage) => ({
      deleteRange: (range) => storage.deleteRange({ ...range, limit: Math.min(range.limit, 1000) }),
    }),
  },
  {
    fault: 'deletes what fits a prefix with wildcards',
    foundBy: 'bounds',
    broken: (storage) => ({
      async deleteRange({ prefix, before, limit }) {
        const { keys } = await storage.listKeys({ prefix: '', limit: 1000 });
        const pattern = new RegExp(`^${quoted(prefix)}`.replaceAll('%', '.*').replaceAll('_', '.'));
        const found = keys.filter((key) => pattern.test(key) && (before === undefined || key < before)).slice(0, limit);
        await storage.commit({ steps: [{ write: found.map((key) => ({ type: 'delete', key })) }] });
        return found.length;
      },
    }),
  },
  {
    fault: 'lists keys that fit a prefix with wildcards',
    foundBy: 'bounds',
    broken: (storage) => ({
      async listKeys(query) {
        const bracket = query.prefix.indexOf('[');
        return bracket === -1 ? storage.listKeys(query) : { keys: [], next: undefined };
      },
    }),
  },
  {
    fault: 'has no room for a limit above 32 bits',
    foundBy: 'bounds',
    broken: (storage) => ({
      async lanes(query) {
        if (query.limit >= 2 ** 31) throw new Error('The integer is out of range');
        return storage.lanes(query);
      },
    }),
  },
];

/** Whether the place to go on from is where the order comes from, but not among the keys with the prefix. */
function startsOutside({ prefix, after, order }: ListQuery): boolean {
  if (after === undefined || after.startsWith(prefix)) return false;
  return order === 'descending' ? after > prefix : after < prefix;
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
