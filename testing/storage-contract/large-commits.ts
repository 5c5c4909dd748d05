import assert from 'node:assert/strict';
import type { Step, Storage, Write } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { laneIds } from './reading.js';
import { append, claim, put, revision, write, writeIf } from './writing.js';

/** Half of the writes of a commit. */
const half = 1000;

const names = Array.from({ length: half }, (_, index) => `n/${String(index).padStart(4, '0')}`);

/** Thousands of writes, and many megabytes, in one commit. */
export const largeCommitScenarios: readonly Scenario[] = [
  {
    name: 'a commit of 2,000 writes is seen whole or not at all',
    run: ({ storage }) => readWhileWritingMuch(storage, storage),
  },
  {
    name: 'nothing of a commit of 2,000 writes is there when what it requires does not hold',
    async run({ storage }) {
      const wrong = revision('absent', 1);
      for (const steps of [inOneStep(1), inManySteps(1)]) {
        const result = await storage.commit({ require: [claim('free', 1000, 2000), wrong], steps });
        expectSame('the answer to be', result, { committed: false, conflict: wrong });
        await expectCount(storage, 0);
        expectSame('claimedUntil of what it claims to be', await storage.claimedUntil('free'), undefined);
      }
    },
  },
  {
    name: 'the preconditions of 2,000 writes are looked at once, before the first of them',
    async run({ storage }) {
      const when = [revision(names[0] as string, 0), claim('cooldown', 1000, 2000)];
      const step: Step = { when, write: both(1), otherwise: [put('otherwise')] };
      assert.deepEqual(await storage.commit({ steps: [step] }), { committed: true, steps: [{ written: true }] });
      await expectCount(storage, half);
      const [conflict] = when;
      const again: Step = { when: [revision(names[0] as string, 0)], write: [put('written')], otherwise: both(2) };
      assert.deepEqual(await storage.commit({ steps: [again] }), {
        committed: true,
        steps: [{ written: false, conflict, heldUntilMs: undefined }],
      });
      for (const name of [names[0], names[half - 1]] as string[]) {
        expectSame(`the record ${name} to be`, await storage.get(name), {
          key: name,
          value: { round: 2 },
          revision: 2,
        });
      }
    },
  },
  {
    name: 'nothing of a commit of 2,000 writes is there when its last value cannot be read',
    async run({ storage }) {
      const unreadable = {
        get value(): string {
          throw new Error('This value cannot be read');
        },
      };
      for (const steps of [inOneStep(1), inManySteps(1)]) {
        const commit = async () => storage.commit({ steps: [...steps, { write: [put('last', unreadable)] }] });
        await assert.rejects(commit, 'Expected that the commit rejects, but it resolved');
        await expectCount(storage, 0);
      }
    },
  },
  {
    name: 'of 2,000 writes to one record and one lane each counts, in order',
    async run({ storage }) {
      const ids = names.toReversed();
      await write(storage, ...ids.flatMap((id) => [put('a', { id }), append('lane', id)]));
      assert.deepEqual(await storage.get('a'), { key: 'a', value: { id: names[0] }, revision: half });
      expectSame('the lane to be', await laneIds(storage, 'lane'), ids);
    },
  },
  {
    name: 'a commit of 12 MiB is taken, and its records come in one page',
    async run({ storage }) {
      const text = 'x'.repeat(512 * 1024);
      const keys = Array.from({ length: 24 }, (_, index) => `part/${String(index).padStart(2, '0')}`);
      const result = await writeIf(storage, [revision('part/00', 0)], ...keys.map((key) => put(key, { key, text })));
      assert.equal(result.committed, true);
      const { records, next } = await storage.list({ prefix: 'part/', limit: 100 });
      expectSame(
        'the keys of the page to be',
        records.map(({ key }) => key),
        keys,
      );
      expectSame('the next page to be', next, undefined);
      assert.ok(records.every(({ key, value }) => value['key'] === key && value['text'] === text));
    },
  },
];

/** Writes 2,000 records and entries at once, and checks that nobody sees a part of them. */
export async function readWhileWritingMuch(writer: Storage, reader: Storage): Promise<void> {
  for (const [place, steps] of [inOneStep(1), inManySteps(2)].entries()) {
    let isWriting = true;
    const written = writer.commit({ steps }).finally(() => {
      isWriting = false;
    });
    // Heard below; it may be refused while others read.
    written.catch(() => {});
    while (isWriting) {
      const { keys } = await reader.listKeys({ prefix: '', limit: 2 * half });
      const lanes = await reader.lanes({ limit: 2 * half });
      const [first, last] = [await reader.get(names[0] as string), await reader.get(names[half - 1] as string)];
      const none = place === 0 && keys.length === 0 ? 0 : half;
      expectSame('the number of records that are seen while a commit is under way to be', keys.length, none);
      // What is read later may be there already, but not be missing when what was read before is there.
      if (keys.length > 0) expectSame('the number of lanes that are seen then to be', lanes.length, half);
      const rounds = [Number(first?.value['round'] ?? 0), Number(last?.value['round'] ?? 0)] as const;
      assert.ok(rounds[1] >= rounds[0], `Expected round ${rounds[0]} of the last record too, got ${rounds[1]}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await written).committed, true);
    await expectCount(reader, half);
  }
}

function both(round: number): Write[] {
  return [...names.map((name) => put(name, { round })), ...names.map((name) => append(name, '1'))];
}

function inOneStep(round: number): Step[] {
  return [{ write: both(round) }];
}

function inManySteps(round: number): Step[] {
  const writes = both(round);
  return Array.from({ length: writes.length / 10 }, (_, index) => ({
    write: writes.slice(10 * index, 10 * index + 10),
  }));
}

async function expectCount(storage: Storage, count: number): Promise<void> {
  const { keys } = await storage.listKeys({ prefix: 'n/', limit: 2 * half });
  expectSame('the number of records to be', keys.length, count);
  expectSame('the number of lanes to be', (await storage.lanes({ limit: 2 * half })).length, count);
}
