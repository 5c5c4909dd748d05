import type { FieldTestJson, FilterJson } from '../definition/filter.js';

/**
 * W&B's `{ field: null }` as ours. To W&B, as to MongoDB, null is also what is not there; to us a field that is not there
 * equals nothing.
 *
 * @param holds - `false` for W&B's `$ne: null`.
 */
export function missingFromWandb(field: string, holds: boolean): FilterJson {
  const either: FilterJson[] = [{ [field]: { $exists: false } }, { [field]: { $eq: null } }];
  return holds ? { $or: either } : { $nor: either };
}

/** The field of a filter that {@link missingFromWandb} has written, or would have. */
export function missingField(filters: readonly FilterJson[]): string | undefined {
  const [absent, empty, ...others] = filters;
  if (absent === undefined || empty === undefined || others.length > 0) return undefined;
  const [field, ...fields] = Object.keys(absent);
  if (field === undefined || fields.length > 0 || Object.keys(empty).length !== 1) return undefined;
  return is(absent[field], '$exists', false) && is(empty[field], '$eq', null) ? field : undefined;
}

function is(test: FilterJson[string], operator: keyof FieldTestJson, value: unknown): boolean {
  if (typeof test !== 'object' || test === null) return false;
  const entries = Object.entries(test);
  return entries.length === 1 && entries[0]?.[0] === operator && entries[0][1] === value;
}
