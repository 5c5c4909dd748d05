import { DeliveryError } from '../../../src/index.js';
import type { SlackIntegration } from '../slack-message/slack-target.js';

/** Where an integration posts, as it was given. */
export interface ChannelReference {
  /** An id, or a name with or without `#`: what `chat.postMessage` takes. */
  readonly posted: string;
  readonly id: string | undefined;
  /** Without `#`. */
  readonly name: string | undefined;
}

/**
 * Reads where an integration posts. The id that was learnt wins: a name works only for public channels, and not everywhere.
 *
 * @param integration - The integration.
 * @returns Its channel.
 * @throws `DeliveryError` of kind `channel` when it names none.
 */
export function channelOf(integration: SlackIntegration): ChannelReference {
  const posted = (integration.channelId ?? integration.channel ?? '').trim();
  const bare = posted.replace(/^#/, '');
  if (bare === '') {
    throw new DeliveryError({
      kind: 'channel',
      reason: 'no_channel',
      message: 'The integration names no channel: give it a channel, as #name or id',
    });
  }
  // Names have no upper case, ids have nothing else.
  const isId = !posted.startsWith('#') && /^[CDGUW][A-Z0-9]+$/.test(posted);
  return isId ? { posted, id: posted, name: integration.channelName } : { posted, id: undefined, name: bare };
}
