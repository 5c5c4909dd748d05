import { DeliveryError, type DeliveryRequest } from '../../../src/index.js';
import type { ChannelReference } from './channel.js';
import { postedIdOf } from './channel-id.js';
import type { DeliverySession } from './delivery-session.js';
import { type DeliverySearch, findDelivery, type WantedDelivery } from './find-delivery.js';
import { waitingToLook } from './look-patience.js';
import { isThreadRefusal } from './post-message.js';
import { lookUpMs, withinTime } from './within-time.js';

/** A look for a message, and where it was. */
export interface Look {
  readonly channelId: string | undefined;
  readonly threadTs: string | undefined;
  readonly search: DeliverySearch;
}

/**
 * Looks for a message that an earlier attempt may have posted, and when that fails waits for a better time, but not for
 * long: then it is not known whether it stands there.
 *
 * @param session - The attempt.
 * @param request - What to look for.
 * @param channel - Where.
 * @returns What was found.
 * @throws `DeliveryError`, ambiguous, when it is time to wait.
 */
export async function lookForMessage(
  session: DeliverySession,
  request: DeliveryRequest,
  channel: ChannelReference,
): Promise<Look> {
  const { patience } = session.learnt;
  try {
    const answer = await look(session, request, channel);
    if (answer.search.type === 'absent') patience.renew(session.token, request.deliveryId);
    return answer;
  } catch (error) {
    if (!DeliveryError.is(error)) throw error;
    const isEnding = session.signal.aborted;
    if (isEnding || patience.lasts(session.token, request.deliveryId)) throw waitingToLook(error);
    const why = `the channel's history can't be read (${error.reason})`;
    return { channelId: undefined, threadTs: request.thread?.messageId, search: { type: 'unknown', why } };
  }
}

async function look(session: DeliverySession, request: DeliveryRequest, channel: ChannelReference): Promise<Look> {
  const channelId = await postedIdOf(session, channel);
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
