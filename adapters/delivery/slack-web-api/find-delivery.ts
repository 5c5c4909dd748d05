import { DeliveryError } from '../../../src/index.js';
import { callSlack, type SlackSession } from './call-slack.js';
import { fileNameOf } from './file-name.js';
import { pause } from './pause.js';

const pageSize = 100;
const maxPages = 5;
/** Before the second look, in milliseconds; where a call may take less than ten seconds, a tenth of that. */
const maxPauseMs = 1_000;
/** How far Slack's clock and ours may be apart. */
const marginMs = 3_600_000;

/** What a look into a channel's history, or into a thread, came to. */
export type DeliverySearch =
  /** `asFile`: it is the upload of a picture. `copies`: how many of it were seen. `isWhole`: there are no further messages to see. */
  | {
      readonly type: 'found';
      readonly ts: string;
      readonly asFile: boolean;
      readonly copies: number;
      readonly isWhole: boolean;
    }
  | { readonly type: 'absent' }
  /** Neither: what kept us from knowing, and Slack's name of it. */
  | { readonly type: 'unknown'; readonly why: string; readonly reason?: string };

/** What to look for. */
export interface WantedDelivery {
  readonly channelId: string;
  /** The thread that it is a reply in, by its first message. */
  readonly threadTs: string | undefined;
  readonly deliveryId: string;
  /** Before this instant nothing was sent, in epoch milliseconds. */
  readonly committedAtMs: number;
}

/**
 * Looks whether a delivery stands in a channel or thread already, in up to 500 messages; and once more among the newest 100,
 * a moment later: Slack may still have been carrying out the request that was given up, or that a process sent as it died.
 *
 * @param session - The attempt.
 * @param wanted - What to look for.
 * @returns What was found.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now: then sending must wait too.
 */
export async function findDelivery(session: SlackSession, wanted: WantedDelivery): Promise<DeliverySearch> {
  const { search, newestPage } = await searchPages(session, wanted);
  if (search.type !== 'absent') {
    return search;
  }
  await pause(Math.min(maxPauseMs, session.timeoutMs / 10), session.signal);
  const newest = await readPage(session, wanted, newestPage).catch(() => undefined);
  // Where no second look is to be had, the first one has to do: apps with one look a minute would never get to post.
  return (newest && foundIn(newest, wanted)) ?? search;
}

/**
 * Looks once, among the newest messages of a channel or the first ones of a thread, for what is known to stand there.
 *
 * @param session - The attempt.
 * @param wanted - What to look for.
 * @returns What was found.
 * @throws `DeliveryError` of any kind.
 */
export async function findShare(session: SlackSession, wanted: WantedDelivery): Promise<DeliverySearch> {
  const page = await readPage(session, wanted, undefined);
  const found = foundIn(page, wanted);
  if (found !== undefined) return found;
  // A thread begins with its oldest messages, so what is new stands on a later page.
  const isCut = wanted.threadTs !== undefined && Boolean(page.response_metadata?.next_cursor);
  return isCut ? { type: 'unknown', why: `its first ${pageSize} messages don't settle it` } : { type: 'absent' };
}

/** What the pages came to, and where the newest messages stand: a history begins with them, a thread ends with them. */
interface PagesRead {
  readonly search: DeliverySearch;
  readonly newestPage: string | undefined;
}

async function searchPages(session: SlackSession, wanted: WantedDelivery): Promise<PagesRead> {
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await readPage(session, wanted, cursor).catch((error: unknown) => refusedLook(error, page));
    if ('why' in answer) {
      return { search: answer, newestPage: undefined };
    }
    const next = answer.response_metadata?.next_cursor || undefined;
    const found = foundIn(answer, wanted);
    if (found !== undefined || next === undefined) {
      const newestPage = wanted.threadTs === undefined ? undefined : cursor;
      return { search: found ?? { type: 'absent' }, newestPage };
    }
    cursor = next;
  }
  const why = `its ${maxPages * pageSize} ${wanted.threadTs === undefined ? 'newest' : 'first'} messages don't settle it`;
  return { search: { type: 'unknown', why }, newestPage: undefined };
}

/** A page of messages, of a channel or of a thread. */
interface MessagePage {
  readonly messages?: readonly object[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

function readPage(session: SlackSession, wanted: WantedDelivery, cursor: string | undefined): Promise<MessagePage> {
  const page = {
    channel: wanted.channelId,
    limit: pageSize,
    include_all_metadata: true,
    ...oldest(wanted.committedAtMs),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const { threadTs } = wanted;
  return callSlack<MessagePage>(session, (client) =>
    threadTs === undefined
      ? client.conversations.history(page)
      : client.conversations.replies({ ...page, ts: threadTs }),
  );
}

function oldest(committedAtMs: number): { oldest?: string } {
  return committedAtMs > marginMs ? { oldest: ((committedAtMs - marginMs) / 1_000).toFixed(6) } : {};
}

function refusedLook(error: unknown, page: number): Extract<DeliverySearch, { type: 'unknown' }> {
  const why = DeliveryError.is(error) ? lookRefusal(error, page) : undefined;
  if (why === undefined || !DeliveryError.is(error)) {
    throw error;
  }
  return { type: 'unknown', why, reason: error.reason };
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

function foundIn(
  { messages, response_metadata: rest }: MessagePage,
  { deliveryId }: WantedDelivery,
): Extract<DeliverySearch, { type: 'found' }> | undefined {
  const hits = ((messages ?? []) as readonly PostedMessage[]).flatMap(({ ts, metadata, files }) => {
    const isMarked = metadata?.event_payload?.delivery_id === deliveryId;
    // An upload takes no metadata; the file's name has to do.
    const asFile = !isMarked && (files?.some(({ name }) => name === fileNameOf(deliveryId)) ?? false);
    return ts !== undefined && (isMarked || asFile) ? [{ ts, asFile }] : [];
  });
  // A copy without its picture may stand beside the upload.
  const hit = hits.find(({ asFile }) => asFile) ?? hits[0];
  return hit && { type: 'found', ...hit, copies: hits.length, isWhole: !rest?.next_cursor };
}

/** What the SDK's types leave out. */
interface PostedMessage {
  readonly ts?: string;
  readonly metadata?: { readonly event_payload?: { readonly delivery_id?: unknown } };
  readonly files?: readonly { readonly name?: unknown }[];
}
