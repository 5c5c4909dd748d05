import type { Automation, AutomationDefinition } from '../definition/automation.js';
import type { ParseResult } from '../definition/parse-automation.js';
import { describeThrown, describeValue } from '../definition/path.js';
import { scopeKey } from '../definition/scope.js';
import type { Issue } from '../errors.js';
import { type DefinitionChecks, readDefinition } from './read-definition.js';
import { issueAt } from './refused-input.js';

/** One definition of an import. */
export interface PlannedImport {
  readonly definition: AutomationDefinition;
  /** The automation that has its name already, and is answered unchanged. */
  readonly existing: Automation | undefined;
}

/** What an import is planned with. */
export interface ImportPlanOptions {
  readonly checks: DefinitionChecks;
  /** The automations that are there. */
  readonly automations: Iterable<Automation>;
  readonly ifExists: 'error' | 'return';
}

/** How many definitions one import may have: they are read at a stretch, and written in one commit. */
const mostDefinitions = 10_000;

/** After so many issues nobody reads on, and those of a hostile file would fill the memory. */
const mostIssues = 10_000;

/**
 * Checks the definitions of an import, each alone and their names among each other and among what is there.
 *
 * @returns What to write, in the order of the file; or every issue, with the definition's index in its path.
 */
export function planImport(input: unknown, options: ImportPlanOptions): ParseResult<readonly PlannedImport[]> {
  try {
    return readList(input, options);
  } catch (error) {
    return refused('invalid_value', `Reading the list failed: ${describeThrown(error)}`);
  }
}

function readList(input: unknown, options: ImportPlanOptions): ParseResult<readonly PlannedImport[]> {
  const { checks, automations, ifExists } = options;
  if (!Array.isArray(input)) return refused('invalid_type', `Expected a list, got ${describeValue(input)}`);
  const { length } = input;
  if (length > mostDefinitions) {
    return refused('limit_exceeded', `Expected at most ${mostDefinitions} definitions, got ${length}`);
  }
  const holders = new Map<string, Automation>();
  for (const automation of automations) holders.set(nameIn(automation), automation);
  const firstIndexes = new Map<string, number>();
  const planned: PlannedImport[] = [];
  const warnings: Issue[] = [];
  const issues: Issue[] = [];
  for (let index = 0; index < length && issues.length < mostIssues; index += 1) {
    const read = readDefinition(input[index], checks);
    if (read.value === undefined) {
      issues.push(...read.issues.map((issue) => issueAt(index, issue)));
      continue;
    }
    const name = nameIn(read.value);
    const first = firstIndexes.get(name);
    const existing = holders.get(name);
    if (first !== undefined) issues.push(nameTakenAt(index, read.value, `[${first}] has it too`));
    else if (existing !== undefined && ifExists === 'error') {
      issues.push(nameTakenAt(index, read.value, `the automation ${existing.id} has it`));
    }
    firstIndexes.set(name, first ?? index);
    planned.push({ definition: read.value, existing });
    if (existing === undefined) warnings.push(...read.warnings.map((warning) => issueAt(index, warning)));
  }
  return issues.length > 0 ? { issues } : { value: planned, warnings };
}

/** A name is taken in its scope only. */
function nameIn({ event, name }: AutomationDefinition): string {
  return JSON.stringify([scopeKey(event.scope), name]);
}

function nameTakenAt(index: number, { name }: AutomationDefinition, holder: string): Issue {
  const message = `Expected a name that is free in its scope, got ${describeValue(name)}: ${holder}`;
  return issueAt(index, { code: 'name_taken', path: 'name', message });
}

function refused(code: Issue['code'], message: string): { readonly issues: readonly Issue[] } {
  return { issues: [{ code, path: '', message }] };
}
