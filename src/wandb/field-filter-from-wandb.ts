import type { FilterJson } from '../definition/filter.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import type { JsonValue } from '../json.js';
import { isJsonObject } from './decode-json.js';
import { type FieldFamily, fieldFromWandb } from './field-names.js';
import { type Findings, refuse, warn } from './findings.js';
import { missingFromWandb } from './missing-value.js';

const operators = [
  ...['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin'],
  ...['$exists', '$regex', '$contains', '$size', '$all'],
];

/**
 * Reads a filter on fields, as it stands in a run filter or in the filter of an artifact event.
 *
 * What is of the wrong type is left to the parser of definitions; what is ours only in another spelling, or not at all, is
 * settled here.
 *
 * @param json - The filter, of bounded depth.
 * @param family - Whose fields it names.
 */
export function fieldFilterFromWandb(
  json: JsonValue | undefined,
  family: FieldFamily,
  path: PathSegments,
  findings: Findings,
): FilterJson {
  if (!isJsonObject(json)) {
    refuse(findings, 'invalid_type', path, `Expected an object, got ${describeValue(json)}`);
    return {};
  }
  const names = new Set<string>();
  const parts = Object.entries(json).map(([key, value]): FilterJson => {
    const at = [...path, key];
    switch (key) {
      case '$and':
      case '$or':
      case '$nor':
        return { [key]: listFromWandb(value, family, at, findings) };
      case '$not':
        return { $not: fieldFilterFromWandb(value, family, at, findings) };
      default:
        return fieldTests(key, value, family, at, names, findings);
    }
  });
  return all(parts);
}

function listFromWandb(
  value: JsonValue | undefined,
  family: FieldFamily,
  path: PathSegments,
  findings: Findings,
): FilterJson[] {
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((each, index) =>
      fieldFilterFromWandb(each, family, [...path, index], findings),
    );
  }
  refuse(findings, 'invalid_type', path, `Expected a list, got ${describeValue(value)}`);
  return [];
}

function fieldTests(
  key: string,
  value: JsonValue | undefined,
  family: FieldFamily,
  path: PathSegments,
  names: Set<string>,
  findings: Findings,
): FilterJson {
  const field = key.startsWith('$') ? undefined : fieldFromWandb(key, family);
  if (field === undefined) {
    refuse(findings, 'not_convertible', path, `Expected $and $or $nor $not or a field, got ${describeValue(key)}`);
    return {};
  }
  if (names.has(field.name)) {
    refuse(findings, 'invalid_value', path, `Expected each field once, got "${field.name}" under two names`);
    return {};
  }
  names.add(field.name);
  if (!field.known) {
    warn(findings, 'unknown_field', path, `Nothing is known of this field; it is kept as "${field.name}"`);
  }
  return all(testsFromWandb(field.name, value, path, findings));
}

/** One question for every operator that has to stand alone, and one for all others together. */
function testsFromWandb(
  field: string,
  value: JsonValue | undefined,
  path: PathSegments,
  findings: Findings,
): FilterJson[] {
  if (!isJsonObject(value)) return testsFromWandb(field, { $eq: value }, path, findings);
  if (Object.keys(value).length === 0) {
    refuse(findings, 'invalid_value', path, 'Expected an operator such as $eq, got none');
  }
  const tests: FilterJson[] = [];
  const plain: Record<string, JsonValue | undefined> = {};
  for (const [operator, operand] of Object.entries(value)) {
    const at = [...path, operator];
    if (operator === '$not' && isJsonObject(operand))
      tests.push({ $not: all(testsFromWandb(field, operand, at, findings)) });
    else if ((operator === '$eq' || operator === '$ne') && operand === null) {
      tests.push(missingFromWandb(field, operator === '$eq'));
    } else if (isOperand(operator, operand, at, findings)) plain[operator] = operand;
  }
  return Object.keys(plain).length > 0 ? [{ [field]: plain } as FilterJson, ...tests] : tests;
}

function isOperand(operator: string, operand: JsonValue | undefined, path: PathSegments, findings: Findings): boolean {
  if (!operators.includes(operator)) {
    const expected = operator.startsWith('$')
      ? operators.join(' ')
      : 'an operator, and dots in the name for what is inside';
    refuse(findings, 'not_convertible', path, `Expected ${expected}, got ${describeValue(operator)}`);
  } else if ((operator === '$eq' || operator === '$ne') && Array.isArray(operand)) {
    refuse(
      findings,
      'not_convertible',
      path,
      'Expected a single value, got a list; $all and $size ask for a whole list',
    );
  } else if (operand === null || (Array.isArray(operand) && operand.includes(null))) {
    // To W&B it would also be what is not there.
    refuse(findings, 'invalid_value', path, `Expected no null in ${operator}, got one`);
  } else return true;
  return false;
}

function all(filters: readonly FilterJson[]): FilterJson {
  const [only = {}, ...others] = filters;
  return others.length === 0 ? only : { $and: filters };
}
