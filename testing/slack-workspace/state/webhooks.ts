import { firstBot } from './tokens.js';
import { type ChannelState, formatId, type WebhookState, type WorkspaceState } from './workspace-state.js';

/** The channel's webhook in use, made at the first call and again after a revocation. */
export const webhookOf = (state: WorkspaceState, channel: ChannelState): WebhookState => {
  for (const webhook of state.webhooks.values()) {
    if (webhook.channelId === channel.id && !webhook.isRevoked) return webhook;
  }
  const ordinal = state.webhooks.size + 1;
  const webhook: WebhookState = {
    // Bots have IDs with B as well: webhooks count from a higher number.
    id: formatId('B', 1_000 + ordinal),
    secret: `secret${String(ordinal).padStart(18, '0')}`,
    channelId: channel.id,
    bot: firstBot(state),
    isRevoked: false,
  };
  state.webhooks.set(webhook.id, webhook);
  return webhook;
};

/** Revokes the channel's webhooks: posts to their URLs answer 404 no_service from now on. */
export const revokeWebhooks = (state: WorkspaceState, channel: ChannelState): void => {
  for (const webhook of state.webhooks.values()) if (webhook.channelId === channel.id) webhook.isRevoked = true;
};

/** The path of a webhook's URL. */
export const webhookPath = (state: WorkspaceState, webhook: WebhookState): string =>
  `/services/${state.team.id}/${webhook.id}/${webhook.secret}`;
