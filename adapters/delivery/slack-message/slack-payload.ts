import type { Message } from '../../../src/index.js';
import type { HeaderBlock, SectionBlock, SlackAttachment } from './block-types.js';
import { messageBlocks } from './message-blocks.js';
import { messageText } from './message-text.js';
import { replyBlocks } from './reply-blocks.js';

/** What both `chat.postMessage` and an incoming webhook take. */
export interface SlackPayload {
  text: string;
  /** Off: the text is for screen readers and for when the layout was refused, and values in it are not ours to format. */
  mrkdwn: false;
  link_names: false;
  unfurl_links: false;
  unfurl_media: false;
  blocks?: (HeaderBlock | SectionBlock)[];
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
  /** Whether it stands in a thread only. @default false */
  readonly isReply?: boolean;
  /** A short line of ours for its readers, in plain text. @default none */
  readonly remark?: string | undefined;
}

/**
 * Makes what is sent to Slack.
 *
 * @param source - The message, its delivery id, and whether to send it as plain text only.
 * @returns A payload within Slack's limits.
 */
export function slackPayload({ message, deliveryId, plainText, isReply = false, remark }: PayloadSource): SlackPayload {
  const layout = isReply ? replyBlocks : messageBlocks;
  return {
    text: messageText(message, remark),
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    ...(plainText ? {} : layout(message, remark)),
    metadata: { event_type: 'tocsin_notification', event_payload: { delivery_id: deliveryId } },
  };
}
