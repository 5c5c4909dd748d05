import { firstBot } from './tokens.js';
import { type Bot, type ChannelState, formatId, type WebhookState, type WorkspaceState } from './workspace-state.js';

/** Adds a webhook of a bot's app to a channel; Slack makes a new one at every installation. */
export const createWebhook = (state: WorkspaceState, channel: ChannelState, bot: Bot): WebhookState => {
  const ordinal = state.webhooks.size + 1;
  const webhook: WebhookState = {
    // Bots have IDs with B as well: webhooks count from a higher number.
    id: formatId('B', 1_000 + ordinal),
    secret: `secret${String(ordinal).padStart(18, '0')}`,
    channelId: channel.id,
    bot,
    isRevoked: false,
  };
  state.webhooks.set(webhook.id, webhook);
  return webhook;
};

/** The channel's webhook in use, made at the first call and again after a revocation. */
export const webhookOf = (state: WorkspaceState, channel: ChannelState): WebhookState => {
  const bot = firstBot(state);
  for (const webhook of state.webhooks.values()) {
    if (webhook.channelId === channel.id && webhook.bot === bot && !webhook.isRevoked) return webhook;
  }
  return createWebhook(state, channel, bot);
};

/** Revokes the channel's webhooks: posts to their URLs answer 404 no_service from now on. */
export const revokeWebhooks = (state: WorkspaceState, channel: ChannelState): void => {
  for (const webhook of state.webhooks.values()) if (webhook.channelId === channel.id) webhook.isRevoked = true;
};

/** A webhook's URL. */
export const webhookUrlOf = (state: WorkspaceState, webhook: WebhookState): string =>
  `${state.origin}/services/${state.team.id}/${webhook.id}/${webhook.secret}`;
