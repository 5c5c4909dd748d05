import type { DeliveryRequest } from '../../../src/index.js';
import { keepDoubt } from '../slack-message/fault/keep-doubt.js';
import { duplicateNote, foundNote, noted, pictureNote } from '../slack-message/notes.js';
import { type ChannelReference, channelOf, findReference } from './channel.js';
import { channelIdOf } from './channel-id.js';
import { deliverPicture } from './deliver-picture.js';
import type { DeliverySession } from './delivery-session.js';
import { type DeliverySearch, findDelivery } from './find-delivery.js';
import { isThreadRefusal, type Posted, postMessage } from './post-message.js';

/**
 * Posts a message, unless an earlier attempt has.
 *
 * @param session - The attempt.
 * @param request - What to deliver.
 * @returns Where it stands.
 * @throws `DeliveryError` of any kind.
 */
export async function deliverMessage(session: DeliverySession, request: DeliveryRequest): Promise<Posted> {
  const channel = placeOf(request);
  if (!request.mayHaveArrived) {
    return send(session, request, channel);
  }
  if (!session.lookUp) {
    return inDoubt(await send(session, request, channel).catch(keepDoubt), 'looking for it is switched off');
  }
  const { channelId, threadTs, search } = await look(session, request, channel).catch(keepDoubt);
  switch (search.type) {
    case 'found': {
      const isBare = request.message.image?.type === 'stored' && !search.asFile;
      const note = noted(
        foundNote,
        isBare ? pictureNote('the attempt that posted the message may not have come to it') : undefined,
      );
      const receipt = { channelId, channelName: channel.name, messageId: search.ts, ...note };
      return { receipt, threadTs, isMarked: true };
    }
    case 'absent': {
      const posted = await send(session, request, channel);
      // Where the id can't be attached, it could not have been found either.
      return posted.isMarked ? posted : inDoubt(posted, 'it carries no delivery id');
    }
    case 'unknown':
      return inDoubt(await send(session, request, channel).catch(keepDoubt), search.why);
    default:
      return search satisfies never;
  }
}

/** A reply stands where its thread does. */
function placeOf(request: DeliveryRequest): ChannelReference {
  if (request.thread === undefined) return channelOf(request);
  const { channelId } = request.thread;
  return { posted: channelId, id: channelId, name: findReference(request)?.name };
}

function send(session: DeliverySession, request: DeliveryRequest, channel: ChannelReference): Promise<Posted> {
  const isUpload = request.message.image?.type === 'stored';
  return isUpload ? deliverPicture(session, request, channel) : postMessage(session, request, channel);
}

interface Look {
  readonly channelId: string | undefined;
  readonly threadTs: string | undefined;
  readonly search: DeliverySearch;
}

async function look(session: DeliverySession, request: DeliveryRequest, channel: ChannelReference): Promise<Look> {
  const channelId = await channelIdOf(session, channel);
  const threadTs = request.thread?.messageId;
  if (channelId === undefined) {
    return { channelId, threadTs, search: { type: 'unknown', why: "the channel's id is not known" } };
  }
  const { deliveryId, committedAtMs } = request;
  const wanted = { channelId, threadTs, deliveryId, committedAtMs };
  const search = await findDelivery(session, wanted);
  if (threadTs === undefined || search.type !== 'unknown' || !isThreadRefusal(search.reason ?? '')) {
    return { channelId, threadTs, search };
  }
  // The thread is gone, so the earlier attempt can have posted only in the channel.
  return { channelId, threadTs: undefined, search: await findDelivery(session, { ...wanted, threadTs: undefined }) };
}

function inDoubt(posted: Posted, why: string): Posted {
  return { ...posted, receipt: { ...posted.receipt, ...noted(duplicateNote(why), posted.receipt.note) } };
}
