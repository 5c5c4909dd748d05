import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { CommitResult, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { createCommitQueue } from '../../src/record/commit-queue.js';

const timeoutMs = 1000;
const mostAtStorage = 64;
const written: CommitResult = { committed: true, steps: [] };

/** A storage that answers each commit when the test says so. */
function pendingStorage() {
  const answers: ((result: CommitResult | Error) => void)[] = [];
  let unanswered = 0;
  const storage: Storage = {
    ...memoryStorage(),
    commit: () =>
      new Promise((resolve, reject) => {
        unanswered += 1;
        answers.push((result) => {
          unanswered -= 1;
          if (result instanceof Error) reject(result);
          else resolve(result);
        });
      }),
  };
  return {
    storage,
    get unanswered() {
      return unanswered;
    },
    /** How many commits it has been given so far. */
    get given() {
      return answers.length;
    },
    answer: (nth: number, result: CommitResult | Error = written) => answers[nth]?.(result),
  };
}

/** A queue, and what happened to the commits that it was given, by their numbers. */
function openQueue(storage: Storage, runtime: ManualRuntime, maxQueuedCommits = 10_000) {
  const queue = createCommitQueue({ storage, runtime, commitTimeoutMs: timeoutMs, maxQueuedCommits });
  const log = { planned: [] as number[], concluded: [] as number[], late: [] as number[] };
  const submit = (nth: number, prepare = async (): Promise<void> => {}): Promise<number | string | undefined> =>
    queue
      .submit({
        prepare,
        plan() {
          log.planned.push(nth);
          return { steps: [{ write: [{ type: 'put', key: `${nth}`, value: {} }] }] };
        },
        conclude() {
          log.concluded.push(nth);
          return nth;
        },
        arrivedLate: () => void log.late.push(nth),
      })
      .catch((error: Error) => error.message);
  return { queue, log, submit };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth);
const turnsPass = (runtime: ManualRuntime): Promise<void> => runtime.advance(0);

describe('commits', () => {
  test('are concluded in the order of the calls, though they are answered in another', async () => {
    const runtime = manualRuntime();
    const pending = pendingStorage();
    const { log, submit } = openQueue(pending.storage, runtime);
    const submitted = upTo(3).map((nth) => submit(nth));
    await turnsPass(runtime);
    pending.answer(2);
    pending.answer(1);
    await turnsPass(runtime);
    expect(log.concluded).toEqual([]);
    pending.answer(0);
    expect(await Promise.all(submitted)).toEqual([0, 1, 2]);
    expect(log).toEqual({ planned: [0, 1, 2], concluded: [0, 1, 2], late: [] });
    expect(runtime.pendingTimers).toBe(0);
  });

  test('wait behind one that is being prepared, and go on when that one is given up', async () => {
    const runtime = manualRuntime();
    const { log, submit } = openQueue(memoryStorage(), runtime);
    const stuck = submit(0, () => new Promise(() => {}));
    await runtime.advance(timeoutMs / 2);
    const next = submit(1);
    await turnsPass(runtime);
    expect(log.planned).toEqual([]);
    await runtime.advance(timeoutMs / 2);
    expect(await stuck).toContain('did not answer');
    expect(await next).toBe(1);
  });

  test('hear what earlier ones came to when they ask for it', async () => {
    const runtime = manualRuntime();
    const pending = pendingStorage();
    const { queue, log, submit } = openQueue(pending.storage, runtime);
    void submit(0);
    const known = queue.submit({
      async prepare(earlier) {
        await earlier;
        log.planned.push(log.concluded.length);
      },
      plan: () => undefined,
      conclude: () => undefined,
      arrivedLate() {},
    });
    await turnsPass(runtime);
    expect(log.planned).toEqual([0]);
    pending.answer(0);
    await known;
    expect(log.planned).toEqual([0, 1]);
  });
});

describe('a storage that does not answer', () => {
  test('is given 64 and then one more in each time-out, until it answers: what it owed is lost then', async () => {
    const runtime = manualRuntime();
    const pending = pendingStorage();
    const { queue, log, submit } = openQueue(pending.storage, runtime);
    const lost = upTo(100).map((nth) => submit(nth));
    await runtime.advance(timeoutMs);
    expect(new Set(await Promise.all(lost)).size).toBe(2);
    expect([pending.unanswered, queue.length, runtime.pendingTimers]).toEqual([mostAtStorage + 1, 0, 0]);

    const refused = submit(100);
    await runtime.advance(timeoutMs / 2);
    const tried = submit(101);
    await runtime.advance(timeoutMs / 2);
    expect(await refused).toBe('The storage made it wait its turn for 1000 ms, with 65 commits unanswered');
    expect(pending.given).toBe(mostAtStorage + 2);

    const waiting = submit(102);
    await turnsPass(runtime);
    expect(pending.given).toBe(mostAtStorage + 2);
    pending.answer(mostAtStorage + 1);
    expect(await tried).toBe(101);
    await turnsPass(runtime);
    pending.answer(mostAtStorage + 2);
    expect(await waiting).toBe(102);
    // One that it answers after all is concluded late.
    pending.answer(40);
    await turnsPass(runtime);
    expect([log.concluded, log.late]).toEqual([[101, 102, 40], [40]]);
  });

  test('to one commit costs that one, and none of the thousands after it', async () => {
    const runtime = manualRuntime();
    const base = memoryStorage();
    let loses = true;
    const commit: Storage['commit'] = (each) => {
      if (!loses) return base.commit(each);
      loses = false;
      return new Promise(() => {});
    };
    const { submit } = openQueue({ ...base, commit }, runtime);
    const lost = submit(0);
    await runtime.advance(timeoutMs);
    expect(await lost).toBe('The storage did not answer within 1000 ms');
    const atMs = runtime.now();
    for (const nth of upTo(1000)) expect(await submit(nth)).toBe(nth);
    expect(runtime.now()).toBe(atMs);
  });

  test('keeps nothing in memory of what was refused before it was given it', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const runtime = manualRuntime();
    const pending = pendingStorage();
    const { queue } = openQueue(pending.storage, runtime);
    const events: WeakRef<object>[] = [];
    for (let round = 0; round < 20; round += 1) {
      const refused = upTo(100).map(() => {
        const event = { round };
        events.push(new WeakRef(event));
        const plan = () => ({ steps: [{ write: [{ type: 'put', key: 'a', value: { ...event } } as const] }] });
        return queue.submit({ async prepare() {}, plan, conclude: () => event, arrivedLate() {} });
      });
      const settled = Promise.allSettled(refused);
      await runtime.advance(timeoutMs);
      await settled;
    }
    collectGarbage();
    // What has been looked at, or finalised, in one turn may be kept until the next.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(events).toHaveLength(2000);
    const kept = events.filter((event) => event.deref() !== undefined).length;
    expect(kept).toBeGreaterThanOrEqual(mostAtStorage);
    // Those with the storage, what this test still has of its last round, and what the collector has not come to.
    expect(kept).toBeLessThan(events.length / 4);
  });

  test('lets the queue fill up, which then refuses at once', async () => {
    const runtime = manualRuntime();
    const { submit } = openQueue(pendingStorage().storage, runtime, 3);
    const waiting = upTo(3).map((nth) => submit(nth));
    expect(await submit(3)).toContain('has 3 commits waiting already');
    await runtime.advance(timeoutMs);
    await Promise.all(waiting);
    void submit(4);
    await runtime.advance(timeoutMs);
  });
});

