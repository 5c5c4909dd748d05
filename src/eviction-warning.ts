import type { EngineSettings } from './engine-options.js';
import type { EngineWarning } from './record/engine-events.js';
import type { EvictionCause } from './window/held-runs.js';
import type { LiveRun } from './window/live-run.js';

/** What an operator is told of a run whose metrics are logged in two processes. */
export function elsewhereWarning({ info, entity }: LiveRun): EngineWarning {
  const why = 'another process logs them, and they belong to the first that does';
  return {
    code: 'run_owned_elsewhere',
    message: `No windows are kept here of the metrics of run ${info.id} of ${entity}: ${why}`,
  };
}

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
