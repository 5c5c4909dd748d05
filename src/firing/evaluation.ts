import type { Integration } from '../definition/integration.js';
import { isRunEvent, type ParsedEvent } from '../event/parsed-event.js';
import { type Candidate, candidateOf } from './candidate.js';
import { type Observation, observe, type World } from './observe.js';
import { alertCandidates } from './run-alert.js';
import type { Skip } from './skipper.js';
import { unmeasuredSkips } from './unmeasured.js';

/** What an emit saw at its call. It stays the same when the event has to be emitted again. */
export interface Evaluation {
  readonly event: ParsedEvent;
  readonly observation: Observation;
  readonly candidates: readonly Candidate[];
  /** What can never match any more, since the run is over: told once the event is committed. */
  readonly skips: readonly Skip[];
}

/** What an evaluation works with. */
export interface EvaluationOptions {
  readonly world: World;
  integration(id: string): Integration | undefined;
}

/**
 * Observes an event and finds what may fire on it.
 *
 * @param sample - Whether the event's samples are to be applied.
 */
export function evaluate(
  { world, integration }: EvaluationOptions,
  event: ParsedEvent,
  nowMs: number,
  sample: boolean,
): Evaluation {
  const observation = observe(world, event, nowMs, sample);
  const run = observation.run?.info ?? (isRunEvent(event) ? event.run : undefined);
  const source = { event, run, integration };
  return {
    event,
    observation,
    candidates: [...alertCandidates(event, run), ...observation.matches.map((match) => candidateOf(match, source))],
    skips: unmeasuredSkips(world, observation, source),
  };
}
