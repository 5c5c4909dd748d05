import type { FilterJson } from './filter.js';
import type { PathSegments } from './path.js';

/** One question of a filter's JSON: a field, or an operator such as `$metric`, and where it stands. */
export interface FilterQuestion {
  readonly key: string;
  readonly path: PathSegments;
}

/**
 * Every question of a filter, in order, with its place.
 *
 * @param filter - A filter that has been parsed, so that it is bounded in depth.
 * @param path - Where it stands.
 */
export function filterQuestions(filter: FilterJson, path: PathSegments): readonly FilterQuestion[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    const place = [...path, key];
    if (key === '$not') return filterQuestions(value as FilterJson, place);
    if (key === '$and' || key === '$or' || key === '$nor') {
      return (value as readonly FilterJson[]).flatMap((each, index) => filterQuestions(each, [...place, index]));
    }
    return [{ key, path: place }];
  });
}
