export type { SlackFault, SlackFaultHandle, SlackFaultMatch } from './faults.js';
export type { SlackConsent } from './give-consent.js';
export type { JsonObject } from './json.js';
export type { SlackArrival, SlackDuplicate, SlackLedger } from './ledger.js';
export {
  defaultBotScopes,
  type SlackAppOptions,
  type SlackChannelOptions,
  type SlackRateLimit,
  type SlackTokenOptions,
  type SlackWorkspaceOptions,
} from './options.js';
export type { SlackChannel, SlackFile, SlackMessage, SlackReaction } from './read-channel.js';
export type { RenderOptions } from './render/render-message.js';
export { type PayloadRenderOptions, renderSlackPayload } from './render/render-payload.js';
export type { SlackRequest, SlackRequestOutcome } from './request-log.js';
export { type SlackWorkspace, startSlackWorkspace } from './start-slack-workspace.js';
export type { SlackTokenError } from './state/workspace-state.js';
