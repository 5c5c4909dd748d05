import { describeValue } from '../definition/path.js';
import { TocsinError } from '../errors.js';

/** The error of an id that nothing has; whoever gave the thing itself instead of its id is told so. */
export function notFound(what: 'automation' | 'integration' | 'execution' | 'mute', id: unknown): TocsinError {
  const message =
    typeof id === 'string'
      ? `There is no ${what} ${id}`
      : `Expected the id of ${what === 'mute' ? 'a' : 'an'} ${what}, got ${describeValue(id)}`;
  return new TocsinError({ code: 'not_found', message });
}
