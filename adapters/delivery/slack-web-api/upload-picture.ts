import { DeliveryError } from '../../../src/index.js';
import { limits } from '../slack-message/limits.js';
import { shortenPlain } from '../slack-message/shorten-text.js';
import { callSlack } from './call-slack.js';
import type { DeliverySession } from './delivery-session.js';
import { type PictureLoss, uploadFailed, uploadUnclear } from './picture-loss.js';
import { withinTime } from './within-time.js';

/** A picture on its way into a channel. */
export interface PictureUpload {
  readonly channelId: string;
  readonly threadTs: string | undefined;
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** Clean, in one line. */
  readonly title: string;
  /** What is said with it, escaped. Left out: nothing, since it has been said. */
  readonly comment?: string;
}

/** What became of an upload. */
export type UploadOutcome =
  /** Slack has taken it; the message that shows it comes a moment later. */
  | { readonly type: 'uploaded'; readonly fileId: string | undefined }
  /** Slack may have taken it. */
  | { readonly type: 'unclear'; readonly fileId: string | undefined; readonly loss: PictureLoss }
  /** Nothing stands in the channel, nor will. */
  | { readonly type: 'failed'; readonly loss: PictureLoss };

/**
 * Uploads a picture and shares it in a channel or thread, as one message with its comment. Its three requests may take as
 * long as two calls together, so that an attempt has time left for posting without the picture.
 *
 * @param session - The attempt.
 * @param upload - What, and where.
 * @returns What became of it.
 * @throws What is no `DeliveryError`.
 */
export async function uploadPicture(session: DeliverySession, upload: PictureUpload): Promise<UploadOutcome> {
  let last: { readonly url: string | undefined; readonly body: string | undefined } | undefined;
  try {
    const { files } = await withinTime(session, 2 * session.timeoutMs, (limited) =>
      callSlack(limited, async (client, http) => {
        try {
          return await client.filesUploadV2(uploadArguments(upload));
        } finally {
          last = { url: http.url, body: http.sentText };
        }
      }),
    );
    return { type: 'uploaded', fileId: files[0]?.files?.[0]?.id };
  } catch (error) {
    if (!DeliveryError.is(error)) throw error;
    // Until the last of its three requests an upload is seen by nobody.
    const isShown = last?.url?.endsWith('/files.completeUploadExternal') === true;
    return isShown && error.ambiguous
      ? { type: 'unclear', fileId: fileIdIn(last?.body), loss: uploadUnclear(error.reason) }
      : { type: 'failed', loss: uploadFailed(error.reason) };
  }
}

function uploadArguments({ channelId, threadTs, filename, bytes, title, comment }: PictureUpload) {
  const target = {
    channel_id: channelId,
    file: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    filename,
    title: shortenPlain(title, limits.fileTitle),
    ...(comment === undefined ? {} : { initial_comment: comment }),
  };
  return threadTs === undefined ? target : { ...target, thread_ts: threadTs };
}

/** The file that a request was about: the SDK tells it only with an answer. */
function fileIdIn(sent: string | undefined): string | undefined {
  return /"id":"(F[A-Z0-9]+)"/.exec(new URLSearchParams(sent ?? '').get('files') ?? '')?.[1];
}
