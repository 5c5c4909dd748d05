import assert from 'node:assert/strict';
import { type JsonObject, type Step, type Storage, TocsinError } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { expectSame, inLine } from './expecting.js';
import { listAllKeys, revisionOf } from './reading.js';
import { append, claim, deletion, lease, put, remove, revision, write, writeIf } from './writing.js';

/** What is no key, and no name and no id either. */
const noNames = [
  '',
  'k'.repeat(513),
  'a\n',
  'a\u0000',
  '\u001f',
  '\u007f',
  'é',
  '損失',
  '\ud83d',
  null,
  undefined,
  5,
  {},
];

/** What is no object in JSON. */
const noObjects = [null, undefined, [], [{}], 'text', 5, true, { toJSON: () => 5 }, { toJSON: () => undefined }];

/** What the port does not allow is refused as a whole, so that a fault of the caller is not found on one storage only. */
export const refusalScenarios: readonly Scenario[] = [
  {
    name: 'a commit with a key, name or id that is none rejects with invalid_options, and nothing of it is written',
    async run({ storage }) {
      for (const wrong of noNames) {
        const name = wrong as string;
        const writes = [put(name), deletion(name), append(name, '1'), append('lane', name), remove(name, '1')];
        const steps: Step[] = [
          ...[...writes, remove('lane', name)].map((each) => ({ write: [each] })),
          ...[claim(name, 1000, 2000), revision(name, 0), lease(name, 1)].map((each) => ({ when: [each], write: [] })),
          { when: [revision('absent', 1)], write: [put(name)] },
          { write: [], otherwise: [put(name)] },
        ];
        for (const step of steps) {
          const commit = { steps: [{ when: [claim('free', 1000, 2000)], write: [put('a'), append('b', '1')] }, step] };
          await expectRefused(() => storage.commit(commit), `a commit with ${inLine(step)}`);
        }
        for (const each of [claim(name, 1000, 2000), revision(name, 0), lease(name, 1)]) {
          await expectRefused(() => writeIf(storage, [each], put('a')), `a commit that requires ${inLine(each)}`);
        }
      }
      await expectNothing(storage);
    },
  },
  {
    name: 'a commit with a value that is no object in JSON rejects with invalid_options, and nothing of it is written',
    async run({ storage }) {
      for (const wrong of noObjects) {
        // A parameter that is undefined would be given its default.
        const value = { value: wrong as unknown as JsonObject };
        for (const each of [
          { ...put('c'), ...value },
          { ...append('c', '1'), ...value },
        ]) {
          const commit = { steps: [{ when: [claim('free', 1000, 2000)], write: [put('a'), append('b', '1'), each] }] };
          await expectRefused(() => storage.commit(commit), `a commit with ${inLine(each)}`);
        }
      }
      await expectNothing(storage);
    },
  },
  {
    name: 'whoever reads, leases or gives back what has no name is refused with invalid_options',
    async run({ storage }) {
      for (const wrong of noNames) {
        const name = wrong as string;
        const calls = {
          get: () => storage.get(name),
          claimedUntil: () => storage.claimedUntil(name),
          leaseLane: () => storage.leaseLane({ lane: name, holder: 'a', leaseMs: 1000, limit: 1 }),
          releaseLane: () => storage.releaseLane({ lane: name, token: 1 }),
        };
        for (const [method, call] of Object.entries(calls)) await expectRefused(call, `${method} of ${inLine(wrong)}`);
      }
    },
  },
  {
    name: 'a commit that is refused so takes no other with it',
    async run({ storage }) {
      const called = [put('a'), put(''), put('a'), append('', '1'), put('a')].map((each) => write(storage, each));
      const statuses = (await Promise.allSettled(called)).map(({ status }) => status);
      expectSame('the outcomes to be', statuses, ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
      expectSame('the revision to be', await revisionOf(storage, 'a'), 3);
    },
  },
];

async function expectRefused(call: () => Promise<unknown>, what: string): Promise<void> {
  const answer = await Promise.resolve()
    .then(call)
    .then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
  if ('result' in answer) assert.fail(`Expected that ${what} rejects, got ${inLine(answer.result)}`);
  const { error } = answer;
  const isRefusal = TocsinError.is(error) && error.code === 'invalid_options';
  assert.ok(isRefusal, `Expected a TocsinError of code invalid_options for ${what}, got ${inLine(error)}`);
}

async function expectNothing(storage: Storage): Promise<void> {
  expectSame('the keys to be', await listAllKeys(storage, { prefix: '', limit: 10 }), []);
  expectSame('the lanes to be', await storage.lanes({ limit: 10 }), []);
  expectSame('claimedUntil of a claim of refused commits to be', await storage.claimedUntil('free'), undefined);
}
