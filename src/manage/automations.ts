import type { Automation, AutomationInput, AutomationPatch } from '../definition/automation.js';
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

/** How {@link Automations.create} treats a name that is taken. */
export interface CreateAutomationOptions {
  /** `error` throws `name_taken`; `return` answers the automation that has the name, unchanged. @default 'error' */
  readonly ifExists?: 'error' | 'return' | undefined;
}

/** Which automations are wanted. */
export interface AutomationQuery extends PageQuery {
  /** Those of exactly this scope. */
  readonly scope?: Scope | undefined;
  /** Those of scopes inside it as well. @default false */
  readonly includeDescendants?: boolean | undefined;
  /** Those of exactly this name. */
  readonly name?: string | undefined;
  /** Those that are enabled, or with `false` those that are not. @default both */
  readonly enabled?: boolean | undefined;
}

/** Manages automations. What changes takes effect on the next emit. */
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
   * Lists automations, oldest first.
   *
   * @param query - Which, from where, how many; left out, the first 100 of all.
   * @returns A page, and the cursor of the next one, if there is more.
   */
  list(query?: AutomationQuery): Promise<Page<Automation>>;
  /**
   * Changes an automation. A new trigger without a scope keeps the present one.
   *
   * @param id - Its id.
   * @param patch - What is named is replaced.
   * @param options - With `revision` it is refused when somebody has changed it since.
   * @returns The automation as it is stored now, with warnings.
   * @throws `not_found`, `revision_conflict`, `invalid_automation`, `name_taken`, `storage_unavailable`.
   */
  update(id: string, patch: AutomationPatch, options?: { readonly revision?: number }): Promise<SavedAutomation>;
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
}
