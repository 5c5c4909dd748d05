import type { Evidence } from './judge.js';
import type { SlowestRecovery } from './recovery-clock.js';

/** What happened, in numbers. */
export interface Figures extends SlowestRecovery {
  readonly kills: number;
  /** How many processes were started. */
  readonly processes: number;
  readonly emits: number;
  /** How many emits were made again: because their answer never came, or came just before a process was killed. */
  readonly sentAgain: number;
  /** How many were answered as duplicates: they were done with already, or another process had the same event. */
  readonly duplicates: number;
  readonly executions: number;
  readonly deliveries: number;
  /** Attempts whose outcome was not known. */
  readonly ambiguous: number;
  /** Messages that were found in Slack instead of being sent again. */
  readonly found: number;
  readonly durationMs: number;
}

/** Counts what the evidence tells. */
export function countFigures(
  source: Evidence & SlowestRecovery & Pick<Figures, 'kills' | 'processes' | 'durationMs'>,
): Figures {
  const { emits, executions, arrivals, kills, processes, slowestOpeningMs, slowestRecoveryMs, durationMs } = source;
  const fired = executions.filter(({ status }) => status !== 'skipped');
  const attempts = fired.flatMap((execution) => execution.attempts);
  return {
    kills,
    processes,
    emits: emits.length,
    sentAgain: emits.reduce((sum, { sends }) => sum + Math.max(sends - 1, 0), 0),
    duplicates: emits.flatMap(({ answers }) => answers.filter(({ duplicate }) => duplicate)).length,
    executions: fired.length,
    deliveries: arrivals.length,
    ambiguous: attempts.filter(({ ambiguous }) => ambiguous === true).length,
    found: fired.filter(({ receipt }) => receipt?.note?.includes('found after') === true).length,
    slowestOpeningMs,
    slowestRecoveryMs,
    durationMs,
  };
}
