import { describeThrown } from './definition/path.js';
import { TocsinError } from './errors.js';

/** A stack or a dump in an error's message must not make the event too large to be taken. */
const errorCharacters = 4000;

const plainName = 'Error: ';

/** A call of a run was given what it can not take. */
export function invalidCall(message: string, cause?: unknown): TocsinError {
  return new TocsinError({ code: 'invalid_event', message, cause });
}

/** What was thrown may be anything, even something that throws when it is looked at. */
export function callError(cause: unknown): TocsinError {
  try {
    if (TocsinError.is(cause)) return cause;
  } catch {}
  return invalidCall(`A call of a run failed: ${describeThrown(cause)}`, cause);
}

/** Says which run it was, since a service may have many. */
export function ofRun({ code, message, issues, cause }: TocsinError, id: string | undefined): TocsinError {
  const which = id === undefined ? 'A run' : `Run ${id}`;
  return new TocsinError({ code, message: `${which}: ${message}`, issues, cause });
}

/** What a run failed of, as its event carries it. An ordinary error says nothing by its name; `TypeError` and the like do. */
export function errorText(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  const text = describeThrown(error);
  const told = text.startsWith(plainName) && isError(error) ? text.slice(plainName.length) : text;
  return told.slice(0, errorCharacters);
}

/** Looking at what was thrown may throw too. */
function isError(thrown: unknown): boolean {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}
