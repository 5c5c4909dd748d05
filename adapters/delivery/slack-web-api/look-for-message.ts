import { DeliveryError, type DeliveryRequest } from '../../../src/index.js';
import type { ChannelReference } from './channel.js';
import { channelIdOf } from './channel-id.js';
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

/**
 * Looks where the channel's name leads now, or, where Slack does not say, where the last message to that name went. What is found
 * there is found; that it is not there says nothing, for the name may lead elsewhere by now.
 */
async function look(session: DeliverySession, request: DeliveryRequest, channel: ChannelReference): Promise<Look> {
  const postedId = channel.name === undefined ? undefined : session.learnt.postedTo.get(session.token, channel.name);
  let channelId: string | undefined;
  try {
    channelId = await channelIdOf(session, channel);
  } catch (error) {
    if (postedId === undefined) throw error;
    const there = await lookIn(session, request, postedId);
    if (there.search.type !== 'found') throw error;
    return there;
  }
  if (channelId !== undefined) return lookIn(session, request, channelId);
  const there = postedId === undefined ? undefined : await lookIn(session, request, postedId);
  if (there?.search.type === 'found') return there;
  const search = { type: 'unknown', why: "the channel's id is not known" } as const;
  return { channelId: undefined, threadTs: request.thread?.messageId, search };
}

async function lookIn(session: DeliverySession, request: DeliveryRequest, channelId: string): Promise<Look> {
  const { deliveryId, committedAtMs } = request;
  const threadTs = request.thread?.messageId;
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
