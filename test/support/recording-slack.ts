import type { Delivery, DeliveryRequest, Receipt } from 'tocsin';

/** What a channel of a {@link RecordingSlack} got, in a line: `alert`, `> reply` under its parent, `:eyes: alert`. */
interface RecordedPost {
  readonly channel: string;
  readonly text: string;
  readonly messageId: string;
  readonly parent: string | undefined;
  readonly isBroadcast: boolean;
  readonly reactions: string[];
  readonly fields: readonly string[];
}

/** A delivery with channels, threads and reactions, in memory. */
export interface RecordingSlack extends Delivery {
  readonly posts: readonly RecordedPost[];
  /** Called before each post; what it throws is what the channel says. */
  before: (request: DeliveryRequest) => void;
  /** A channel's lines: messages, their replies indented, with reactions. */
  transcript(channel: string): string[];
}

/** Makes one for integrations of type `slack`. */
export function recordingSlack(): RecordingSlack {
  const posts: RecordedPost[] = [];
  const lineOf = ({ text, reactions, isBroadcast }: RecordedPost): string =>
    [text, ...(isBroadcast ? ['(also in the channel)'] : []), ...reactions.map((name) => `:${name}:`)].join(' ');
  const slack: RecordingSlack = {
    name: 'slack-web-api',
    integrationTypes: ['slack'],
    capabilities: { threads: true, reactions: true, channels: true, images: true },
    posts,
    before: () => {},
    async deliver(request): Promise<Receipt> {
      slack.before(request);
      const { message, integration, destination, thread, broadcast } = request;
      const own = integration.type === 'slack' ? (integration.channel ?? '') : '';
      const channel = destination?.channel ?? own;
      const messageId = `${posts.length + 1}.0`;
      const text = [message.title, message.text].filter((part) => part !== '').join(' | ');
      posts.push({
        channel,
        text,
        messageId,
        parent: thread?.messageId,
        isBroadcast: broadcast === true,
        reactions: [],
        fields: message.fields.map(({ name, value }) => `${name}: ${value}`),
      });
      return { channelId: `id of ${channel}`, messageId };
    },
    async react({ reaction, thread }) {
      const post = posts.find(({ messageId }) => messageId === thread.messageId);
      if (post === undefined) throw new Error('no such message');
      if (!post.reactions.includes(reaction)) post.reactions.push(reaction);
      return {};
    },
    transcript: (channel) =>
      posts
        .filter((post) => post.channel === channel && post.parent === undefined)
        .flatMap((post) => [
          lineOf(post),
          ...posts.filter(({ parent }) => parent === post.messageId).map((reply) => `> ${lineOf(reply)}`),
        ]),
  };
  return slack;
}
