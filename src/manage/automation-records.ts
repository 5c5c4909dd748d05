import type { Automation, AutomationDefinition } from '../definition/automation.js';
import { describeValue } from '../definition/path.js';
import { scopeKey } from '../definition/scope.js';
import { TocsinError } from '../errors.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { Precondition, Storage, Write } from '../ports/storage.js';
import type { CommitChange, DefinitionLog } from '../record/definition-log.js';
import { type DefinitionShelf, takeReadable } from '../record/definition-shelf.js';
import { keys } from '../record/keys.js';
import { toStored } from '../record/stored.js';
import { compileAutomation } from '../rule/compiled-automation.js';
import { createAutomationShelf } from './automation-shelf.js';
import { notFound } from './not-found.js';

/** The automations in the storage and in the index, kept the same. What is written takes effect on the next emit. */
export interface AutomationRecords {
  /** How what the storage holds, and what other processes change, comes in. */
  readonly shelf: DefinitionShelf;
  /** @throws `not_found`. */
  find(id: string): Automation;
  /** The one that has the definition's name in its scope, as far as this engine knows. */
  holderOf(definition: AutomationDefinition): Automation | undefined;
  /** The same, as the storage knows: another engine's, or one whose answer was lost. */
  readHolderOf(definition: AutomationDefinition): Promise<Automation | undefined>;
  /**
   * Writes new automations in one commit, all or none.
   *
   * @returns Whether they were written; not when a name is taken.
   */
  add(automations: readonly Automation[]): Promise<boolean>;
  /**
   * Writes the next state of an automation.
   *
   * @throws `name_taken`, `revision_conflict`.
   */
  replace(before: Automation, next: Automation): Promise<void>;
  /**
   * Deletes an automation and frees its name.
   *
   * @throws `revision_conflict`.
   */
  remove(automation: Automation): Promise<void>;
}

/** Makes the records of a storage's automations; none is read yet. */
export function createAutomationRecords(
  storage: Storage,
  index: AutomationIndex,
  log: DefinitionLog,
): AutomationRecords {
  const shelf = createAutomationShelf(index);

  /** After a conflict the storage knows better: without this, a change whose answer was lost would conflict for ever. */
  const readAgain = async (id: string): Promise<Automation | undefined> => {
    const record = await storage.get(keys.automation(id));
    if (record === undefined) shelf.drop(id);
    else takeReadable(shelf, record);
    return index.get(id)?.automation;
  };

  const tryRemove = async (commit: CommitChange, automation: Automation): Promise<boolean> => {
    const { id, revision } = automation;
    const key = keys.automation(id);
    const { committed } = await commit(
      {
        require: [{ type: 'revision', key, revision }],
        steps: [{ write: [key, nameKey(automation)].map((each) => ({ type: 'delete', key: each })) }],
      },
      { type: 'automation', ids: [id] },
    );
    if (committed) index.remove(id);
    return committed;
  };

  return {
    shelf,
    find(id) {
      const compiled = index.get(id);
      if (compiled === undefined) throw notFound('automation', id);
      return compiled.automation;
    },
    holderOf: ({ name, event }) => index.named(event.scope, name)?.automation,
    readHolderOf: (definition) =>
      log.inTurn(async () => {
        const record = await storage.get(nameKey(definition));
        return record === undefined ? undefined : readAgain(String(record.value['id']));
      }),
    async add(automations) {
      // Compiled first: what could not be compiled must not be written.
      const compiled = automations.map((automation) => compileAutomation(Object.freeze(automation)));
      return log.inTurn(async (commit) => {
        const { committed } = await commit(
          {
            require: automations.flatMap((automation) => [
              absent(keys.automation(automation.id)),
              absent(nameKey(automation)),
            ]),
            steps: [{ write: automations.flatMap((automation) => [putRecord(automation), putName(automation)]) }],
          },
          { type: 'automation', ids: automations.map(({ id }) => id) },
        );
        if (committed) for (const each of compiled) index.set(each);
        return committed;
      });
    },
    async replace(before, next) {
      const compiled = compileAutomation(Object.freeze(next));
      const { id } = next;
      const key = keys.automation(id);
      const require: Precondition[] = [{ type: 'revision', key, revision: before.revision }];
      const write: Write[] = [putRecord(next)];
      if (nameKey(before) !== nameKey(next)) {
        require.push(absent(nameKey(next)));
        write.push({ type: 'delete', key: nameKey(before) }, putName(next));
      }
      await log.inTurn(async (commit) => {
        const result = await commit({ require, steps: [{ write }] }, { type: 'automation', ids: [id] });
        if (result.committed) return index.set(compiled);
        if (!('key' in result.conflict) || result.conflict.key !== key) throw nameTaken(next, '');
        await readAgain(id);
        throw changedMeanwhile(next);
      });
    },
    remove: (automation) =>
      log.inTurn(async (commit) => {
        // One that was renamed meanwhile has another name to give back.
        if (await tryRemove(commit, automation)) return;
        const present = await readAgain(automation.id);
        if (present !== undefined && !(await tryRemove(commit, present))) throw changedMeanwhile(present);
      }),
  };
}

/** The error of a change that comes too late. */
export function changedMeanwhile({ name }: Automation): TocsinError {
  return new TocsinError({ code: 'revision_conflict', message: `The automation ${name} has been changed meanwhile` });
}

/**
 * The error of a name that another automation of the scope has.
 *
 * @param advice - What to do about it, after the message.
 */
export function nameTaken(
  { name }: AutomationDefinition,
  advice = "; create(…, { ifExists: 'return' }) returns it",
): TocsinError {
  const message = `The scope has an automation named ${describeValue(name)} already${advice}`;
  return new TocsinError({ code: 'name_taken', message });
}

function nameKey({ event, name }: AutomationDefinition): string {
  return keys.automationName(scopeKey(event.scope), name);
}

function absent(key: string): Precondition {
  return { type: 'revision', key, revision: 0 };
}

function putRecord(automation: Automation): Write {
  return { type: 'put', key: keys.automation(automation.id), value: toStored(automation) };
}

function putName(automation: Automation): Write {
  return { type: 'put', key: nameKey(automation), value: { id: automation.id } };
}
