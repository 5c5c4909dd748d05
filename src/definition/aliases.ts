import type { JsonObject, JsonValue } from '../json.js';

const aggregations: Readonly<Record<string, string>> = { mean: 'avg', average: 'avg' };

/** Other names of fields. */
export const fieldAliases: Readonly<Record<string, string>> = { display_name: 'name', artifact_type: 'artifactType' };

/** Whether a value is an object, and no list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rename(object: JsonObject, names: Readonly<Record<string, string>>): Record<string, JsonValue | undefined> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const name = Object.hasOwn(names, key) ? names[key] : undefined;
      return [name !== undefined && !Object.hasOwn(object, name) ? name : key, value];
    }),
  );
}

/**
 * Writes a definition's other spellings (those of W&B) as ours, so that everything after it knows one only.
 *
 * @param definition - A bounded copy, of which nothing else is known yet.
 */
export function withoutAliases(definition: JsonValue): JsonValue {
  if (!isObject(definition)) return definition;
  const { event, action } = definition;
  return {
    ...definition,
    ...(isObject(event) && isObject(event['filter'])
      ? { event: { ...event, filter: filterWithoutAliases(event['filter']) } }
      : {}),
    ...(isObject(action) ? { action: actionWithoutAliases(action) } : {}),
  };
}

function actionWithoutAliases(action: JsonObject): JsonObject {
  if (action['type'] !== 'notification') return action;
  const renamed = rename(action, { text: 'message', level: 'severity' });
  const { severity } = renamed;
  return typeof severity === 'string' ? { ...renamed, severity: severity.toUpperCase() } : renamed;
}

function filterWithoutAliases(filter: JsonValue): JsonValue {
  if (!isObject(filter)) return filter;
  const entries = Object.entries(rename(filter, fieldAliases)).map(([key, value]): [string, JsonValue | undefined] => {
    if ((key === '$and' || key === '$or' || key === '$nor') && Array.isArray(value)) {
      return [key, value.map(filterWithoutAliases)];
    }
    if (key === '$not' && value !== undefined) return [key, filterWithoutAliases(value)];
    if ((key === '$metric' || key === '$change') && isObject(value)) {
      const { agg } = value;
      return [
        key,
        typeof agg === 'string' && Object.hasOwn(aggregations, agg) ? { ...value, agg: aggregations[agg] } : value,
      ];
    }
    return [key, value];
  });
  return Object.fromEntries(entries);
}
