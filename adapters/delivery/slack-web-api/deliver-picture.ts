import { DeliveryError, type DeliveryRequest } from '../../../src/index.js';
import { asDoubtful } from '../slack-message/fault/keep-doubt.js';
import { headline } from '../slack-message/headline.js';
import { messageText } from '../slack-message/message-text.js';
import { noted } from '../slack-message/notes.js';
import type { ChannelReference } from './channel.js';
import { channelIdOf } from './channel-id.js';
import type { DeliverySession } from './delivery-session.js';
import { companionFileNameOf, fileNameOf } from './file-name.js';
import { personaOf } from './persona.js';
import {
  channelUnknown,
  failedBefore,
  mayStillFollow,
  type PictureLoss,
  pictureGone,
  pictureLossNote,
  pictureRemark,
  pictureUnread,
  uploadNotShown,
} from './picture-loss.js';
import { type Posted, postMessage } from './post-message.js';
import { type ShareSearch, shareTs } from './share-ts.js';
import { type UploadOutcome, uploadPicture } from './upload-picture.js';

/**
 * Delivers a message with a picture from memory: as the upload of the picture, with the message as its comment. Where that
 * fails the alert goes out as any other, and says why the picture is missing. An upload that may have been taken is looked
 * for, for some seconds, and never made again: the alert goes out rather than wait for it.
 *
 * The comment is text, not blocks. Slack ignores blocks beside a comment, an upload takes no attachments and so shows no
 * colour, and only a comment becomes the message's top-level text, which is all that screen readers and notifications read.
 *
 * @param session - The attempt.
 * @param request - What to deliver.
 * @param channel - Where.
 * @returns Where it stands.
 * @throws `DeliveryError` of any kind.
 */
export async function deliverPicture(
  session: DeliverySession,
  request: DeliveryRequest,
  channel: ChannelReference,
): Promise<Posted> {
  const { notUploaded } = session.learnt;
  notUploaded.set(session.token, request.deliveryId, true);
  const picture = await readPicture(request);
  if (picture.type === 'missing') return postWithout(session, request, channel, picture.loss);
  // An upload can't be shown in the channel as well, and a reply that must be seen must not be hidden in its thread.
  if (request.thread !== undefined && request.broadcast === true) {
    return postThenUpload(session, request, channel, picture.bytes);
  }
  if (request.plainText) return postWithout(session, request, channel, failedBefore);
  const channelId = await channelIdOf(session, channel).catch(() => undefined);
  if (channelId === undefined) return postWithout(session, request, channel, channelUnknown);
  const { message, deliveryId, committedAtMs } = request;
  const threadTs = request.thread?.messageId;
  notUploaded.delete(session.token, deliveryId);
  const outcome = await uploadPicture(session, {
    channelId,
    threadTs,
    filename: fileNameOf(deliveryId),
    bytes: picture.bytes,
    title: headline(message),
    comment: messageText(message),
  });
  if (outcome.type === 'failed') {
    notUploaded.set(session.token, deliveryId, true);
    return postWithout(session, request, channel, outcome.loss);
  }
  const share = await shareTs(session, outcome.fileId, { channelId, threadTs, deliveryId, committedAtMs });
  return stands(outcome, share)
    ? shown(request, channel, channelId, share)
    : postWithout(session, request, channel, outcome.type === 'unclear' ? outcome.loss : uploadNotShown).catch(
        asDoubtful,
      );
}

/** Slack's word that it has taken an upload is good enough where this app may not look for it. */
function stands(outcome: Exclude<UploadOutcome, { type: 'failed' }>, share: ShareSearch): boolean {
  return share.type === 'found' || (share.type === 'unknown' && share.isRefused && outcome.type === 'uploaded');
}

function shown(request: DeliveryRequest, channel: ChannelReference, channelId: string, share: ShareSearch): Posted {
  const lost = share.type === 'unknown' ? `where the message stands is not known (${share.why})` : undefined;
  const unnamed =
    personaOf(request.destination) === undefined ? undefined : 'username and icon left out: a picture has none';
  return {
    receipt: {
      channelId,
      channelName: channel.name,
      ...(share.type === 'found' ? { messageId: share.ts } : {}),
      status: 200,
      ...noted(lost, unnamed),
    },
    threadTs: share.type === 'found' ? share.threadTs : request.thread?.messageId,
    isMarked: true,
  };
}

/**
 * Posts a message without its picture, and says so in the channel and in the receipt.
 *
 * @param session - The attempt.
 * @param request - What to deliver.
 * @param channel - Where.
 * @param loss - Why the picture is missing.
 * @returns Where it stands.
 * @throws `DeliveryError` of any kind.
 */
export async function postWithout(
  session: DeliverySession,
  request: DeliveryRequest,
  channel: ChannelReference,
  loss: PictureLoss,
): Promise<Posted> {
  try {
    return withLoss(await postMessage(session, request, channel, pictureRemark(loss)), loss);
  } catch (error) {
    const isCopied = mayStillFollow(loss) && DeliveryError.is(error) && error.ambiguous;
    if (isCopied) session.learnt.copied.set(session.token, request.deliveryId, true);
    throw error;
  }
}

type Picture =
  | { readonly type: 'read'; readonly bytes: Uint8Array }
  | { readonly type: 'missing'; readonly loss: PictureLoss };

async function readPicture(request: DeliveryRequest): Promise<Picture> {
  try {
    const bytes = await request.image?.();
    return bytes === undefined || bytes.byteLength === 0
      ? { type: 'missing', loss: pictureGone }
      : { type: 'read', bytes };
  } catch {
    return { type: 'missing', loss: pictureUnread };
  }
}

async function postThenUpload(
  session: DeliverySession,
  request: DeliveryRequest,
  channel: ChannelReference,
  bytes: Uint8Array,
): Promise<Posted> {
  const posted = await postMessage(session, request, channel);
  const { channelId } = posted.receipt;
  const { message, deliveryId } = request;
  if (channelId === undefined) return withLoss(posted, channelUnknown);
  const threadTs = posted.threadTs ?? posted.receipt.messageId;
  // The message has arrived: nothing that goes wrong with its picture may look as if it had not.
  const outcome = await uploadPicture(session, {
    channelId,
    threadTs,
    filename: companionFileNameOf(deliveryId),
    bytes,
    title: headline(message),
  }).catch(() => ({ type: 'failed', loss: { why: 'its upload may have failed' } }) as const);
  switch (outcome.type) {
    case 'uploaded':
      return posted;
    case 'unclear':
      return withLoss(posted, { why: outcome.loss.why });
    case 'failed':
      return withLoss(posted, outcome.loss);
    default:
      return outcome satisfies never;
  }
}

function withLoss(posted: Posted, loss: PictureLoss): Posted {
  return { ...posted, receipt: { ...posted.receipt, ...noted(posted.receipt.note, pictureLossNote(loss)) } };
}
