import { DeliveryError } from '../../../src/index.js';
import { callSlack, type SlackSession } from './call-slack.js';
import { findShare, type WantedDelivery } from './find-delivery.js';
import { pause } from './pause.js';
import { withinTime } from './within-time.js';

/** Before each question, in milliseconds: some four seconds in all. Where a call may take less than ten seconds, less. */
const pausesMs = [0, 100, 200, 400, 800, 1_200, 1_600];
const usualTimeoutMs = 10_000;
/** All questions but the last, in milliseconds. */
const giveUpMs = 6_000;
/** How long one question may take, in milliseconds. */
const maxAskMs = 2_000;

/** What Slack tells of a file. */
interface SharedFile {
  readonly shares?: Shares | undefined;
}

interface Shares {
  readonly public?: Readonly<Record<string, readonly Share[]>> | undefined;
  readonly private?: Readonly<Record<string, readonly Share[]>> | undefined;
}

interface Share {
  readonly ts?: string | undefined;
  readonly thread_ts?: string | undefined;
}

/** Where a shared file stands. */
export type ShareSearch =
  /** `threadTs`: the thread that it stands in, by its first message. */
  | { readonly type: 'found'; readonly ts: string; readonly threadTs: string | undefined }
  /** Slack was asked, and it stands nowhere yet. */
  | { readonly type: 'absent' }
  /** Slack could not be asked: it does not let this app, or not so often (`isRefused`), or it failed. `why` says also what to do. */
  | { readonly type: 'unknown'; readonly why: string; readonly isRefused: boolean };

/**
 * Looks for the message that shows a file: Slack makes it a moment after it has taken the upload. It asks about the file,
 * and then once for the messages of the channel; where the app may not ask about files, for the messages alone.
 *
 * @param session - The attempt.
 * @param fileId - The file; `undefined` when it is not known.
 * @param wanted - The delivery, and where it stands.
 * @returns What was found within some six seconds; never rejects.
 */
export async function shareTs(
  session: SlackSession,
  fileId: string | undefined,
  wanted: WantedDelivery,
): Promise<ShareSearch> {
  const asking = { ...session, timeoutMs: Math.min(session.timeoutMs, maxAskMs) };
  const shortenedBy = Math.min(1, session.timeoutMs / usualTimeoutMs);
  let ask = fileId === undefined ? undefined : (limited: SlackSession) => askForFile(limited, fileId, wanted);
  let latest: ShareSearch = { type: 'unknown', why: 'Slack has not said in time', isRefused: false };
  await withinTime(asking, Math.min(giveUpMs, session.timeoutMs), async (limited) => {
    for (const pauseMs of pausesMs) {
      await pause(pauseMs * shortenedBy, limited.signal);
      if (limited.signal.aborted) return;
      const answer = await (ask?.(limited) ?? askForMessage(limited, wanted));
      // What was answered once is worth more than a question that came too late.
      if (!limited.signal.aborted || answer.type === 'found') latest = answer;
      if (answer.type === 'found') return;
      if (answer.type !== 'unknown' || !answer.isRefused) continue;
      if (ask === undefined) return;
      ask = undefined;
    }
  });
  if (ask === undefined || isFound(latest)) return latest;
  const inChannel = await askForMessage(asking, wanted);
  return inChannel.type === 'unknown' ? latest : inChannel;
}

/** By a function: what a callback assigned escapes the narrowing of types. */
function isFound(search: ShareSearch): boolean {
  return search.type === 'found';
}

async function askForFile(session: SlackSession, file: string, { channelId }: WantedDelivery): Promise<ShareSearch> {
  try {
    const answer = await callSlack(session, (client) => client.files.info({ file }));
    return shareIn((answer.file ?? {}) as SharedFile, channelId) ?? { type: 'absent' };
  } catch (error) {
    // The upload is not complete, or not yet.
    if (DeliveryError.is(error) && error.reason === 'file_not_found') return { type: 'absent' };
    return unasked(error);
  }
}

async function askForMessage(session: SlackSession, wanted: WantedDelivery): Promise<ShareSearch> {
  try {
    const search = await findShare(session, wanted);
    switch (search.type) {
      case 'found':
        return { type: 'found', ts: search.ts, threadTs: wanted.threadTs };
      case 'absent':
        return search;
      case 'unknown':
        return { ...search, isRefused: true };
      default:
        return search satisfies never;
    }
  } catch (error) {
    return unasked(error);
  }
}

function unasked(error: unknown): ShareSearch {
  if (!DeliveryError.is(error)) return { type: 'unknown', why: 'Slack could not be asked', isRefused: false };
  const advice = error.reason === 'missing_scope' ? ': add the scope files:read' : '';
  const why = `Slack answered ${error.reason}${advice}`;
  // A limit would outlast the few seconds that there are.
  return { type: 'unknown', why, isRefused: !error.retryable || error.status === 429 };
}

function shareIn({ shares }: SharedFile, channelId: string): ShareSearch | undefined {
  const share = (shares?.public?.[channelId] ?? shares?.private?.[channelId])?.[0];
  return share?.ts === undefined ? undefined : { type: 'found', ts: share.ts, threadTs: share.thread_ts };
}
