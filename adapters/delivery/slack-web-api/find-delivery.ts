import type { ConversationsHistoryResponse } from '@slack/web-api';
import { DeliveryError } from '../../../src/index.js';
import { callSlack, type SlackSession } from './call-slack.js';
import { pause } from './pause.js';

const pageSize = 100;
const maxPages = 5;
/** Before the second look, in milliseconds; where a call may take less than ten seconds, a tenth of that. */
const maxPauseMs = 1_000;
/** How far Slack's clock and ours may be apart. */
const marginMs = 3_600_000;

/** What a look into a channel's history came to. */
export type DeliverySearch =
  | { readonly type: 'found'; readonly ts: string }
  | { readonly type: 'absent' }
  /** Neither: what kept us from knowing. */
  | { readonly type: 'unknown'; readonly why: string };

/** What to look for. */
export interface WantedDelivery {
  readonly channelId: string;
  readonly deliveryId: string;
  /** Before this instant nothing was sent, in epoch milliseconds. */
  readonly committedAtMs: number;
}

/**
 * Looks whether a delivery stands in a channel already, in up to 500 messages; and once more among the newest 100, a
 * moment later: Slack may still have been carrying out the request that was given up, or that a process sent as it died.
 *
 * @param session - The attempt.
 * @param wanted - What to look for.
 * @returns What was found.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now: then sending must wait too.
 */
export async function findDelivery(session: SlackSession, wanted: WantedDelivery): Promise<DeliverySearch> {
  const search = await searchHistory(session, wanted);
  if (search.type !== 'absent') {
    return search;
  }
  await pause(Math.min(maxPauseMs, session.timeoutMs / 10), session.signal);
  const newest = await historyPage(session, wanted, undefined).catch(() => undefined);
  const ts = newest === undefined ? undefined : tsOf(newest, wanted);
  // Where no second look is to be had, the first one has to do: apps with one look a minute would never get to post.
  return ts === undefined ? search : { type: 'found', ts };
}

async function searchHistory(session: SlackSession, wanted: WantedDelivery): Promise<DeliverySearch> {
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await historyPage(session, wanted, cursor).catch((error: unknown) => refusedLook(error, page));
    if ('why' in answer) {
      return answer;
    }
    const ts = tsOf(answer, wanted);
    if (ts !== undefined) {
      return { type: 'found', ts };
    }
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) {
      return { type: 'absent' };
    }
  }
  return { type: 'unknown', why: `its ${maxPages * pageSize} newest messages don't settle it` };
}

function historyPage(session: SlackSession, wanted: WantedDelivery, cursor: string | undefined) {
  return callSlack(session, (client) =>
    client.conversations.history({
      channel: wanted.channelId,
      limit: pageSize,
      include_all_metadata: true,
      ...oldest(wanted.committedAtMs),
      ...(cursor === undefined ? {} : { cursor }),
    }),
  );
}

function oldest(committedAtMs: number): { oldest?: string } {
  return committedAtMs > marginMs ? { oldest: ((committedAtMs - marginMs) / 1_000).toFixed(6) } : {};
}

function refusedLook(error: unknown, page: number): Extract<DeliverySearch, { type: 'unknown' }> {
  const why = DeliveryError.is(error) ? lookRefusal(error, page) : undefined;
  if (why === undefined) {
    throw error;
  }
  return { type: 'unknown', why };
}

function lookRefusal(error: DeliveryError, page: number): string | undefined {
  if (!error.retryable) {
    // Posting needs less than looking: if it is refused as well, it will say so itself.
    return `the channel's history can't be read (${error.reason})`;
  }
  // Apps distributed outside of the Marketplace get one page a minute: the second one would never come, and asking for
  // the first one again, later, would not help. A limit on the first page only means to wait.
  return page > 0 && error.status === 429 ? `the channel's history is limited for this app` : undefined;
}

function tsOf({ messages }: ConversationsHistoryResponse, { deliveryId }: WantedDelivery): string | undefined {
  return messages?.find((message) => deliveryIdOf(message) === deliveryId)?.ts;
}

function deliveryIdOf(message: object): unknown {
  const { metadata } = message as { metadata?: { event_payload?: { delivery_id?: unknown } } };
  return metadata?.event_payload?.delivery_id;
}
