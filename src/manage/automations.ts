import type { Automation, AutomationDefinition, AutomationInput, AutomationPatch } from '../definition/automation.js';
import type { Scope } from '../definition/scope.js';
import type { Issue } from '../errors.js';
import type { Page, PageQuery } from '../record/page.js';

/** What `create` and `update` answer. */
export interface SavedAutomation {
  /** The automation as it is stored. */
  readonly automation: Automation;
  /** What is probably not meant as it stands, but does no harm. */
  readonly warnings: readonly Issue[];
}

/** What {@link Automations.import} answers. */
export interface ImportedAutomations {
  /** The automations as they are stored, in the order of the definitions. */
  readonly automations: readonly Automation[];
  /** What is probably not meant as it stands, each with the definition's index in its path. */
  readonly warnings: readonly Issue[];
}

/** How {@link Automations.create} and {@link Automations.import} treat a name that is taken. */
export interface CreateAutomationOptions {
  /** `error` refuses; `return` answers the automation that has the name, unchanged. @default 'error' */
  readonly ifExists?: 'error' | 'return' | undefined;
}

/** What {@link Automations.update} takes besides the patch. */
export interface UpdateAutomationOptions {
  /** The revision that the patch was made for. @default whichever there is */
  readonly revision?: number | undefined;
}

/** The automations of a scope. */
export interface ExportAutomationsOptions {
  /** Those of exactly this scope. @default all */
  readonly scope?: Scope | undefined;
  /**
   * Those of scopes inside it as well: of a team those of its projects, registries and collections. An organization has only
   * its own: which teams belong to it, their names don't tell.
   *
   * @default false
   */
  readonly includeDescendants?: boolean | undefined;
}

/** Which automations are wanted. */
export interface AutomationQuery extends ExportAutomationsOptions, PageQuery {
  /** Those of exactly this name. */
  readonly name?: string | undefined;
  /** Those that are enabled, or with `false` those that are not. @default both */
  readonly enabled?: boolean | undefined;
}

/**
 * Manages automations. What changes takes effect on the next emit.
 *
 * Every method throws `invalid_options` for an option or a part of a query that does not exist.
 */
export interface Automations {
  /**
   * Stores an automation. A definition from outside, such as JSON of a user, goes through {@link parseAutomation} first,
   * then `create(parsed.value)`.
   *
   * @param definition - From the builders, or what `parseAutomation` gave.
   * @param options - What to do when the name is taken.
   * @returns The automation as it is stored, with warnings.
   * @throws `invalid_automation` with issues; `name_taken` when the scope has one of this name; `storage_unavailable`.
   */
  create(definition: AutomationInput, options?: CreateAutomationOptions): Promise<SavedAutomation>;
  /**
   * Reads one automation.
   *
   * @param id - Its id.
   * @returns The automation as it is now.
   * @throws `not_found`.
   */
  get(id: string): Promise<Automation>;
  /**
   * Lists automations, oldest first. Reading on from a cursor gives the rest in this order, whatever is created, changed
   * or deleted meanwhile.
   *
   * @param query - Which, from where, how many; left out, the first 100 of all.
   * @returns A page, and the cursor of the next one, if there is more.
   */
  list(query?: AutomationQuery): Promise<Page<Automation>>;
  /**
   * Changes an automation.
   *
   * @param id - Its id.
   * @param patch - What is named is replaced as a whole: a new `event` brings its own filter or has none. A new `event`
   * without a scope keeps the present one. `null` takes `description` or `policy` away; `undefined` leaves a part as it is.
   * @param options - With `revision` it is refused when somebody has changed it since.
   * @returns The automation as it is stored now, with warnings.
   * @throws `not_found`, `revision_conflict`, `invalid_automation`, `name_taken`, `storage_unavailable`.
   */
  update(id: string, patch: AutomationPatch, options?: UpdateAutomationOptions): Promise<SavedAutomation>;
  /**
   * Lets an automation fire again, from the next emit on.
   *
   * @param id - Its id.
   * @returns The automation as it is stored now.
   * @throws `not_found`, `revision_conflict`, `storage_unavailable`.
   */
  enable(id: string): Promise<Automation>;
  /**
   * Stops an automation. Its windows go on filling, so that enabling it in mid-run works at once; what it has pending
   * is cancelled.
   *
   * @param id - Its id.
   * @returns The automation as it is stored now.
   * @throws `not_found`, `revision_conflict`, `storage_unavailable`.
   */
  disable(id: string): Promise<Automation>;
  /**
   * Deletes an automation; what it has pending is cancelled. Its executions stay.
   *
   * @param id - Its id.
   * @throws `not_found`, `revision_conflict`, `storage_unavailable`.
   */
  delete(id: string): Promise<void>;
  /**
   * Gives automations as plain definitions, oldest first: as JSON, a file that {@link Automations.import} reads.
   *
   * @param options - Of which scope; left out, all.
   * @returns Definitions without ids, revisions and times. They name integrations by id and secrets not at all.
   */
  export(options?: ExportAutomationsOptions): Promise<readonly AutomationDefinition[]>;
  /**
   * Stores a list of definitions: all in one commit, or none when one is wrong or has a name that is taken.
   *
   * With `ifExists: 'return'` importing the same file again changes nothing. Two definitions of one scope and name are
   * refused all the same.
   *
   * @param definitions - At most 10,000, each anything, such as what `JSON.parse` gave. They are read at a stretch.
   * @param options - What to do with those whose name is taken.
   * @returns The automations in the order of the definitions, with warnings.
   * @throws `invalid_automation` with the issues of all definitions, each with the definition's index in its path
   * (`[3].event.filter.$and[1]`; a name that is taken is `name_taken` at `[3].name`), up to the definition with the
   * 10,000th; `revision_conflict` when its names go on being taken and freed meanwhile; `storage_unavailable`.
   */
  import(definitions: unknown, options?: CreateAutomationOptions): Promise<ImportedAutomations>;
}
