/** A channel of the workspace. */
export interface SlackChannelOptions {
  /** Name, with or without `#`. */
  readonly name: string;
  /** Channel ID. @default generated: C0000000001, C0000000002, … */
  readonly id?: string;
  /** Private channels cannot be addressed by name, and exist only for bots that are members. @default false */
  readonly isPrivate?: boolean;
  /** @default false */
  readonly isArchived?: boolean;
  /** Whether the workspace's bots are members. @default true */
  readonly isMember?: boolean;
}

/** A bot token that the workspace accepts. */
export interface SlackTokenOptions {
  readonly token: string;
  /** @default defaultBotScopes */
  readonly scopes?: readonly string[];
  /** The app that posts with this token; tokens of the same name share one bot. @default 'tocsin' */
  readonly botName?: string;
}

/** An app that people can install by OAuth. */
export interface SlackAppOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where consent may lead back to: these URLs and what lies below them. */
  readonly redirectUris: readonly string[];
  /** What its bot is called. The bot is its own, and after the installation a member of no channel. @default 'tocsin' */
  readonly name?: string;
  /** Whether its tokens expire after 12 hours and come with a refresh token. @default false */
  readonly tokenRotation?: boolean;
}

/** How many messages a channel takes, as a token bucket computed from the workspace's clock. */
export interface SlackRateLimit {
  /** Messages per second that refill the bucket. */
  readonly messagesPerSecond: number;
  /** Messages that may arrive at once when the bucket is full. */
  readonly burst: number;
}

/** What `startSlackWorkspace` takes. */
export interface SlackWorkspaceOptions {
  /** @default one public channel each named general, alerts */
  readonly channels?: readonly SlackChannelOptions[];
  /** @default one token, `workspace.token`, with defaultBotScopes */
  readonly tokens?: readonly SlackTokenOptions[];
  /** @default none */
  readonly apps?: readonly SlackAppOptions[];
  /** @default 'T0000000001' */
  readonly teamId?: string;
  /** @default 'Acme ML' */
  readonly teamName?: string;
  /** Milliseconds since the epoch; message timestamps and the rate limit follow it. @default Date.now */
  readonly clock?: () => number;
  /** Per channel, shared by chat.postMessage and webhooks; false switches it off. @default 1 message/s, burst 5 */
  readonly rateLimit?: SlackRateLimit | false;
  /**
   * How many calls of files.info for a file leave its shares out, as Slack's first ones do; Infinity: all of them. In the
   * channel the file stands at once. @default 0
   */
  readonly shareAfterCalls?: number;
  /**
   * How many looks find nothing before a file that Slack has taken stands in its channel: calls of files.info for it, and of
   * conversations.history and conversations.replies for the channel. Infinity: it never stands there. @default 0
   */
  readonly shareAfterLooks?: number;
}

/** The token of a workspace that was started without tokens. */
export const defaultToken = 'xoxb-slack-workspace-default';

/** The name of the bot, and so of the app, of tokens that name none. */
export const defaultBotName = 'tocsin';

/** The scopes of a token that names none: everything but chat:write.public and chat:write.customize. */
export const defaultBotScopes: readonly string[] = Object.freeze([
  'chat:write',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
  'channels:join',
  'reactions:read',
  'reactions:write',
  'files:read',
  'files:write',
]);

/** Slack's published pace, one message a second per channel with short bursts tolerated. */
export const defaultRateLimit: SlackRateLimit = Object.freeze({ messagesPerSecond: 1, burst: 5 });