/** What becomes of one commit; what takes infinitely long never comes. */
interface Fate {
  /** How long after the one before it is asked for. */
  readonly waitMs: number;
  readonly prepareMs: number;
  readonly answerMs: number;
  readonly fails: boolean;
}

const never = Number.POSITIVE_INFINITY;

function pass(runtime: ManualRuntime, ms: number): Promise<void> {
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve) => {
    if (ms !== never) runtime.setTimer(resolve, ms);
  });
}

/** Submits commits, each with its own fate. */
async function submitAll(fates: readonly Fate[]) {
  const runtime = manualRuntime();
  let unanswered = 0;
  let most = 0;
  const commit: Storage['commit'] = async ({ steps }) => {
    const { answerMs, fails } = fates[Number(steps[0]?.write[0]?.type === 'put' && steps[0].write[0].key)] as Fate;
    unanswered += 1;
    most = Math.max(most, unanswered);
    await pass(runtime, answerMs);
    unanswered -= 1;
    if (fails) throw new Error('disk on fire');
    return written;
  };
  const { queue, log, submit } = openQueue({ ...memoryStorage(), commit }, runtime);
  const outcomes: { readonly nth: number; readonly outcome: unknown; readonly tookMs: number }[] = [];
  for (const [nth, { waitMs, prepareMs }] of fates.entries()) {
    await runtime.advance(waitMs);
    const startedMs = runtime.now();
    void submit(nth, () => pass(runtime, prepareMs)).then((outcome) => {
      outcomes.push({ nth, outcome, tookMs: runtime.now() - startedMs });
    });
  }
  await runtime.advance(3 * timeoutMs);
  return { outcomes, log, most, length: queue.length };
}

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((one, other) => one - other);

test('whatever the storage does, all come to an end in time and in their order, and it never has more than 64', async () => {
  const fate = fc.record({
    waitMs: fc.constantFrom(0, 0, 0, 0, 1, 100),
    prepareMs: fc.constantFrom(0, 0, 0, 0, 0, 0, 700, never),
    answerMs: fc.constantFrom(0, 0, 0, 5, 300, 999, 1000, 1500, never),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 150, size: 'max' }), async (fates) => {
      const { outcomes, log, most, length } = await submitAll(fates);
      expect(ascending(outcomes.map(({ nth }) => nth))).toEqual(upTo(fates.length));
      expect(Math.max(...outcomes.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(timeoutMs);
      expect([most <= mostAtStorage, length]).toEqual([true, 0]);
      expect(log.planned).toEqual(ascending(log.planned));
      const inTime = log.concluded.filter((nth) => !log.late.includes(nth));
      expect(inTime).toEqual(ascending(inTime));
      // Whoever was told of a success was, and all others were refused.
      expect(ascending(outcomes.filter(({ outcome }) => typeof outcome === 'number').map(({ nth }) => nth))).toEqual(
        inTime,
      );
    }),
    { numRuns: 40 },
  );
});
