export type { ContractCase } from './contract-case.js';
export type { StorageContractOptions } from './options.js';
export { storageContract } from './storage-contract.js';
