import { type SlackFault, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FaultCase,
  lostAndLookedUp,
  lostAndSentAgain,
  mayBeDoubled,
  poison,
  type RefusalCase,
  refusedByWebApi,
  refusedByWebhook,
  webApiRefusals,
  webhookRefusals,
} from './fault-matrix-cases.js';
import { essence, type Strike, sendFive, titles, type Way } from './fault-matrix-lane.js';

let workspace: SlackWorkspace;

beforeAll(async () => {
  workspace = await startSlackWorkspace({ channels: [], rateLimit: false });
});

afterAll(() => workspace.close());

/** The first, the middle and the last message of the lane. */
const positions = [0, 2, 4];

const nameOf = (fault: SlackFault): string =>
  Object.entries(fault)
    .map(([name, value]) => (name === 'type' ? value : `${name} ${JSON.stringify(value)}`))
    .join(', ');

const strikeWith = (fault: SlackFault, way: Way): Strike => {
  const method = way === 'webhook' ? 'webhook' : 'chat.postMessage';
  return (lane) => void lane.workspace.fault({ ...fault, method, channel: lane.channel });
};

const stalls = ({ type }: SlackFault): boolean => type === 'slow-headers' || type === 'stalled-body';

async function expectOutcome(way: Way, row: FaultCase, position: number): Promise<void> {
  const { fault, arrivals = 1, note, plainText = false } = row;
  const failed = position === 0 ? (row.failedAtFirst ?? row.failed) : row.failed;
  const lane = await sendFive(workspace, way, position, stalls(fault), strikeWith(fault, way));
  const struck = lane.executions[position];
  expect(lane.executions.map(({ status }) => status)).toEqual(titles.map(() => 'finished'));
  expect(lane.isDisabled).toBe(false);
  expect(struck?.attempts.map(essence)).toMatchObject([...failed, { outcome: 'delivered' }]);
  // What is not said to be in doubt must not be.
  expect(struck?.attempts.slice(0, -1).map(({ ambiguous }) => ambiguous)).toEqual(
    failed.map(({ ambiguous }) => ambiguous),
  );
  expect(struck?.attempts.at(-1)?.plainText ?? false).toBe(plainText);
  expect(struck?.receipt?.note ?? '').toMatch(note === undefined ? /^$/ : new RegExp(`^${note}`));
  expect(struck?.attempts.at(-1)?.mayBeDuplicate).toBe(note === mayBeDoubled ? true : undefined);
  expect(lane.arrived).toEqual(
    titles.flatMap((title, index) => (index === position ? Array.from({ length: arrivals }, () => title) : [title])),
  );
  for (const [index, { id, attempts, receipt }] of lane.executions.entries()) {
    expect(lane.arrivals(id)).toBe(
      note === 'sent without delivery id' && index === position ? 0 : index === position ? arrivals : 1,
    );
    if (index === position) continue;
    expect(attempts.map(essence)).toEqual([{ outcome: 'delivered', status: 200 }]);
    expect(receipt).not.toHaveProperty('note');
  }
}

function describeRows(title: string, way: Way, rows: readonly FaultCase[]): void {
  describe(title, () => {
    test.concurrent.each(rows.map((row) => [nameOf(row.fault), row] as const))(
      '%s: on the first, a middle and the last message of a lane',
      async (_, row) => {
        await Promise.all(positions.map((position) => expectOutcome(way, row, position)));
      },
    );
  });
}

describeRows(
  'an answer of the Web API that is lost is looked up, and nothing is posted twice',
  'web-api',
  lostAndLookedUp,
);
describeRows('an answer of the Web API that is lost, without a lookup', 'blind', lostAndSentAgain);
describeRows('an answer of a webhook that is lost', 'webhook', lostAndSentAgain);
describeRows('a refusal by the Web API that passes', 'web-api', refusedByWebApi);
describeRows('a refusal by a webhook that passes', 'webhook', refusedByWebhook);

describe('a poison message', () => {
  test.each([
    ['the Web API', 'web-api', poison.webApi],
    ['a webhook', 'webhook', poison.webhook],
  ] as const)('for %s is tried twice, fails alone, and holds up no other', async (_, way, fault) => {
    for (const position of positions) {
      const lane = await sendFive(workspace, way, position, false, strikeWith(fault, way));
      const struck = lane.executions[position];
      expect([struck?.status, struck?.reason]).toEqual(['failed', 'message_refused']);
      expect(struck?.attempts.map(({ kind, plainText = false }) => [kind, plainText])).toEqual([
        ['message', false],
        ['message', true],
      ]);
      expect(lane.arrived).toEqual(titles.filter((_, index) => index !== position));
      expect(lane.executions.filter(({ status }) => status === 'finished')).toHaveLength(4);
    }
  });
});

function describeRefusals(title: string, way: Way, rows: readonly RefusalCase[]): void {
  describe(title, () => {
    test.each(rows.map((row) => [row.name, row] as const))(
      '%s: what comes after is parked, and arrives in order when it is mended and enabled',
      async (_, { strike, mend, kind, error }) => {
        for (const position of positions) {
          const lane = await sendFive(workspace, way, position, false, strike);
          expect(lane.isDisabled).toBe(true);
          expect(lane.arrived).toEqual(titles.slice(0, position));
          expect(lane.executions.map(({ status }) => status)).toEqual(
            titles.map((_, index) => (index < position ? 'finished' : 'pending')),
          );
          expect(lane.executions[position]?.attempts.map(essence)).toMatchObject([{ outcome: 'failed', kind, error }]);
          expect(lane.executions[position]?.attempts[0]?.ambiguous).toBeUndefined();
          expect(lane.executions.slice(position + 1).flatMap(({ attempts }) => attempts)).toEqual([]);

          const mended = await lane.resume(mend);
          expect(mended.isDisabled).toBe(false);
          expect(mended.arrived).toEqual(titles);
          expect(mended.executions.map(({ status, attempts }) => [status, attempts.length])).toEqual(
            titles.map((_, index) => ['finished', index === position ? 2 : 1]),
          );
        }
      },
    );
  });
}

describeRefusals('a refusal by the Web API that stays', 'web-api', webApiRefusals);
describeRefusals('a refusal by a webhook that stays', 'webhook', webhookRefusals);

test('every lane of this file had its own ledger entry: nothing was doubled but what was said to be', () => {
  const doubled = workspace.ledger.duplicates();
  const expected = [...lostAndLookedUp, ...lostAndSentAgain, ...lostAndSentAgain].filter(
    ({ arrivals }) => arrivals === 2,
  );
  expect(doubled).toHaveLength(expected.length * positions.length);
  expect(doubled.every(({ arrivals }) => arrivals.length === 2)).toBe(true);
});
