const newToken = 'Install the app in the workspace again and store its new bot token';
const newWebhook = 'Create a new incoming webhook and store its URL';
const otherChannel = 'Unarchive the channel or choose another';
const askToPost = "Ask the workspace's administrators to let the app post";
const limitedChannel = 'Only some may post in this channel: ask an administrator of it, or choose another';

const adviceByReason: Readonly<Record<string, string>> = {
  not_authed: 'Store a bot token under the name that the integration gives',
  invalid_auth: "Copy the app's Bot User OAuth Token anew, whole; it starts with xoxb-",
  account_inactive: newToken,
  token_revoked: newToken,
  token_expired: newToken,
  not_allowed_token_type: 'Store a bot token, which starts with xoxb-',
  missing_scope: 'Add the scope in the settings of the Slack app and install it again',
  no_service: newWebhook,
  no_active_hooks: newWebhook,
  no_team: newWebhook,
  invalid_token: newWebhook,
  action_prohibited: "Ask the workspace's administrators to let the webhook post",
  access_denied: askToPost,
  app_access_restricted: askToPost,
  accesslimited: "Add this machine's IP address to those that the app allows, in its settings",
  enterprise_is_restricted: "Ask the organization's administrators to grant the app to this workspace",
  team_access_not_granted: "Ask the organization's administrators to grant the app to this workspace",
  ekm_access_denied: "Ask the organization's administrators: the channel's encryption key is suspended",
  no_permission: 'Invite the bot there: /invite @bot',
  posting_to_channel_denied: limitedChannel,
  channel_is_limited_access: limitedChannel,
  not_in_channel: 'Invite the bot there: /invite @bot',
  channel_not_found:
    'Check the channel. If it is private, invite the bot there (/invite @bot) and give its id instead of its name',
  is_archived: otherChannel,
  channel_is_archived: otherChannel,
  invalid_name: 'Check the name of the reaction: this workspace has no such emoji',
  too_many_emoji: 'Slack takes no more kinds of reactions on one message',
  too_many_reactions: 'Slack takes no more reactions of one app on one message',
  message_not_found: 'The message was deleted',
  thread_locked: 'The thread is locked',
  posting_to_general_channel_denied: 'Choose another channel, or let apps post in this one',
};

/**
 * Says what a person can do about an error of Slack's.
 *
 * @param reason - Slack's name of it.
 * @returns A sentence without its full stop; `undefined` when there is nothing better to say than the name.
 */
export function adviceFor(reason: string): string | undefined {
  if (Object.hasOwn(adviceByReason, reason)) return adviceByReason[reason];
  // Slack adds to this family: restricted_action_read_only_channel, …
  return reason.startsWith('restricted_action') ? limitedChannel : undefined;
}
