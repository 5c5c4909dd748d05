import { DeliveryError, type DeliveryRequest } from '../../../src/index.js';
import { keepDoubt } from '../slack-message/fault/keep-doubt.js';
import { duplicateNote, foundNote, noted, pictureNote } from '../slack-message/notes.js';
import { type ChannelReference, channelOf, findReference } from './channel.js';
import { channelIdOf } from './channel-id.js';
import { deliverPicture, postWithout } from './deliver-picture.js';
import type { DeliverySession } from './delivery-session.js';
import { type DeliverySearch, findDelivery, type WantedDelivery } from './find-delivery.js';
import { waitingToLook } from './look-patience.js';
import { uploadedBefore } from './picture-loss.js';
import { isThreadRefusal, type Posted, postMessage } from './post-message.js';
import { lookUpMs, withinTime } from './within-time.js';

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
  const { channelId, threadTs, search } = await lookPatiently(session, request, channel);
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
    // Another doubt, so that an outage does not make copy after copy without a look in between.
    if (DeliveryError.is(error) && error.ambiguous) session.learnt.patience.renew(session.token, request.deliveryId);
    return keepDoubt(error);
  }
}

interface Look {
  readonly channelId: string | undefined;
  readonly threadTs: string | undefined;
  readonly search: DeliverySearch;
}

/** Looks, and when that fails waits for a better time, but not for long: then it is not known whether it stands there. */
async function lookPatiently(
  session: DeliverySession,
  request: DeliveryRequest,
  channel: ChannelReference,
): Promise<Look> {
  try {
    return await look(session, request, channel);
  } catch (error) {
    if (!DeliveryError.is(error)) throw error;
    const isEnding = session.signal.aborted;
    if (isEnding || session.learnt.patience.lasts(session.token, request.deliveryId)) throw waitingToLook(error);
    const why = `the channel's history can't be read (${error.reason})`;
    return { channelId: undefined, threadTs: request.thread?.messageId, search: { type: 'unknown', why } };
  }
}

async function look(session: DeliverySession, request: DeliveryRequest, channel: ChannelReference): Promise<Look> {
  const channelId = await channelIdOf(session, channel);
  const threadTs = request.thread?.messageId;
  if (channelId === undefined) {
    return { channelId, threadTs, search: { type: 'unknown', why: "the channel's id is not known" } };
  }
  const { deliveryId, committedAtMs } = request;
  const wanted = { channelId, threadTs, deliveryId, committedAtMs };
  const find = (where: WantedDelivery): Promise<DeliverySearch> =>
    withinTime(session, lookUpMs(session), (limited) => findDelivery(limited, where));
  const search = await find(wanted);
  if (threadTs === undefined || search.type !== 'unknown' || !isThreadRefusal(search.reason ?? '')) {
    return { channelId, threadTs, search };
  }
  // The thread is gone, so the earlier attempt can have posted only in the channel.
  return { channelId, threadTs: undefined, search: await find({ ...wanted, threadTs: undefined }) };
}

function inDoubt(posted: Posted, why: string): Posted {
  return { ...posted, receipt: { ...posted.receipt, ...noted(duplicateNote(why), posted.receipt.note) } };
}
