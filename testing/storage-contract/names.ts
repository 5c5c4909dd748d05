import type { Scenario } from './contract-case.js';
import { expectSame, inLine } from './expecting.js';
import { laneIds, listAllKeys } from './reading.js';
import { append, claim, deletion, put, remove, write } from './writing.js';

/** What a database may take for the same: case, spaces, numbers, signs with a meaning, names that every object has. */
const alike = [
  ...[
    'a',
    'A',
    ' a',
    'a ',
    'a  ',
    ' ',
    '  ',
    'ab',
    'aB',
    'a b',
    'a_b',
    'a-b',
    'a%b',
    'a%20b',
    'a+b',
    'a/b',
    'a//b',
    'a/./b',
  ],
  ...['0', '00', '1', '01', '1.0', '+1', '-1', '1e0', '0x1', '9007199254740993', '9007199254740992', 'NaN', 'Infinity'],
  ...[
    'null',
    'NULL',
    'undefined',
    'true',
    'false',
    '[]',
    '{}',
    "'",
    "''",
    '"',
    '""',
    '\\',
    '\\\\',
    '\\n',
    '`',
    ';',
    '--',
    '#',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '.', '..', '*', '$', '~'],
].toSorted();

/** Every other one. */
const others = alike.filter((_, index) => index % 2 === 0);

const rest = alike.filter((_, index) => index % 2 === 1);

/** Everything printable that could stand between the parts of a name. */
const joiners = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));

/** Names that look alike are apart; byte for byte. */
export const nameScenarios: readonly Scenario[] = [
  {
    name: 'records are apart when a byte of their keys is different',
    async run({ storage }) {
      for (const key of alike) expectSame(`get(${inLine(key)}) to be`, await storage.get(key), undefined);
      await write(storage, ...alike.map((key) => put(key)));
      for (const key of alike) {
        expectSame(`get(${inLine(key)}) to be`, await storage.get(key), { key, value: { key }, revision: 1 });
      }
      expectSame('the keys to be', await listAllKeys(storage, { prefix: '', limit: 1000 }), alike);
      await write(storage, ...others.map((key) => deletion(key)));
      expectSame('the keys that are left to be', await listAllKeys(storage, { prefix: '', limit: 1000 }), rest);
    },
  },
  {
    name: 'claims are apart when a byte of their keys is different',
    async run({ storage }) {
      for (const key of alike)
        expectSame(`claimedUntil(${inLine(key)}) to be`, await storage.claimedUntil(key), undefined);
      const steps = alike.map((key, index) => ({ when: [claim(key, 1000, 2000 + index)], write: [] }));
      const result = await storage.commit({ steps });
      for (const [index, key] of alike.entries()) {
        expectSame(`a claim on ${inLine(key)} to be`, result.committed && result.steps[index], { written: true });
      }
      for (const [index, key] of alike.entries()) {
        expectSame(`claimedUntil(${inLine(key)}) to be`, await storage.claimedUntil(key), 2000 + index);
      }
    },
  },
  {
    name: 'lanes are apart when a byte of their names is different',
    async run({ storage }) {
      await write(storage, ...alike.map((lane) => append(lane, '1', { lane })));
      expectSame('the lanes to be', await storage.lanes({ limit: 1000 }), alike);
      for (const lane of alike) {
        const leased = await storage.leaseLane({ lane, holder: 'a', leaseMs: 60_000, limit: 10 });
        const entries = leased.type === 'leased' ? leased.entries : leased.type;
        expectSame(`the entries of ${inLine(lane)} to be`, entries, [{ id: '1', value: { lane } }]);
      }
      await write(storage, ...others.map((lane) => remove(lane, '1')));
      expectSame('the lanes that are left to be', await storage.lanes({ limit: 1000 }), rest);
    },
  },
  {
    name: 'entries are apart when a byte of their ids is different',
    async run({ storage }) {
      const backwards = alike.toReversed();
      await write(storage, ...backwards.map((id) => append('lane', id)));
      expectSame('the entries to be', await laneIds(storage, 'lane'), backwards);
      await write(storage, ...others.map((id) => remove('lane', id)));
      expectSame('the entries that are left to be', await laneIds(storage, 'lane'), rest.toReversed());
    },
  },
  {
    name: 'holders are apart when a byte of their ids is different',
    async run({ storage }) {
      await write(storage, append('lane', '1'));
      await storage.leaseLane({ lane: 'lane', holder: 'a', leaseMs: 600_000, limit: 1 });
      for (const holder of alike.filter((name) => name !== 'a')) {
        const { type } = await storage.leaseLane({ lane: 'lane', holder, leaseMs: 600_000, limit: 1 });
        expectSame(`what ${inLine(holder)} is told of the lane of 'a' to be`, type, 'held');
      }
    },
  },
  {
    name: 'the name of a lane and the id of an entry never run together',
    async run({ storage }) {
      const ids = joiners.map((joiner) => `b${joiner}c`);
      const lanes = joiners.map((joiner) => `a${joiner}b`);
      await write(storage, ...ids.map((id) => append('a', id)), ...lanes.map((lane) => append(lane, 'c')));
      expectSame('the entries of a to be', await laneIds(storage, 'a'), ids);
      expectSame('the lanes to be', await storage.lanes({ limit: 1000 }), ['a', ...lanes]);
      await write(storage, ...lanes.map((lane) => remove(lane, 'c')));
      expectSame('the entries of a to be', await laneIds(storage, 'a'), ids);
      expectSame('the lanes that are left to be', await storage.lanes({ limit: 1000 }), ['a']);
    },
  },
];
