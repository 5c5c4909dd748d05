import type { SlackFault, SlackFaultHandle } from './faults.js';
import { giveConsent, type SlackConsent } from './give-consent.js';
import { readLedger, type SlackLedger } from './ledger.js';
import { slackMethods, tokenlessMethods } from './methods/method-table.js';
import {
  defaultRateLimit,
  defaultToken,
  type SlackChannelOptions,
  type SlackTokenOptions,
  type SlackWorkspaceOptions,
} from './options.js';
import { readChannel, readMessage, type SlackChannel, type SlackMessage } from './read-channel.js';
import { renderChannel } from './render/render-channel.js';
import type { RenderOptions } from './render/render-message.js';
import type { SlackRequest } from './request-log.js';
import { authorizePath } from './server/consent-page.js';
import { joinServer, leaveServer, serveWorkspace, type WorkspaceServer } from './server/serve-workspace.js';
import { registerApp } from './state/apps.js';
import { createChannel, renameChannel, requireChannel } from './state/channels.js';
import { queueFault } from './state/fault-queue.js';
import { findByPermalink } from './state/permalink.js';
import { grantToken, revokeToken } from './state/tokens.js';
import { revokeWebhooks, webhookOf, webhookUrlOf } from './state/webhooks.js';
import { createWorkspaceState, formatId, type SlackTokenError } from './state/workspace-state.js';

/** A Slack workspace in this process; channels are named by ID, or by name with or without `#`. */
export interface SlackWorkspace {
  /** For `new WebClient(token, { slackApiUrl })`. */
  readonly apiUrl: string;
  /** The first token. */
  readonly token: string;
  /** Where apps send people for consent, without a query: what `https://slack.com/oauth/v2/authorize` is to Slack. */
  readonly authorizeUrl: string;
  /**
   * Answers an authorize page as a person would, over HTTP.
   *
   * @param url - the page with its query, as an app links to it
   * @returns the URL that the page leads back to, with `code` and `state`, or `error` and `state`
   * @throws Error with what the page says where it leads nowhere
   */
  consent(url: string, answer?: SlackConsent): Promise<string>;
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
  /** A copy of the bytes of a file that was uploaded and completed; undefined where there is none of that ID. */
  file(id: string): Uint8Array | undefined;
  /** A channel as plain text for a terminal, times in UTC. */
  render(channel: string, options?: RenderOptions): string;
  /** Adds a channel. */
  createChannel(options: SlackChannelOptions): SlackChannel;
  /** Gives a channel another name; its own is free then. @throws Error if the name is taken */
  renameChannel(channel: string, name: string): void;
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

const isMethod = (name: string): boolean =>
  name === 'webhook' || name === 'upload' || slackMethods.has(name) || tokenlessMethods.has(name);

const servers = new WeakMap<SlackWorkspace, WorkspaceServer>();

/** Finds the server that a workspace joins; its number there gives it what must not be alike. */
const serverBeside = (beside: SlackWorkspace | undefined): WorkspaceServer | undefined => {
  if (beside === undefined) return undefined;
  const shared = servers.get(beside);
  if (shared === undefined) throw new Error('Expected beside to be a Slack workspace that was started here.');
  return shared;
};

/**
 * Starts a fake Slack workspace on a free port of 127.0.0.1, strict where Slack is strict, for the real Slack SDKs.
 *
 * @param options - see `SlackWorkspaceOptions`; every part has a default
 * @param beside - a workspace whose `apiUrl` and `authorizeUrl` the new one shares, as all of Slack does: each request is
 * for the workspace whose token, code or URL it carries. The new one knows its apps, if it is given none; they close together.
 * @returns the running workspace; `close()` ends it
 * @throws Error if `beside` is closed, or has a workspace with the same team ID or a token of the new one
 */
export const startSlackWorkspace = async (
  options: SlackWorkspaceOptions = {},
  beside?: SlackWorkspace,
): Promise<SlackWorkspace> => {
  const shared = serverBeside(beside);
  const ordinal = (shared?.states.length ?? 0) + 1;
  const state = createWorkspaceState({
    teamId: options.teamId ?? formatId('T', ordinal),
    teamName: options.teamName ?? 'Acme ML',
    clock: options.clock ?? Date.now,
    rateLimit: options.rateLimit ?? defaultRateLimit,
    shareAfterCalls: options.shareAfterCalls ?? 0,
    shareAfterLooks: options.shareAfterLooks ?? 0,
  });
  const tokens = options.tokens ?? [{ token: ordinal === 1 ? defaultToken : `${defaultToken}-${ordinal}` }];
  for (const token of tokens) grantToken(state, token);
  for (const channel of options.channels ?? [{ name: 'general' }, { name: 'alerts' }]) createChannel(state, channel);
  for (const app of options.apps ?? shared?.states[0]?.apps.values() ?? []) registerApp(state, app);
  const server = shared === undefined ? await serveWorkspace(state) : joinServer(shared, state);
  const find = (channel: string) => requireChannel(state, channel);
  const workspace: SlackWorkspace = {
    apiUrl: `${state.origin}/api/`,
    token: tokens[0]?.token ?? defaultToken,
    authorizeUrl: `${state.origin}${authorizePath}`,
    consent: async (url, { allow = true, channel } = {}) => {
      const channelId = channel === undefined ? undefined : find(channel).id;
      return giveConsent(url, { isAllowed: allow, teamId: state.team.id, channelId });
    },
    webhookUrl: (channel) => webhookUrlOf(state, webhookOf(state, find(channel))),
    fault: (fault) => {
      // A misspelt fault would never fire, and the test that scripted it would pass.
      if (fault.channel !== undefined) find(fault.channel);
      if (fault.method !== undefined && !isMethod(fault.method)) {
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
    file: (id) => {
      const file = state.files.get(id);
      return file?.isComplete ? new Uint8Array(file.bytes ?? []) : undefined;
    },
    render: (channel, renderOptions) => renderChannel(state, find(channel), renderOptions),
    createChannel: (channel) => readChannel(createChannel(state, channel)),
    renameChannel: (channel, name) => renameChannel(state, find(channel), name),
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
    close: () => leaveServer(server, state),
  };
  servers.set(workspace, server);
  return workspace;
};
