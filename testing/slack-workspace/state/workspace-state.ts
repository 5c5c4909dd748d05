import type { LateCommit, QueuedFault } from '../faults.js';
import type { JsonObject } from '../json.js';
import { createLedger, type LedgerState } from '../ledger.js';
import type { SlackRateLimit } from '../options.js';
import type { SlackRequest } from '../request-log.js';
import { createTimestampSource } from './timestamp.js';

/** The bot user of an app. */
export interface Bot {
  readonly name: string;
  readonly botId: string;
  readonly userId: string;
  readonly appId: string;
}

/** Why a token no longer works, in Slack's words. */
export type SlackTokenError = 'token_revoked' | 'account_inactive' | 'token_expired' | 'invalid_auth';

/** A token, good or no longer so. */
export interface TokenState {
  readonly token: string;
  readonly scopes: readonly string[];
  readonly bot: Bot;
  /** In milliseconds of the workspace's clock; undefined for a token that does not expire. */
  readonly expiresAtMs?: number;
  error?: SlackTokenError;
}

/** An app that can be installed by OAuth. */
export interface AppState {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  readonly name: string;
  readonly tokenRotation: boolean;
  /** Its bot, from the first installation on. */
  bot: Bot | undefined;
  /** The token of all its installations, where tokens do not rotate. */
  token: string | undefined;
}

/** What somebody agreed to, until it is exchanged for a token. */
export interface GrantState {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The channel picked for an incoming webhook. */
  readonly channelId: string | undefined;
  /** As it was sent, if it was. */
  readonly redirectUri: string | undefined;
  readonly expiresAtMs: number;
  isUsed: boolean;
}

/** A refresh token that has not been used. */
interface RefreshState {
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** A file's appearance in a channel. */
export interface FileShare {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
}

/** A file: announced, then uploaded, then completed. */
export interface FileState {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly filetype: string;
  /** In bytes, as announced; the bytes must be as many. */
  readonly size: number;
  readonly bot: Bot;
  readonly createdAtMs: number;
  readonly shares: FileShare[];
  title: string;
  bytes: Uint8Array | undefined;
  isComplete: boolean;
  /** How often files.info answered for it. */
  infoCalls: number;
}

/** A file that has been taken, and does not stand in its channel yet. */
export interface LateShare {
  readonly fileIds: readonly string[];
  readonly channelId: string;
  /** How many more looks find nothing. */
  looksLeft: number;
  readonly share: () => void;
}

/** A reaction and the user IDs of who set it. */
interface ReactionState {
  readonly name: string;
  readonly users: string[];
}

/** A message as it stands; what an update changes is writable. */
export interface MessageState {
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly isBroadcast: boolean;
  readonly isFromWebhook: boolean;
  readonly botId: string;
  readonly userId: string | undefined;
  readonly username: string;
  readonly iconEmoji: string | undefined;
  readonly replies: string[];
  readonly reactions: ReactionState[];
  readonly files: readonly FileState[];
  text: string;
  blocks: readonly JsonObject[];
  attachments: readonly JsonObject[];
  metadata: JsonObject | undefined;
  edited: { readonly user: string; readonly ts: string } | undefined;
}

/** A channel with its members and messages. */
export interface ChannelState {
  readonly id: string;
  name: string;
  readonly isPrivate: boolean;
  readonly createdAtMs: number;
  /** User IDs of the bots that are members. */
  readonly members: Set<string>;
  /** By `ts`, replies included, oldest first because timestamps only grow. */
  readonly messages: Map<string, MessageState>;
  isArchived: boolean;
  /** When the rate limit's bucket is full again, in milliseconds of the workspace's clock. */
  bucketFullAtMs: number;
}

/** An incoming webhook. */
export interface WebhookState {
  readonly id: string;
  readonly secret: string;
  readonly channelId: string;
  readonly bot: Bot;
  isRevoked: boolean;
}

/** Everything a workspace knows; plain data that the functions beside it read and change. */
export interface WorkspaceState {
  readonly team: { readonly id: string; readonly name: string; readonly url: string };
  readonly clock: () => number;
  readonly nextTimestamp: () => string;
  readonly rateLimit: SlackRateLimit | false;
  readonly bots: Map<string, Bot>;
  readonly tokens: Map<string, TokenState>;
  readonly channels: Map<string, ChannelState>;
  readonly webhooks: Map<string, WebhookState>;
  /** By ID. */
  readonly files: Map<string, FileState>;
  /** How many calls of files.info leave a file's shares out. */
  readonly shareAfterCalls: number;
  /** How many looks come before a file's message. */
  readonly shareAfterLooks: number;
  readonly lateShares: LateShare[];
  /** By client ID. */
  readonly apps: Map<string, AppState>;
  /** By code. */
  readonly grants: Map<string, GrantState>;
  /** By refresh token. */
  readonly refreshTokens: Map<string, RefreshState>;
  /** What ends a code or token: no two are alike, nor those of two teams. */
  readonly nextSecret: () => string;
  readonly ledger: LedgerState;
  readonly requests: SlackRequest[];
  readonly faults: QueuedFault[];
  readonly lateCommits: LateCommit[];
  /** Where it is served; empty until it is. */
  origin: string;
}

/** A readable ID of Slack's shape: a letter and ten digits. */
export const formatId = (letter: string, ordinal: number): string => `${letter}${String(ordinal).padStart(10, '0')}`;

const createSecretSource = (teamId: string): (() => string) => {
  let ordinal = 0;
  return () => {
    ordinal += 1;
    return `${teamId}-${String(ordinal).padStart(12, '0')}`;
  };
};

/** Makes a workspace without bots, tokens, channels and apps. */
export const createWorkspaceState = (options: {
  readonly teamId: string;
  readonly teamName: string;
  readonly clock: () => number;
  readonly rateLimit: SlackRateLimit | false;
  readonly shareAfterCalls: number;
  readonly shareAfterLooks: number;
}): WorkspaceState => {
  const domain = options.teamName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return {
    team: { id: options.teamId, name: options.teamName, url: `https://${domain}.slack.com/` },
    clock: options.clock,
    nextTimestamp: createTimestampSource(options.clock),
    rateLimit: options.rateLimit,
    bots: new Map(),
    tokens: new Map(),
    channels: new Map(),
    webhooks: new Map(),
    files: new Map(),
    shareAfterCalls: options.shareAfterCalls,
    shareAfterLooks: options.shareAfterLooks,
    lateShares: [],
    apps: new Map(),
    grants: new Map(),
    refreshTokens: new Map(),
    nextSecret: createSecretSource(options.teamId),
    ledger: createLedger(),
    requests: [],
    faults: [],
    lateCommits: [],
    origin: '',
  };
};
