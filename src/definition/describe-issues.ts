import type { Issue } from '../errors.js';

/** How many issues an error tells in its message; all stand in `issues`. */
const mostTold = 5;

/** Tells the first issues in one line, each with its path, and how many more there are. */
export function describeIssues(issues: readonly Issue[]): string {
  const told = issues.slice(0, mostTold).map(({ path, message }) => (path === '' ? message : `${message} at ${path}`));
  const more = issues.length > mostTold ? `; and ${issues.length - mostTold} more` : '';
  return `${told.join('; ')}${more}`;
}
