import type { Message } from '../../../src/index.js';
import type { HeaderBlock, SlackAttachment } from './block-types.js';
import { messageBlocks } from './message-blocks.js';
import { messageText } from './message-text.js';

/** What both `chat.postMessage` and an incoming webhook take. */
export interface SlackPayload {
  text: string;
  /** Off: the text is for screen readers and for when the layout was refused, and values in it are not ours to format. */
  mrkdwn: false;
  link_names: false;
  unfurl_links: false;
  unfurl_media: false;
  blocks?: HeaderBlock[];
  attachments?: SlackAttachment[];
  metadata: DeliveryMetadata;
}

/** By this a message can be found again in a channel's history. */
interface DeliveryMetadata {
  event_type: 'tocsin_notification';
  event_payload: { delivery_id: string };
}

/** What {@link slackPayload} needs of a delivery request. */
export interface PayloadSource {
  readonly message: Message;
  readonly deliveryId: string;
  readonly plainText: boolean;
}

/**
 * Makes what is sent to Slack.
 *
 * @param source - The message, its delivery id, and whether to send it as plain text only.
 * @returns A payload within Slack's limits.
 */
export function slackPayload(source: PayloadSource): SlackPayload {
  return {
    text: messageText(source.message),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    ...(source.plainText ? {} : messageBlocks(source.message)),
    metadata: { event_type: 'tocsin_notification', event_payload: { delivery_id: source.deliveryId } },
  };
}
