import type { FieldTestJson, FilterJson, Scalar } from '../definition/filter.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import type { JsonObject, JsonValue } from '../json.js';
import { type FieldFamily, fieldToWandb } from './field-names.js';
import { type Findings, refuse, warn } from './findings.js';
import { missingField } from './missing-value.js';

/**
 * Writes a filter on fields as W&B has it: one key an object, and every operator named.
 *
 * @param filter - A filter that the parser of definitions has accepted.
 * @param family - Whose fields it names.
 */
export function fieldFilterToWandb(
  filter: FilterJson,
  family: FieldFamily,
  path: PathSegments,
  findings: Findings,
): JsonObject {
  const parts = Object.entries(filter).flatMap(([key, value]): JsonObject[] => {
    const at = [...path, key];
    switch (key) {
      case '$and':
        return [{ $and: listToWandb(value as readonly FilterJson[], family, at, findings) }];
      case '$or':
      case '$nor': {
        const filters = value as readonly FilterJson[];
        const field = missingField(filters);
        if (field !== undefined) {
          const name = nameToWandb(field, family, at, findings);
          return name === undefined ? [] : [{ [name]: { [key === '$or' ? '$eq' : '$ne']: null } }];
        }
        return [{ [key]: listToWandb(filters, family, at, findings) }];
      }
      case '$not':
        return [{ $not: fieldFilterToWandb(value as FilterJson, family, at, findings) }];
      case '$metric':
      case '$change':
      case '$zscore':
      case '$state':
        refuse(
          findings,
          'not_convertible',
          at,
          `Expected ${key} only where it must hold with all the rest, got it elsewhere`,
        );
        return [];
      default: {
        const name = nameToWandb(key, family, at, findings);
        return name === undefined ? [] : [{ [name]: testToWandb(value as FieldTestJson | Scalar, at, findings) }];
      }
    }
  });
  const [only = {}, ...others] = parts;
  return others.length === 0 ? only : { $and: parts };
}

function listToWandb(
  filters: readonly FilterJson[],
  family: FieldFamily,
  path: PathSegments,
  findings: Findings,
): JsonObject[] {
  return filters.map((each, index) => fieldFilterToWandb(each, family, [...path, index], findings));
}

function nameToWandb(field: string, family: FieldFamily, path: PathSegments, findings: Findings): string | undefined {
  const translated = fieldToWandb(field, family);
  if (translated === undefined) {
    const message = `Expected a field of ours, got ${describeValue(field)}, by which W&B means another one`;
    return refuse(findings, 'not_convertible', path, message);
  }
  if (!translated.known)
    warn(findings, 'unknown_field', path, 'It is not known whether W&B has this field; it is kept');
  return translated.name;
}

function testToWandb(test: FieldTestJson | Scalar, path: PathSegments, findings: Findings): JsonObject {
  if (typeof test !== 'object' || test === null) return testToWandb({ $eq: test }, path, findings);
  for (const [operator, operand] of Object.entries(test) as [string, JsonValue][]) {
    if (operand !== null && !(Array.isArray(operand) && operand.includes(null))) continue;
    const message = `Expected no null in ${operator}, got one: to W&B it is also what is not there`;
    refuse(findings, 'not_convertible', [...path, operator], message);
  }
  return test as JsonObject;
}
