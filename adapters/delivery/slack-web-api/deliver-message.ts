import { DeliveryError, type DeliveryRequest, type Receipt } from '../../../src/index.js';
import { keepDoubt } from '../slack-message/fault/keep-doubt.js';
import { duplicateNote, foundNote } from '../slack-message/notes.js';
import { slackPayload } from '../slack-message/slack-payload.js';
import { slackIntegration } from '../slack-message/slack-target.js';
import { callSlack, type SlackSession } from './call-slack.js';
import { type ChannelReference, channelOf } from './channel.js';
import { findChannel } from './find-channel.js';
import { type DeliverySearch, findDelivery } from './find-delivery.js';

/**
 * Posts a message, unless an earlier attempt has.
 *
 * @param session - The attempt.
 * @param request - What to deliver.
 * @param lookUp - Whether to look for it where an earlier attempt may have posted it.
 * @returns The receipt.
 * @throws `DeliveryError` of any kind.
 */
export async function deliverMessage(
  session: SlackSession,
  request: DeliveryRequest,
  lookUp: boolean,
): Promise<Receipt> {
  const channel = channelOf(slackIntegration(request.integration));
  if (!request.mayHaveArrived) {
    return post(session, request, channel);
  }
  if (!lookUp) {
    return inDoubt(await post(session, request, channel).catch(keepDoubt), 'looking for it is switched off');
  }
  const { channelId, search } = await look(session, request, channel).catch(keepDoubt);
  if (search.type === 'found') {
    return { channelId, channelName: channel.name, messageId: search.ts, note: foundNote };
  }
  if (search.type === 'absent') {
    const receipt = await post(session, request, channel);
    // Where the id can't be attached, it could not have been found either.
    return receipt.note === undefined ? receipt : inDoubt(receipt, 'it carries no delivery id');
  }
  return inDoubt(await post(session, request, channel).catch(keepDoubt), search.why);
}

interface Look {
  readonly channelId: string | undefined;
  readonly search: DeliverySearch;
}

async function look(session: SlackSession, request: DeliveryRequest, channel: ChannelReference): Promise<Look> {
  const channelId = channel.id ?? (await idOf(session, channel.name));
  if (channelId === undefined || /^[UW]/.test(channelId)) {
    return { channelId, search: { type: 'unknown', why: "the channel's id is not known" } };
  }
  const { deliveryId, committedAtMs } = request;
  return { channelId, search: await findDelivery(session, { channelId, deliveryId, committedAtMs }) };
}

async function idOf(session: SlackSession, name: string | undefined): Promise<string | undefined> {
  const search = name === undefined ? undefined : await findChannel(session, name);
  return search?.type === 'found' ? search.channel.id : undefined;
}

async function post(session: SlackSession, request: DeliveryRequest, channel: ChannelReference): Promise<Receipt> {
  const { metadata, ...payload } = slackPayload(request);
  try {
    return await postOnce(session, channel, { ...payload, metadata });
  } catch (error) {
    if (!DeliveryError.is(error) || !error.reason.includes('metadata')) {
      throw error;
    }
    // Some tokens may not attach metadata. It serves only to find the message again, so the alert goes without.
    const receipt = await postOnce(session, channel, payload);
    return { ...receipt, note: `sent without delivery id: ${error.reason}` };
  }
}

type Payload = Omit<ReturnType<typeof slackPayload>, 'metadata'> & Partial<ReturnType<typeof slackPayload>>;

async function postOnce(session: SlackSession, channel: ChannelReference, payload: Payload): Promise<Receipt> {
  const answer = await callSlack(session, (client) => client.chat.postMessage({ ...payload, channel: channel.posted }));
  return { channelId: answer.channel, channelName: channel.name, messageId: answer.ts, status: 200 };
}

function inDoubt(receipt: Receipt, why: string): Receipt {
  const notes = [duplicateNote(why), receipt.note].filter((note) => note !== undefined);
  return { ...receipt, note: notes.join('; ') };
}
