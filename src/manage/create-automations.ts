import type { Automation, AutomationDefinition } from '../definition/automation.js';
import { parseAutomation } from '../definition/parse-automation.js';
import { TocsinError } from '../errors.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Runtime } from '../ports/runtime.js';
import type { ExecutionReason } from '../record/execution.js';
import { pageOf } from '../record/page.js';
import {
  automationQuerySchema,
  exportOptionsSchema,
  ifExistsSchema,
  selectAutomations,
  updateOptionsSchema,
} from './automation-query.js';
import { type AutomationRecords, changedMeanwhile, nameTaken } from './automation-records.js';
import type { Automations } from './automations.js';
import { applyPatch, plainDefinition } from './plain-definition.js';
import { planImport } from './plan-import.js';
import { type DefinitionChecks, readDefinition } from './read-definition.js';
import { invalidInput, readOptions } from './refused-input.js';

/** What {@link createAutomations} works with. */
export interface AutomationsOptions extends DefinitionChecks {
  readonly records: AutomationRecords;
  readonly runtime: Runtime;
  readonly index: AutomationIndex;
  readonly nextId: () => string;
  cancelPending(automationId: string, reason: ExecutionReason): Promise<unknown>;
  /** Brings in what other processes have changed, and says whether they have; `undefined`: there are none. */
  readonly catchUp: (() => Promise<boolean>) | undefined;
}

/** How often an import is tried: only names that are taken at the same moment can come in its way. */
const importTries = 10;

/** Makes the part of the engine that manages automations. */
export function createAutomations(options: AutomationsOptions): Automations {
  const { records, runtime, index, nextId, cancelPending, catchUp } = options;

  const make = (definition: AutomationDefinition): Automation => {
    const nowMs = runtime.now();
    return { ...definition, id: nextId(), revision: 1, createdAt: nowMs, updatedAt: nowMs };
  };

  function* all(): Iterable<Automation> {
    for (const { automation } of index.all()) yield automation;
  }

  const update: Automations['update'] = async (id, patch, given) => {
    const { revision } = readOptions('automations.update', updateOptionsSchema, given);
    const before = records.find(id);
    if (revision !== undefined && revision !== before.revision) throw changedMeanwhile(before);
    const input = applyPatch(before, patch);
    // One whose integration has gone can still be renamed, and above all disabled.
    const isActionNew = patch?.action !== undefined || patch?.event !== undefined;
    const read = isActionNew ? readDefinition(input, options) : parseAutomation(input, options.limits);
    if (read.value === undefined) throw invalidInput('invalid_automation', read.issues);
    const { createdAt } = before;
    const automation = { ...read.value, id, revision: before.revision + 1, createdAt, updatedAt: runtime.now() };
    await records.replace(before, automation);
    // Also when it was disabled before: the storage may have failed while its executions were cancelled.
    if (patch.enabled === false) await cancelPending(id, 'automation_disabled');
    return { automation, warnings: read.warnings };
  };

  return {
    async create(input, given) {
      const { ifExists } = readOptions('automations.create', ifExistsSchema, given);
      let read = readDefinition(input, options);
      // What is read already stays as it was at the call.
      if (catchUp !== undefined && (await catchUp())) read = readDefinition(read.value ?? input, options);
      if (read.value === undefined) throw invalidInput('invalid_automation', read.issues);
      const { value: definition, warnings } = read;
      const existing = records.holderOf(definition);
      if (existing !== undefined && ifExists === 'return') return { automation: existing, warnings: [] };
      const automation = make(definition);
      if (await records.add([automation])) return { automation, warnings };
      // Also one that this engine has not heard of: its answer was lost, or it is just being made.
      const holder = await records.readHolderOf(definition);
      if (holder === undefined || ifExists !== 'return') throw nameTaken(definition);
      return { automation: holder, warnings: [] };
    },
    get: async (id) => records.find(id),
    async list(given) {
      const query = readOptions('automations.list', automationQuerySchema, given);
      return pageOf(selectAutomations(all(), query), query);
    },
    update,
    enable: async (id) => (await update(id, { enabled: true })).automation,
    disable: async (id) => (await update(id, { enabled: false })).automation,
    async delete(id) {
      await records.remove(records.find(id));
      await cancelPending(id, 'automation_deleted');
    },
    async export(given) {
      const query = readOptions('automations.export', exportOptionsSchema, given);
      return selectAutomations(all(), query).map(plainDefinition);
    },
    async import(input, given) {
      const { ifExists } = readOptions('automations.import', ifExistsSchema, given);
      for (let tries = 0; tries < importTries; tries += 1) {
        let plan = planImport(input, { checks: options, automations: all(), ifExists });
        if (catchUp !== undefined && (await catchUp())) {
          plan = planImport(input, { checks: options, automations: all(), ifExists });
        }
        if (plan.value === undefined) throw invalidInput('invalid_automation', plan.issues);
        const { value: planned, warnings } = plan;
        const automations = planned.map(({ existing, definition }) => existing ?? make(definition));
        const added = automations.filter((_, position) => planned[position]?.existing === undefined);
        if (added.length === 0 || (await records.add(added))) return { automations, warnings };
        for (const automation of added) await records.readHolderOf(automation);
      }
      throw new TocsinError({ code: 'revision_conflict', message: 'Names of the import were taken again and again' });
    },
  };
}
