/**
 * For tests: a clock that stands still, a Slack workspace on loopback, and the contracts that adapters keep.
 *
 * @packageDocumentation
 */
export { type ManualRuntime, type ManualRuntimeOptions, manualRuntime } from './manual-runtime.js';
export * from './slack-workspace/index.js';
export { type ContractCase, type StorageContractOptions, storageContract } from './storage-contract/index.js';
