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
  /** @default 'Acme ML' */
  readonly teamName?: string;
  /** Milliseconds since the epoch; message timestamps and the rate limit follow it. @default Date.now */
  readonly clock?: () => number;
  /** Per channel, shared by chat.postMessage and webhooks; false switches it off. @default 1 message/s, burst 5 */
  readonly rateLimit?: SlackRateLimit | false;
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
