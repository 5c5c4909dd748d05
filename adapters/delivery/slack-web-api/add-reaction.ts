import { DeliveryError, type ReactionRequest, type Receipt } from '../../../src/index.js';
import { callSlack, type SlackSession } from './call-slack.js';

/**
 * Adds a reaction to a message. One that is there already is as good as added, so an attempt can be made again whatever
 * became of the one before.
 *
 * @param session - The attempt.
 * @param request - Which reaction, and to which message.
 * @returns The receipt.
 * @throws `DeliveryError` of any kind; a missing scope is of kind `message`, because messages arrive without it.
 */
export async function addReaction(session: SlackSession, { thread, reaction }: ReactionRequest): Promise<Receipt> {
  const { channelId, messageId } = thread;
  const receipt: Receipt = { channelId, messageId, status: 200 };
  const name = reaction.trim().replace(/^:|:$/g, '');
  try {
    await callSlack(session, (client) => client.reactions.add({ channel: channelId, timestamp: messageId, name }));
    return receipt;
  } catch (error) {
    if (DeliveryError.is(error) && error.reason === 'already_reacted') return receipt;
    throw DeliveryError.is(error) && error.reason === 'missing_scope' ? withoutScope(error) : error;
  }
}

function withoutScope({ reason, status, body }: DeliveryError): DeliveryError {
  return new DeliveryError({
    kind: 'message',
    reason,
    message:
      'Slack answered missing_scope. Add the scope reactions:write in the settings of the Slack app and install it again',
    status,
    body,
  });
}
