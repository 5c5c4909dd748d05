import type { Execution } from '../../record/execution.js';
import { waitingSince } from '../../record/waiting-since.js';
import { attemptCount } from './attempt-history.js';

/** When it was not looked at for so long, this process stood still, and the others perhaps too. In milliseconds. */
const longestGapMs = 300_000;

/** Knows for how long this process has seen that nobody takes what it can't carry out itself. */
export interface UnservedTime {
  /** For how long nobody has taken the head, as far as this process has seen it, in milliseconds. */
  waitedMs(head: Execution, nowMs: number): number;
  /** This process has failed the head: what is behind has waited as long, if it was there. */
  failed(): void;
}

/** Makes it for a lane that has not been looked at. */
export function createUnservedTime(): UnservedTime {
  let seen: { readonly head: string | undefined; readonly sinceMs: number; readonly atMs: number } | undefined;
  return {
    waitedMs(execution, nowMs) {
      const head = `${execution.id} ${attemptCount(execution)}`;
      const isSame = seen !== undefined && (seen.head ?? head) === head && nowMs - seen.atMs <= longestGapMs;
      const sinceMs = isSame && seen !== undefined ? seen.sinceMs : nowMs;
      seen = { head, sinceMs, atMs: nowMs };
      return nowMs - Math.max(sinceMs, waitingSince(execution));
    },
    failed() {
      if (seen !== undefined) seen = { ...seen, head: undefined };
    },
  };
}
