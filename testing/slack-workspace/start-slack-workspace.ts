import type { SlackFault, SlackFaultHandle } from './faults.js';
import { readLedger, type SlackLedger } from './ledger.js';
import { slackMethods } from './methods/method-table.js';
import {
  defaultRateLimit,
  defaultToken,
  type SlackChannelOptions,
  type SlackTokenOptions,
  type SlackWorkspaceOptions,
} from './options.js';
import { readChannel, readMessage, type SlackChannel, type SlackMessage } from './read-channel.js';
import { type RenderOptions, renderChannel } from './render/render-channel.js';
import type { SlackRequest } from './request-log.js';
import { serveWorkspace, stopServing } from './server/serve-workspace.js';
import { createChannel, requireChannel } from './state/channels.js';
import { queueFault } from './state/fault-queue.js';
import { findByPermalink } from './state/permalink.js';
import { grantToken, revokeToken } from './state/tokens.js';
import { revokeWebhooks, webhookOf, webhookPath } from './state/webhooks.js';
import { createWorkspaceState, type SlackTokenError } from './state/workspace-state.js';

/** A Slack workspace in this process; channels are named by ID, or by name with or without `#`. */
export interface SlackWorkspace {
  /** For `new WebClient(token, { slackApiUrl })`. */
  readonly apiUrl: string;
  /** The first token. */
  readonly token: string;
  /** For `new IncomingWebhook(url)`: the URL of the channel's webhook, made at the first call. */
  webhookUrl(channel: string): string;
  /** Lets the next matching requests go wrong. @throws Error if its method or channel is unknown */
  fault(fault: SlackFault): SlackFaultHandle;
  /** What arrived, by delivery. */
  readonly ledger: SlackLedger;
  /** Every request received, in order. */
  readonly requests: readonly SlackRequest[];
  /** Reads a channel. @throws Error if there is none of that name */
  channel(channel: string): SlackChannel;
  /** The message under a permalink, as it stands; undefined where the link leads to none. */
  messageAt(permalink: string): SlackMessage | undefined;
  /** A channel as plain text for a terminal, times in UTC. */
  render(channel: string, options?: RenderOptions): string;
  /** Adds a channel. */
  createChannel(options: SlackChannelOptions): SlackChannel;
  /** Closes a channel to all posts. */
  archive(channel: string): void;
  /** Opens an archived channel again. */
  unarchive(channel: string): void;
  /** Makes all bots members. */
  inviteBot(channel: string): void;
  /** Takes the membership of all bots away. */
  removeBot(channel: string): void;
  /** Accepts a token from now on, also one that was revoked. */
  grantToken(options: SlackTokenOptions): void;
  /** Refuses a token from now on. @param error - how Slack says so, default 'token_revoked' */
  revokeToken(token: string, error?: SlackTokenError): void;
  /** Makes the channel's webhook URL answer 404 no_service; `webhookUrl` then makes a new one. */
  revokeWebhook(channel: string): void;
  /** Ends all sockets, held requests included. */
  close(): Promise<void>;
}

/**
 * Starts a fake Slack workspace on a free port of 127.0.0.1, strict where Slack is strict, for the real Slack SDKs.
 *
 * @param options - see `SlackWorkspaceOptions`; every part has a default
 * @returns the running workspace; `close()` ends it
 */
export const startSlackWorkspace = async (options: SlackWorkspaceOptions = {}): Promise<SlackWorkspace> => {
  const state = createWorkspaceState({
    teamName: options.teamName ?? 'Acme ML',
    clock: options.clock ?? Date.now,
    rateLimit: options.rateLimit ?? defaultRateLimit,
  });
  const tokens = options.tokens ?? [{ token: defaultToken }];
  for (const token of tokens) grantToken(state, token);
  for (const channel of options.channels ?? [{ name: 'general' }, { name: 'alerts' }]) createChannel(state, channel);
  const { server, origin } = await serveWorkspace(state);
  const find = (channel: string) => requireChannel(state, channel);
  return {
    apiUrl: `${origin}/api/`,
    token: tokens[0]?.token ?? defaultToken,
    webhookUrl: (channel) => `${origin}${webhookPath(state, webhookOf(state, find(channel)))}`,
    fault: (fault) => {
      // A misspelt fault would never fire, and the test that scripted it would pass.
      if (fault.channel !== undefined) find(fault.channel);
      if (fault.method !== undefined && fault.method !== 'webhook' && !slackMethods.has(fault.method)) {
        throw new Error(`The Slack workspace has no method ${fault.method}.`);
      }
      return queueFault(state, fault);
    },
    ledger: readLedger(state.ledger),
    requests: state.requests,
    channel: (channel) => readChannel(find(channel)),
    messageAt: (permalink) => {
      const message = findByPermalink(state, permalink);
      return message === undefined ? undefined : readMessage(message);
    },
    render: (channel, renderOptions) => renderChannel(state, find(channel), renderOptions),
    createChannel: (channel) => readChannel(createChannel(state, channel)),
    archive: (channel) => {
      find(channel).isArchived = true;
    },
    unarchive: (channel) => {
      find(channel).isArchived = false;
    },
    inviteBot: (channel) => {
      for (const { userId } of state.bots.values()) find(channel).members.add(userId);
    },
    removeBot: (channel) => find(channel).members.clear(),
    grantToken: (token) => void grantToken(state, token),
    revokeToken: (token, error = 'token_revoked') => revokeToken(state, token, error),
    revokeWebhook: (channel) => revokeWebhooks(state, find(channel)),
    close: () => stopServing(server),
  };
};
