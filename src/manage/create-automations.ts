import type { Automation, AutomationDefinition } from '../definition/automation.js';
import type { Limits } from '../definition/limits.js';
import { parseAutomation } from '../definition/parse-automation.js';
import { scopeContains, scopeKey } from '../definition/scope.js';
import { type Issue, TocsinError } from '../errors.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Runtime } from '../ports/runtime.js';
import type { Precondition, Storage, Write } from '../ports/storage.js';
import type { ExecutionReason } from '../record/execution.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { keys } from '../record/keys.js';
import { pageOf } from '../record/page.js';
import { fromStored, toStored } from '../record/stored.js';
import { compileAutomation } from '../rule/compiled-automation.js';
import { actionIssues } from './action-issues.js';
import type { AutomationQuery, Automations } from './automations.js';

/** What {@link createAutomations} works with. */
export interface AutomationsOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly index: AutomationIndex;
  readonly integrations: IntegrationStore;
  readonly handlerNames: ReadonlySet<string>;
  readonly nextId: () => string;
  cancelPending(automationId: string, reason: ExecutionReason): Promise<void>;
}

/** Makes the part of the engine that manages automations. */
export function createAutomations(options: AutomationsOptions): Automations {
  const { storage, runtime, limits, index, integrations, handlerNames, nextId, cancelPending } = options;

  const find = (id: string): Automation => {
    const compiled = index.get(id);
    if (compiled === undefined) throw new TocsinError({ code: 'not_found', message: `There is no automation ${id}` });
    return compiled.automation;
  };

  const parse = (
    input: unknown,
    isActionNew: boolean,
  ): { definition: AutomationDefinition; warnings: readonly Issue[] } => {
    const parsed = parseAutomation(input, limits);
    const issues = parsed.issues ?? (isActionNew ? actionIssues(parsed.value, integrations, handlerNames) : []);
    if (parsed.value === undefined || issues.length > 0) throw invalidAutomation(issues);
    return { definition: parsed.value, warnings: parsed.warnings };
  };

  const nameKey = ({ event, name }: AutomationDefinition): string => keys.automationName(scopeKey(event.scope), name);

  const save = async (automation: Automation, before: Automation | undefined): Promise<void> => {
    const key = keys.automation(automation.id);
    const isRenamed = before === undefined || nameKey(before) !== nameKey(automation);
    const require: Precondition[] = [{ type: 'revision', key, revision: before?.revision ?? 0 }];
    const write: Write[] = [{ type: 'put', key, value: toStored(automation) }];
    if (isRenamed) {
      require.push({ type: 'revision', key: nameKey(automation), revision: 0 });
      if (before !== undefined) write.push({ type: 'delete', key: nameKey(before) });
      write.push({ type: 'put', key: nameKey(automation), value: { id: automation.id } });
    }
    const result = await storage.commit({ require, steps: [{ write }] });
    if (result.committed) {
      index.set(compileAutomation(Object.freeze(automation)));
      return;
    }
    if (!('key' in result.conflict) || result.conflict.key !== key) throw nameTaken(automation);
    await readAgain(automation.id);
    throw changedMeanwhile(automation);
  };

  /** After a conflict the storage knows better: without this, a change whose answer was lost would conflict for ever. */
  const readAgain = async (id: string): Promise<Automation | undefined> => {
    const record = await storage.get(keys.automation(id));
    if (record === undefined) {
      index.remove(id);
      return undefined;
    }
    const automation = fromStored<Automation>(record.value);
    const present = index.get(id)?.automation;
    if (present !== undefined && present.revision >= automation.revision) return present;
    index.set(compileAutomation(Object.freeze(automation)));
    return automation;
  };

  /** The one that has a name, also when this engine has not heard of it: its answer was lost, or it is just being made. */
  const readByName = async (key: string): Promise<Automation | undefined> => {
    const record = await storage.get(key);
    return record === undefined ? undefined : readAgain(String(record.value['id']));
  };

  const remove = async (automation: Automation): Promise<boolean> => {
    const { id, revision } = automation;
    const key = keys.automation(id);
    const { committed } = await storage.commit({
      require: [{ type: 'revision', key, revision }],
      steps: [{ write: [key, nameKey(automation)].map((each) => ({ type: 'delete', key: each })) }],
    });
    if (committed) index.remove(id);
    return committed;
  };

  const update: Automations['update'] = async (id, patch, { revision } = {}) => {
    const before = find(id);
    if (revision !== undefined && revision !== before.revision) throw changedMeanwhile(before);
    const event = patch.event === undefined ? before.event : { scope: before.event.scope, ...patch.event };
    const { id: _, revision: __, createdAt, updatedAt: ___, ...definitionBefore } = before;
    // One whose integration has gone can still be renamed, and above all disabled.
    const isActionNew = patch.action !== undefined || patch.event !== undefined;
    const { definition, warnings } = parse({ ...definitionBefore, ...patch, event }, isActionNew);
    const automation = { ...definition, id, revision: before.revision + 1, createdAt, updatedAt: runtime.now() };
    await save(automation, before);
    // Also when it was disabled before: the storage may have failed while its executions were cancelled.
    if (patch.enabled === false) await cancelPending(id, 'automation_disabled');
    return { automation, warnings };
  };

  const existing = (definition: AutomationDefinition): Automation | undefined => {
    const wanted = nameKey(definition);
    for (const { automation } of index.all()) if (nameKey(automation) === wanted) return automation;
    return undefined;
  };

  return {
    async create(input, { ifExists = 'error' } = {}) {
      const { definition, warnings } = parse(input, true);
      const before = existing(definition);
      if (before !== undefined && ifExists === 'return') return { automation: before, warnings: [] };
      const nowMs = runtime.now();
      const automation = { ...definition, id: nextId(), revision: 1, createdAt: nowMs, updatedAt: nowMs };
      try {
        await save(automation, undefined);
      } catch (error) {
        if (!TocsinError.is(error) || error.code !== 'name_taken') throw error;
        const holder = await readByName(nameKey(definition));
        if (holder === undefined || ifExists !== 'return') throw error;
        return { automation: holder, warnings: [] };
      }
      return { automation, warnings };
    },
    get: async (id) => find(id),
    async list(query = {}) {
      // One that was read again after a conflict may stand behind younger ones.
      const all = [...index.all()].map(({ automation }) => automation).sort((a, b) => (a.id < b.id ? -1 : 1));
      return pageOf(
        all.filter((automation) => fits(automation, query)),
        query,
      );
    },
    update,
    enable: async (id) => (await update(id, { enabled: true })).automation,
    disable: async (id) => (await update(id, { enabled: false })).automation,
    async delete(id) {
      const before = find(id);
      // One that was renamed meanwhile has another name to give back.
      if (!(await remove(before))) {
        const present = await readAgain(id);
        if (present !== undefined && !(await remove(present))) throw changedMeanwhile(present);
      }
      await cancelPending(id, 'automation_deleted');
    },
  };
}

function fits(automation: Automation, { scope, includeDescendants = false, name, enabled }: AutomationQuery): boolean {
  if (name !== undefined && automation.name !== name) return false;
  if (enabled !== undefined && automation.enabled !== enabled) return false;
  if (scope === undefined) return true;
  const own = automation.event.scope;
  return includeDescendants ? scopeContains(scope, own) : scopeKey(own) === scopeKey(scope);
}

function invalidAutomation(issues: readonly Issue[]): TocsinError {
  const lines = issues.map(({ path, message }) => (path === '' ? message : `${message} at ${path}`));
  return new TocsinError({ code: 'invalid_automation', message: lines.join('; '), issues });
}

function changedMeanwhile({ name }: Automation): TocsinError {
  return new TocsinError({ code: 'revision_conflict', message: `The automation ${name} has been changed meanwhile` });
}

function nameTaken({ name }: Automation): TocsinError {
  return new TocsinError({ code: 'name_taken', message: `The scope has an automation named ${name} already` });
}
