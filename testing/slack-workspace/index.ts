export type { SlackFault, SlackFaultHandle, SlackFaultMatch } from './faults.js';
export type { JsonObject } from './json.js';
export type { SlackArrival, SlackDuplicate, SlackLedger } from './ledger.js';
export {
  defaultBotScopes,
  type SlackChannelOptions,
  type SlackRateLimit,
  type SlackTokenOptions,
  type SlackWorkspaceOptions,
} from './options.js';
export type { SlackChannel, SlackMessage, SlackReaction } from './read-channel.js';
export type { RenderOptions } from './render/render-channel.js';
export type { SlackRequest, SlackRequestOutcome } from './request-log.js';
export { type SlackWorkspace, startSlackWorkspace } from './start-slack-workspace.js';
export type { SlackTokenError } from './state/workspace-state.js';
