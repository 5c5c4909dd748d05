import type { Execution } from 'tocsin';
import type { SlackFault } from 'tocsin/testing';
import { describe, expect, test, vi } from 'vitest';
import { essence } from './fault-matrix-lane.js';
import { faultsOf, type MethodRow, methodRows, type Seen } from './fault-matrix-methods-cases.js';
import { emoji, positions, type StruckLane, strikeThree } from './fault-matrix-methods-lane.js';

// Most of the time a lane waits for a stall.
vi.setConfig({ maxConcurrency: 12 });

const numbers = ['0', '1', '2', '3', '4'];
const isStruck = (number: string): boolean => positions.includes(Number(number));

const nameOf = (fault: SlackFault): string =>
  Object.entries(fault)
    .map(([name, value]) => (name === 'type' ? value : `${name} ${JSON.stringify(value)}`))
    .join(', ');

/** What stands in channel and thread, in order: nothing but what is said, and each as often as is said. */
function expectPlaces(lane: StruckLane, { kind }: MethodRow, { arrivals = 1 }: Seen): void {
  const inThread = kind === 'reply' || kind === 'reaction';
  const inChannel = numbers.filter((number) => !(inThread && isStruck(number)));
  // A copy comes when it comes, but nothing passes what came before it.
  expect(lane.arrived.filter((number, index) => lane.arrived.indexOf(number) === index)).toEqual(inChannel);
  if (!inThread) {
    for (const number of numbers) {
      expect(lane.arrived.filter((one) => one === number)).toHaveLength(isStruck(number) ? arrivals : 1);
    }
  }
  expect(lane.replies).toEqual(kind === 'reply' ? numbers.filter(isStruck) : []);
  const added = kind === 'reaction' ? positions.map((position) => emoji[position]) : [];
  // Where one of them fails, the others need not wait for it.
  expect([...lane.reactions].sort()).toEqual([...added].sort());
}

function expectStruck(lane: StruckLane, row: MethodRow, seen: Seen, struck: Execution | undefined): void {
  const { failed, note, arrivals = 1, hasPicture = row.kind === 'picture', isLinked = true } = seen;
  const { attempts = [], receipt, id = '' } = struck ?? {};
  expect(attempts.map(essence)).toMatchObject([...failed, { outcome: 'delivered' }]);
  // What is not said to be in doubt must not be.
  expect(attempts.slice(0, -1).map(({ ambiguous }) => ambiguous)).toEqual(failed.map(({ ambiguous }) => ambiguous));
  if (note instanceof RegExp) expect(receipt?.note).toMatch(note);
  else expect(receipt?.note).toBe(note);
  expect(attempts.at(-1)?.mayBeDuplicate).toBe(receipt?.note?.includes('may be a duplicate') ? true : undefined);
  expect(receipt?.permalink !== undefined).toBe(isLinked);
  expect(lane.arrivals(id)).toBe(arrivals);
  expect(arrivals < 2 || attempts.at(-1)?.mayBeDuplicate).toBe(true);
  expect(lane.pictures(id)).toBe(hasPicture ? 1 : 0);
}

async function expectOutcome(row: MethodRow, fault: SlackFault): Promise<void> {
  const seen = row.seen(fault);
  const lane = await strikeThree(row, fault);
  expect(lane.unreached).toBe(0);
  expect(lane.isDisabled).toBe(false);
  expect(lane.executions.map(({ status }) => status)).toEqual(numbers.map(() => 'finished'));
  expectPlaces(lane, row, seen);
  for (const position of positions) expectStruck(lane, row, seen, lane.executions[position]);
  for (const position of [1, 3]) {
    const { attempts, receipt, id = '' } = lane.executions[position] ?? {};
    expect(attempts?.map(essence)).toEqual([{ outcome: 'delivered', status: 200 }]);
    expect(receipt).not.toHaveProperty('note');
    expect(lane.arrivals(id)).toBe(1);
  }
}

describe.concurrent.each(methodRows)('a fault of $name', (row) => {
  test.each(faultsOf(row).map((fault) => [nameOf(fault), fault] as const))(
    '%s: on the first, a middle and the last message of a lane',
    (_, fault) => expectOutcome(row, fault),
  );
});

describe('without a fault', () => {
  test.concurrent.each(['message', 'picture', 'reply', 'reaction'] as const)(
    'nothing of the kind happens to a %s, and neither conversations.join nor chat.getPermalink is called',
    async (kind) => {
      const lane = await strikeThree({ method: 'none', kind }, undefined);
      const arrivals = kind === 'reaction' ? 0 : 1;
      expectPlaces(lane, { ...(methodRows[0] as MethodRow), kind }, { failed: [], arrivals });
      expect(lane.executions.flatMap(({ attempts }) => attempts)).toHaveLength(5);
      expect(lane.called).not.toContain('conversations.join');
      expect(lane.called).not.toContain('chat.getPermalink');
    },
  );
});

describe('a workspace that is slow or strict by itself', () => {
  test.concurrent.each([1, 3])(
    'shows pictures only after %i looks: each alert stands there once, with its picture',
    async (shareAfterLooks) => {
      const lane = await strikeThree({ method: 'none', kind: 'picture' }, undefined, { shareAfterLooks });
      expect(lane.arrived).toEqual(numbers);
      for (const position of positions) {
        const { id = '', attempts, receipt } = lane.executions[position] ?? {};
        expect([lane.arrivals(id), lane.pictures(id), attempts?.length, receipt?.note]).toEqual([1, 1, 1, undefined]);
      }
    },
  );

  test('takes one message a second, and the lane is faster: all arrive once, in order, after what Slack asks for', async () => {
    const rateLimit = { messagesPerSecond: 1, burst: 1 };
    const lane = await strikeThree({ method: 'none', kind: 'message' }, undefined, { rateLimit });
    expect(lane.arrived).toEqual(numbers);
    const attempts = lane.executions.flatMap((execution) => execution.attempts);
    const refused = attempts.filter(({ outcome }) => outcome === 'failed');
    expect(refused.length).toBeGreaterThan(0);
    for (const attempt of refused) {
      expect(attempt).toMatchObject({ kind: 'unavailable', error: 'ratelimited', status: 429 });
      expect(attempt).not.toHaveProperty('ambiguous');
      expect(attempt.retryInMs).toBeGreaterThanOrEqual(1_000);
    }
  });
});
