import fc from 'fast-check';
import type { Commit, Precondition, Step, Storage, Write } from 'tocsin';

/** Something that is asked of a storage; a storage and its model must answer it alike. */
export type StorageCommand =
  | { readonly type: 'advance'; readonly ms: number }
  | { readonly type: 'call'; readonly name: string; readonly call: (storage: Storage) => Promise<unknown> };

const key = fc.constantFrom('A', 'a', 'a/', 'a/1', 'a/~', 'a0', 'b/1');
const prefix = fc.constantFrom('', 'a', 'a/', 'a/~', 'b', 'z');
/** Where a range may begin or end: at a key, between keys, before and behind all, and nowhere. */
const place = fc.oneof(key, fc.constantFrom('', '!', 'a/0', 'a/1/x', 'a~', 'b', 'z'));
const claimKey = fc.constantFrom('claim/1', 'claim/2');
const lane = fc.constantFrom('lane', 'lane/1', 'other');
const entryId = fc.constantFrom('1', '2', '3', '4');
const value = fc.record({ n: fc.nat(9), text: fc.string({ unit: 'grapheme', maxLength: 4 }) });
const limit = fc.integer({ min: 1, max: 4 });

const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ type: fc.constant('put' as const), key, value }),
  fc.record({ type: fc.constant('delete' as const), key }),
  fc.record({ type: fc.constant('append' as const), lane, id: entryId, value }),
  fc.record({ type: fc.constant('remove' as const), lane, id: entryId }),
);

const claim: fc.Arbitrary<Precondition> = fc
  .tuple(claimKey, fc.nat(40), fc.nat(20))
  .map(([claimed, nowMs, heldMs]) => ({ type: 'claim', key: claimed, nowMs, untilMs: nowMs + heldMs }));

const precondition: fc.Arbitrary<Precondition> = fc.oneof(
  claim,
  fc.record({ type: fc.constant('revision' as const), key, revision: fc.nat(2) }),
  fc.record({ type: fc.constant('lease' as const), lane, token: fc.nat(3) }),
);

const writes = fc.array(write, { maxLength: 4 });
const preconditions = fc.array(precondition, { maxLength: 3 });

const step: fc.Arbitrary<Step> = fc.record(
  { when: preconditions, write: writes, otherwise: writes },
  { requiredKeys: ['write'] },
);

const commit: fc.Arbitrary<Commit> = fc.record(
  { require: preconditions, steps: fc.array(step, { maxLength: 4 }) },
  { requiredKeys: ['steps'] },
);

const listQuery = fc.record(
  { prefix, limit, after: place, order: fc.constantFrom('ascending' as const, 'descending' as const) },
  { requiredKeys: ['prefix', 'limit'] },
);

const leaseRequest = fc.record({
  lane,
  holder: fc.constantFrom('a', 'b'),
  leaseMs: fc.integer({ min: 1, max: 20 }),
  limit,
});

/** Random things to ask, about few enough names that they meet. */
export const storageCommand: fc.Arbitrary<StorageCommand> = fc.oneof(
  { weight: 6, arbitrary: commit.map((asked) => call('commit', asked, (storage) => storage.commit(asked))) },
  { weight: 3, arbitrary: listQuery.map((asked) => call('list', asked, (storage) => storage.list(asked))) },
  { weight: 2, arbitrary: listQuery.map((asked) => call('listKeys', asked, (storage) => storage.listKeys(asked))) },
  { weight: 1, arbitrary: key.map((asked) => call('get', asked, (storage) => storage.get(asked))) },
  {
    weight: 1,
    arbitrary: claimKey.map((asked) => call('claimedUntil', asked, (storage) => storage.claimedUntil(asked))),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ prefix, limit, before: place }, { requiredKeys: ['prefix', 'limit'] })
      .map((asked) => call('deleteRange', asked, (storage) => storage.deleteRange(asked))),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ limit, after: fc.oneof(lane, place) }, { requiredKeys: ['limit'] })
      .map((asked) => call('lanes', asked, (storage) => storage.lanes(asked))),
  },
  {
    weight: 3,
    arbitrary: leaseRequest.map((asked) => call('leaseLane', asked, (storage) => storage.leaseLane(asked))),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ lane, token: fc.nat(4) })
      .map((asked) => call('releaseLane', asked, (storage) => storage.releaseLane(asked))),
  },
  { weight: 2, arbitrary: fc.nat(15).map((ms): StorageCommand => ({ type: 'advance', ms })) },
);

function call(name: string, asked: unknown, ask: (storage: Storage) => Promise<unknown>): StorageCommand {
  return { type: 'call', name: `${name}(${JSON.stringify(asked)})`, call: ask };
}
