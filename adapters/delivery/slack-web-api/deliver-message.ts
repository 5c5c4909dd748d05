import { DeliveryError, type DeliveryRequest } from '../../../src/index.js';
import { keepDoubt } from '../slack-message/fault/keep-doubt.js';
import { duplicateNote, noted } from '../slack-message/notes.js';
import { type ChannelReference, channelOf, findReference } from './channel.js';
import { deliverPicture, postWithout } from './deliver-picture.js';
import type { DeliverySession } from './delivery-session.js';
import { foundNotes } from './found-notes.js';
import { lookForMessage } from './look-for-message.js';
import { uploadedBefore } from './picture-loss.js';
import { type Posted, postMessage } from './post-message.js';

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
    return inDoubt(await sendUnseen(session, request, channel), 'looking for it is switched off');
  }
  const { channelId, threadTs, search } = await lookForMessage(session, request, channel);
  switch (search.type) {
    case 'found': {
      const receipt = { channelId, channelName: channel.name, messageId: search.ts };
      return { receipt: { ...receipt, ...foundNotes(session, request, search) }, threadTs, isMarked: true };
    }
    case 'absent': {
      const posted = await send(session, request, channel);
      // Where the id can't be attached, it could not have been found either.
      return posted.isMarked ? posted : inDoubt(posted, 'it carries no delivery id');
    }
    case 'unknown':
      return inDoubt(await sendUnseen(session, request, channel), search.why);
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
  if (request.message.image?.type !== 'stored') return postMessage(session, request, channel);
  const isTried = session.learnt.notUploaded.get(session.token, request.deliveryId) !== true;
  // The earlier attempt may have come to the upload, and Slack may show it only later.
  return request.mayHaveArrived && isTried
    ? postWithout(session, request, channel, uploadedBefore)
    : deliverPicture(session, request, channel);
}

/** Sends what may stand there already, because nobody can tell. */
async function sendUnseen(
  session: DeliverySession,
  request: DeliveryRequest,
  channel: ChannelReference,
): Promise<Posted> {
  try {
    return await send(session, request, channel);
  } catch (error) {
    if (DeliveryError.is(error) && error.ambiguous) {
      const { patience, copied } = session.learnt;
      // So that an outage does not make copy after copy.
      patience.spend(session.token, request.deliveryId);
      copied.set(session.token, request.deliveryId, true);
    }
    return keepDoubt(error);
  }
}

function inDoubt(posted: Posted, why: string): Posted {
  return { ...posted, receipt: { ...posted.receipt, ...noted(duplicateNote(why), posted.receipt.note) } };
}
