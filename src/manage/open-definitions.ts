import type { AutomationIndex } from '../match/automation-index.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { openDefinitionLog } from '../record/definition-log.js';
import { fillShelf } from '../record/definition-shelf.js';
import { type IntegrationStore, openIntegrationStore } from '../record/integration-store.js';
import { type MuteStore, openMuteStore } from '../record/mute-store.js';
import { openRoutingStore, type RoutingStore } from '../record/routing-store.js';
import { type AutomationRecords, createAutomationRecords } from './automation-records.js';
import { createDefinitionRefresher, type DefinitionRefresher } from './definition-refresher.js';
import { createWakingShelf } from './waking-shelf.js';

/** What definitions are opened with. */
export interface DefinitionsOptions {
  /** Changes wait for one another, so it must answer in a bounded time. */
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** Where the automations go. */
  readonly index: AutomationIndex;
  /** How often to look for what other processes change, in milliseconds. */
  readonly refreshMs: number;
  /** Told of what goes wrong while looking. */
  onError(error: unknown): void;
}

/** The automations, integrations and what else is stored like them. */
export interface Definitions {
  readonly integrations: IntegrationStore;
  readonly records: AutomationRecords;
  readonly mutes: MuteStore;
  readonly routings: RoutingStore;
  /**
   * Makes what brings in the changes of other processes.
   *
   * @param wake - Told of an integration that may be used otherwise than before.
   */
  refresher(wake: (integrationId: string) => void): DefinitionRefresher;
}

/**
 * Reads and compiles everything.
 *
 * @throws `storage_unavailable`; `storage_corrupt` naming a record that can't be read.
 */
export async function openDefinitions(options: DefinitionsOptions): Promise<Definitions> {
  const { storage, index } = options;
  // First of all, so that no change falls between the reading and the looking.
  const log = await openDefinitionLog(storage);
  const integrations = await openIntegrationStore(storage, log);
  const mutes = await openMuteStore(storage, log);
  const routings = await openRoutingStore(storage, log);
  const records = createAutomationRecords(storage, index, log);
  await fillShelf(storage, records.shelf);
  return {
    integrations,
    records,
    mutes,
    routings,
    refresher(wake) {
      // Integrations first: an automation or a routing that comes in finds its own.
      const shelves = [createWakingShelf(integrations, wake), routings.shelf, records.shelf, mutes.shelf];
      return createDefinitionRefresher({ ...options, log, shelves });
    },
  };
}
