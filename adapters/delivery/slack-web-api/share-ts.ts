import { DeliveryError } from '../../../src/index.js';
import { callSlack, type SlackSession } from './call-slack.js';
import { findShare, type WantedDelivery } from './find-delivery.js';
import { pause } from './pause.js';

/** Before each question, in milliseconds: some four seconds in all. */
const pausesMs = [0, 100, 200, 400, 800, 1_200, 1_600];
/** No question is asked after that, in milliseconds. */
const giveUpMs = 6_000;
/** How long one question may take, in milliseconds. */
const maxAskMs = 2_000;

/** What Slack tells of a file. */
export interface SharedFile {
  readonly id?: string | undefined;
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
  /** `why` says also what to do. */
  | { readonly type: 'unknown'; readonly why: string };

/**
 * Learns which message shows a file: Slack makes it a moment after it has taken the upload. Where the app may not ask about
 * files, it looks into the channel.
 *
 * @param session - The attempt.
 * @param file - What Slack answered to the upload.
 * @param wanted - The delivery, and where it stands.
 * @returns The message; never rejects, because the picture has arrived.
 */
export async function shareTs(session: SlackSession, file: SharedFile, wanted: WantedDelivery): Promise<ShareSearch> {
  const asking = { ...session, timeoutMs: Math.min(session.timeoutMs, maxAskMs) };
  let known: SharedFile = file;
  let reason = 'Slack has not said in time';
  const deadlineMs = performance.now() + giveUpMs;
  for (const pauseMs of pausesMs) {
    const share = shareIn(known, wanted.channelId);
    if (share !== undefined) return share;
    if (file.id === undefined || session.signal.aborted || performance.now() > deadlineMs) break;
    await pause(pauseMs, session.signal);
    const answer = await ask(asking, file.id);
    if (answer.type === 'refused') {
      reason = answer.why;
      break;
    }
    known = answer.file;
  }
  const share = shareIn(known, wanted.channelId);
  if (share !== undefined) return share;
  const ts = await findShare(asking, wanted).catch(() => undefined);
  return ts === undefined ? { type: 'unknown', why: reason } : { type: 'found', ts, threadTs: wanted.threadTs };
}

type Answer =
  | { readonly type: 'answered'; readonly file: SharedFile }
  | { readonly type: 'refused'; readonly why: string };

async function ask(session: SlackSession, file: string): Promise<Answer> {
  try {
    const answer = await callSlack(session, (client) => client.files.info({ file }));
    return { type: 'answered', file: (answer.file ?? {}) as SharedFile };
  } catch (error) {
    const reason = DeliveryError.is(error) ? error.reason : 'unknown';
    // What passes is asked again; a limit would outlast the few seconds that there are.
    if (DeliveryError.is(error) && error.retryable && error.status !== 429) return { type: 'answered', file: {} };
    const advice = reason === 'missing_scope' ? ': add the scope files:read' : '';
    return { type: 'refused', why: `Slack answered ${reason}${advice}` };
  }
}

function shareIn({ shares }: SharedFile, channelId: string): ShareSearch | undefined {
  const share = (shares?.public?.[channelId] ?? shares?.private?.[channelId])?.[0];
  return share?.ts === undefined ? undefined : { type: 'found', ts: share.ts, threadTs: share.thread_ts };
}
