/**
 * Connects Slack workspaces by OAuth: "Add to Slack" for a host's users.
 *
 * @packageDocumentation
 */
export type { ConnectChannelOptions, DisconnectOptions } from './channels.js';
export type { SlackOAuthOptions, TokenVault } from './options.js';
export type {
  DeniedOutcome,
  FailedOutcome,
  InstalledOutcome,
  RefusedOutcome,
  SlackOAuthOutcome,
} from './outcome.js';
export {
  type CallbackOptions,
  type InstallUrlOptions,
  type SlackOAuth,
  slackOAuth,
} from './slack-oauth.js';
export { type SlackTokenRefreshOptions, slackTokenRefresh } from './token-refresh.js';
