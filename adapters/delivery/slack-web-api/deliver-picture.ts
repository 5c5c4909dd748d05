import type { DeliveryRequest } from '../../../src/index.js';
import { headline } from '../slack-message/headline.js';
import { messageText } from '../slack-message/message-text.js';
import { noted, pictureNote } from '../slack-message/notes.js';
import type { ChannelReference } from './channel.js';
import { channelIdOf } from './channel-id.js';
import type { DeliverySession } from './delivery-session.js';
import { companionFileNameOf, fileNameOf } from './file-name.js';
import { personaOf } from './persona.js';
import { type Posted, postMessage } from './post-message.js';
import { shareTs } from './share-ts.js';
import { uploadPicture } from './upload-picture.js';

/**
 * Delivers a message with a picture from memory: as the upload of the picture, with the message as its comment. Where that
 * fails the alert goes out as any other, and its note says why the picture is missing.
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
  const bytes = await readPicture(request);
  if (typeof bytes === 'string') return withNote(await postMessage(session, request, channel), pictureNote(bytes));
  // An upload can't be shown in the channel as well, and a reply that must be seen must not be hidden in its thread.
  if (request.thread !== undefined && request.broadcast === true)
    return postThenUpload(session, request, channel, bytes);
  const channelId = await channelIdOf(session, channel).catch(() => undefined);
  if (channelId === undefined) {
    const note = pictureNote("the channel's id is not known, so give it instead of the name");
    return withNote(await postMessage(session, request, channel), note);
  }
  const { message, deliveryId, committedAtMs } = request;
  const threadTs = request.thread?.messageId;
  const outcome = await uploadPicture(session, {
    channelId,
    threadTs,
    filename: fileNameOf(deliveryId),
    bytes,
    title: headline(message),
    comment: messageText(message),
  });
  if (outcome.type === 'failed') {
    return withNote(await postMessage(session, request, channel), pictureNote(outcome.why));
  }
  const share = await shareTs(session, outcome.file, { channelId, threadTs, deliveryId, committedAtMs });
  const lost = share.type === 'found' ? undefined : `where the message stands is not known (${share.why})`;
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
    threadTs: share.type === 'found' ? share.threadTs : threadTs,
    isMarked: true,
  };
}

/** The bytes, or why there are none. */
async function readPicture(request: DeliveryRequest): Promise<Uint8Array | string> {
  try {
    const bytes = await request.image?.();
    return bytes === undefined || bytes.byteLength === 0
      ? 'it is not stored any more; engine.images.put gives a new handle'
      : bytes;
  } catch {
    return 'it could not be read from the storage';
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
  if (channelId === undefined) return withNote(posted, pictureNote("the channel's id is not known"));
  const threadTs = posted.threadTs ?? posted.receipt.messageId;
  // The message has arrived: nothing that goes wrong with its picture may look as if it had not.
  const outcome = await uploadPicture(session, {
    channelId,
    threadTs,
    filename: companionFileNameOf(deliveryId),
    bytes,
    title: headline(message),
  }).catch(() => ({ type: 'failed', why: 'its upload may have failed' }) as const);
  return outcome.type === 'failed' ? withNote(posted, pictureNote(outcome.why)) : posted;
}

function withNote(posted: Posted, note: string): Posted {
  return { ...posted, receipt: { ...posted.receipt, ...noted(posted.receipt.note, note) } };
}
