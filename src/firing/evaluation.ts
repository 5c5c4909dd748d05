import { isRunEvent, type ParsedEvent } from '../event/parsed-event.js';
import { type Candidate, candidateOf } from './candidate.js';
import { type Observation, observe, type World } from './observe.js';
import { alertCandidates } from './run-alert.js';

/** What an emit saw at its call. It stays the same when the event has to be emitted again. */
export interface Evaluation {
  readonly event: ParsedEvent;
  readonly observation: Observation;
  readonly candidates: readonly Candidate[];
}

/**
 * Observes an event and finds what may fire on it.
 *
 * @param sample - Whether the event's samples are to be applied.
 */
export function evaluate(world: World, event: ParsedEvent, nowMs: number, sample: boolean): Evaluation {
  const observation = observe(world, event, nowMs, sample);
  const run = observation.run?.info ?? (isRunEvent(event) ? event.run : undefined);
  const candidates = [
    ...alertCandidates(event, run),
    ...observation.matches.map((match) => candidateOf(match, event, run)),
  ];
  return { event, observation, candidates };
}
