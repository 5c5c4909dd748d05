import type { Issue } from '../errors.js';
import type { AutomationDefinition } from './automation.js';
import { fieldNames } from './field-names.js';
import { filterQuestions } from './filter-questions.js';
import { nearest } from './nearest.js';
import { describeValue, formatPath } from './path.js';
import { templateWarnings } from './template-variables.js';

/**
 * What of a definition is probably not meant as it stands, but does no harm.
 *
 * @param secretNames - The names of the secrets of its webhook integration, which its payload may name.
 */
export function definitionWarnings(definition: AutomationDefinition, secretNames: readonly string[] = []): Issue[] {
  return [...fieldWarnings(definition.event), ...templateWarnings(definition, secretNames)];
}

/** A host may add fields of its own to any event, so one that is not known is no fault, but probably misspelt. */
function fieldWarnings({ type, filter = {} }: AutomationDefinition['event']): Issue[] {
  const known = fieldNames(type);
  if (known === undefined) return [];
  return filterQuestions(filter, ['event', 'filter'])
    .filter(({ key }) => !key.startsWith('$'))
    .filter(({ key }) => !known.some((name) => name === key || (name.endsWith('.') && key.startsWith(name))))
    .map(({ key, path }) => ({
      code: 'unknown_field',
      path: formatPath(path),
      message: `Expected a field of ${type} events (${listFields(key, known)}), got ${describeValue(key)}, which only events have that a host gives it`,
    }));
}

/** The fields there are, those first that look most like what was given. */
function listFields(got: string, known: readonly string[]): string {
  const near = nearest(got, known, 3);
  const others = known.filter((name) => !near.includes(name));
  return [...near, ...others].map((name) => (name.endsWith('.') ? `${name}<key>` : name)).join(', ');
}
