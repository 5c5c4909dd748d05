/** A channel beside the integration's own, and as whom to post there: what routing chose. */
export interface Destination {
  /** `#name` or channel id. */
  readonly channel: string;
  /** The channel's id, where it is known. */
  readonly channelId?: string | undefined;
  /** The name to post as. @default the bot's own */
  readonly username?: string | undefined;
  /** The emoji to post with, with or without colons. @default the bot's own picture */
  readonly iconEmoji?: string | undefined;
}
