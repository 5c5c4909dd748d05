import { formatPath, type PathSegments } from '../definition/path.js';
import type { Issue, IssueCode } from '../errors.js';

/** What comes up on the way from one form to the other; every part adds to it, so that all faults are told at once. */
export interface Findings {
  /** With one of these there is no result. */
  readonly issues: Issue[];
  /** What the result does not say, or says otherwise. */
  readonly warnings: Issue[];
}

/** Adds an issue. */
export function refuse(findings: Findings, code: IssueCode, path: PathSegments, message: string): undefined {
  findings.issues.push({ code, path: formatPath(path), message });
}

/** Adds a warning. */
export function warn(findings: Findings, code: IssueCode, path: PathSegments, message: string): void {
  findings.warnings.push({ code, path: formatPath(path), message });
}

/** Without those of which the same was said of the same place before. */
export function distinct(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter(({ code, path }) => {
    const key = `${code} ${path}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
