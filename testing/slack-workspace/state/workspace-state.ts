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
  error?: SlackTokenError;
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
  text: string;
  blocks: readonly JsonObject[];
  attachments: readonly JsonObject[];
  metadata: JsonObject | undefined;
  edited: { readonly user: string; readonly ts: string } | undefined;
}

/** A channel with its members and messages. */
export interface ChannelState {
  readonly id: string;
  readonly name: string;
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
  readonly ledger: LedgerState;
  readonly requests: SlackRequest[];
  readonly faults: QueuedFault[];
  readonly lateCommits: LateCommit[];
}

/** A readable ID of Slack's shape: a letter and ten digits. */
export const formatId = (letter: string, ordinal: number): string => `${letter}${String(ordinal).padStart(10, '0')}`;

/** Makes a workspace without bots, tokens and channels. */
export const createWorkspaceState = (options: {
  readonly teamName: string;
  readonly clock: () => number;
  readonly rateLimit: SlackRateLimit | false;
}): WorkspaceState => {
  const domain = options.teamName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return {
    team: { id: formatId('T', 1), name: options.teamName, url: `https://${domain}.slack.com/` },
    clock: options.clock,
    nextTimestamp: createTimestampSource(options.clock),
    rateLimit: options.rateLimit,
    bots: new Map(),
    tokens: new Map(),
    channels: new Map(),
    webhooks: new Map(),
    ledger: createLedger(),
    requests: [],
    faults: [],
    lateCommits: [],
  };
};
