import type { EngineSettings } from './engine-options.js';
import type { EngineWarning } from './record/engine-events.js';
import type { EvictionCause } from './window/held-runs.js';
import type { LiveRun } from './window/live-run.js';

/** What an operator is told of a run whose windows had to go before it ended. */
export function evictionWarning(
  { info, entity }: LiveRun,
  cause: EvictionCause,
  { maxLiveRuns, maxWindowValues }: EngineSettings,
): EngineWarning {
  const reason =
    cause === 'runs'
      ? `more than ${maxLiveRuns} runs are live (maxLiveRuns)`
      : `the windows of all runs take more than ${maxWindowValues} values (maxWindowValues)`;
  return { code: 'run_evicted', message: `The windows of run ${info.id} of ${entity} were dropped: ${reason}` };
}
