/**
 * For tests: a clock that stands still, a Slack workspace on loopback, and the contracts that adapters keep.
 *
 * @packageDocumentation
 */
export { type ManualRuntime, type ManualRuntimeOptions, manualRuntime } from './manual-runtime.js';
export {
  defaultBotScopes,
  type JsonObject,
  type PayloadRenderOptions,
  type RenderOptions,
  renderSlackPayload,
  type SlackAppOptions,
  type SlackArrival,
  type SlackChannel,
  type SlackChannelOptions,
  type SlackConsent,
  type SlackDuplicate,
  type SlackFault,
  type SlackFaultHandle,
  type SlackFaultMatch,
  type SlackFile,
  type SlackLedger,
  type SlackMessage,
  type SlackRateLimit,
  type SlackReaction,
  type SlackRequest,
  type SlackRequestOutcome,
  type SlackTokenError,
  type SlackTokenOptions,
  type SlackWorkspace,
  type SlackWorkspaceOptions,
  startSlackWorkspace,
} from './slack-workspace/index.js';
export { type ContractCase, type StorageContractOptions, storageContract } from './storage-contract/index.js';
