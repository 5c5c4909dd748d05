import { parseArgs } from 'node:util';

/** What `npm run bench` was asked for. */
export interface BenchArguments {
  /** Small sizes, for a check in a minute. */
  readonly isQuick: boolean;
  /** The workloads to run. */
  readonly ids: readonly string[];
  /** Whether to write `bench/results.json`. */
  readonly isWritten: boolean;
}

/**
 * Reads `--quick`, `--only P1,P4` and `--write`. What is only a part, or quick, is written only when asked for.
 *
 * @param given - The arguments.
 * @param known - The ids of all workloads.
 * @throws When there is no such option or workload.
 */
export function readArguments(given: readonly string[], known: readonly string[]): BenchArguments {
  const options = { quick: { type: 'boolean' }, only: { type: 'string' }, write: { type: 'boolean' } } as const;
  const { quick = false, only, write = false } = parseArgs({ args: [...given], options }).values;
  const ids = only === undefined ? known : only.split(',').map((id) => id.trim().toUpperCase());
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new Error(`Expected one of ${known.join(', ')} at --only, got ${unknown}`);
  return { isQuick: quick, ids, isWritten: write || (!quick && only === undefined) };
}
