import assert from 'node:assert/strict';
import { boundScenarios } from './bounds.js';
import { callOrderScenarios } from './call-order.js';
import { claimScenarios } from './claims.js';
import { type ContractCase, type Scenario, toCase } from './contract-case.js';
import { copyScenarios } from './copies.js';
import { durabilityScenarios } from './durability.js';
import { fencingScenarios } from './fencing.js';
import { keyListingScenarios } from './key-listing.js';
import { laneScenarios } from './lanes.js';
import { largeCommitScenarios } from './large-commits.js';
import { leaseScenarios } from './leases.js';
import { listingScenarios } from './listing.js';
import { longNameScenarios } from './long-names.js';
import { nameScenarios } from './names.js';
import type { StorageContractOptions } from './options.js';
import { pipeliningScenarios } from './pipelining.js';
import { preconditionScenarios } from './preconditions.js';
import { rangeDeletionScenarios } from './range-deletion.js';
import { recordScenarios } from './records.js';
import { refusalScenarios } from './refusals.js';
import { sharingScenarios } from './sharing.js';
import { stepScenarios } from './steps.js';
import { tokenScenarios } from './tokens.js';
import { valueScenarios } from './values.js';

/**
 * The contract of the storage port, as cases that any test runner can run; an adapter that passes them all is a storage.
 *
 * ```ts
 * for (const { name, run } of storageContract({ open: async () => myStorage() })) test(name, run);
 * ```
 *
 * @param options - How to open the storage, and what it can do.
 * @returns The cases, independent of each other; those that need `advance`, `reopen` or `second` only when it is given.
 */
export function storageContract(options: StorageContractOptions): readonly ContractCase[] {
  const themes: Readonly<Record<string, readonly Scenario[]>> = {
    capabilities: [capabilities(options)],
    records: recordScenarios,
    values: valueScenarios,
    copies: copyScenarios,
    listing: listingScenarios,
    'listing of keys': keyListingScenarios,
    'range deletion': rangeDeletionScenarios,
    bounds: boundScenarios,
    claims: claimScenarios,
    steps: stepScenarios,
    preconditions: preconditionScenarios,
    'large commits': largeCommitScenarios,
    'call order': callOrderScenarios,
    pipelining: pipeliningScenarios,
    lanes: laneScenarios,
    leases: leaseScenarios,
    fencing: fencingScenarios,
    tokens: tokenScenarios,
    names: nameScenarios,
    'long names': longNameScenarios,
    refusals: refusalScenarios,
    durability: durabilityScenarios,
    sharing: sharingScenarios,
  };
  return Object.entries(themes).flatMap(([theme, scenarios]) =>
    scenarios
      .filter(({ needs }) => needs === undefined || options[needs] !== undefined)
      .map((scenario) => toCase(theme, scenario, options)),
  );
}

/** What a storage promises must be what this contract has been able to check. */
function capabilities({ reopen, second }: StorageContractOptions): Scenario {
  return {
    name: 'it is durable when the options have reopen, shared when they have second, and only then',
    async run({ storage, close }) {
      assert.equal(storage.capabilities.durable, reopen !== undefined, 'durable if and only if it can be reopened');
      assert.equal(storage.capabilities.shared, second !== undefined, 'shared if and only if it has a second');
      await close(storage);
    },
  };
}
