import type { Automation } from '../definition/automation.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Storage } from '../ports/storage.js';
import { readAll } from '../record/integration-store.js';
import { keys } from '../record/keys.js';
import { fromStored } from '../record/stored.js';
import { compileAutomation } from '../rule/compiled-automation.js';

/** Reads and compiles every stored automation. */
export async function loadAutomations(storage: Storage, index: AutomationIndex): Promise<void> {
  for (const value of await readAll(storage, keys.automations)) {
    index.set(compileAutomation(Object.freeze(fromStored<Automation>(value))));
  }
}
