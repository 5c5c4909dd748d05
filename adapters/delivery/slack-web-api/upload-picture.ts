import { DeliveryError } from '../../../src/index.js';
import { limits } from '../slack-message/limits.js';
import { shortenPlain } from '../slack-message/shorten-text.js';
import { callSlack } from './call-slack.js';
import type { DeliverySession } from './delivery-session.js';
import { pictureAdvice } from './picture-advice.js';
import type { SharedFile } from './share-ts.js';

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
  | { readonly type: 'uploaded'; readonly file: SharedFile }
  /** Nothing stands in the channel. `why` says also what to do. */
  | { readonly type: 'failed'; readonly why: string };

/**
 * Uploads a picture and shares it in a channel or thread, as one message with its comment.
 *
 * @param session - The attempt.
 * @param upload - What, and where.
 * @returns Whether it stands there.
 * @throws `DeliveryError`, ambiguous, when it may stand there.
 */
export async function uploadPicture(session: DeliverySession, upload: PictureUpload): Promise<UploadOutcome> {
  const { channelId, threadTs, filename, bytes, title, comment } = upload;
  let lastUrl: string | undefined;
  try {
    const { files } = await callSlack(session, async (client, http) => {
      const target = {
        file: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        filename,
        title: shortenPlain(title, limits.fileTitle),
        ...(comment === undefined ? {} : { initial_comment: comment }),
      };
      try {
        return await (threadTs === undefined
          ? client.filesUploadV2({ ...target, channel_id: channelId })
          : client.filesUploadV2({ ...target, channel_id: channelId, thread_ts: threadTs }));
      } finally {
        lastUrl = http.url;
      }
    });
    return { type: 'uploaded', file: files[0]?.files?.[0] ?? {} };
  } catch (error) {
    // Until the last of its three requests an upload is seen by nobody.
    const isShown = lastUrl?.endsWith('/files.completeUploadExternal') === true;
    if (!DeliveryError.is(error) || (isShown && error.ambiguous)) throw error;
    return { type: 'failed', why: pictureAdvice(error.reason) };
  }
}
