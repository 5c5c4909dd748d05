import type { Issue } from '../errors.js';
import type { AutomationDefinition } from './automation.js';
import { fieldNames } from './field-names.js';
import type { FilterJson } from './filter.js';
import { formatPath, type PathSegments } from './path.js';
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
  const names = known.map((name) => (name.endsWith('.') ? `${name}<key>` : name)).join(', ');
  return fieldPaths(filter, ['event', 'filter'])
    .filter(({ field }) => !known.some((name) => name === field || (name.endsWith('.') && field.startsWith(name))))
    .map(({ field, path }) => ({
      code: 'unknown_field',
      path: formatPath(path),
      message: `Expected a field of ${type} events (${names}), got "${field}", which only events have that a host gives it`,
    }));
}

/** Every field that a filter asks, with its place. */
function fieldPaths(filter: FilterJson, path: PathSegments): { readonly field: string; readonly path: PathSegments }[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    const place = [...path, key];
    if (key === '$not') return fieldPaths(value as FilterJson, place);
    if (key === '$and' || key === '$or' || key === '$nor') {
      return (value as readonly FilterJson[]).flatMap((each, index) => fieldPaths(each, [...place, index]));
    }
    return key.startsWith('$') ? [] : [{ field: key, path: place }];
  });
}
