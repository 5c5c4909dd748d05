import { isRunEvent, type ParsedEvent, type RunInfo } from '../event/parsed-event.js';
import { readFactValues } from '../match/facts.js';
import { type Candidate, candidateOf, type Match } from './candidate.js';
import { EventFacts } from './event-facts.js';
import { type Observation, observe, type World } from './observe.js';
import type { PicturedInput } from './pictures.js';
import { alertCandidates, isAlertToDeliver } from './run-alert.js';
import type { Skip } from './skipper.js';
import type { TargetSource } from './targets.js';
import { unmeasuredSkips } from './unmeasured.js';

/** What an emit saw at its call. It stays the same when the event has to be emitted again. */
export interface Evaluation {
  readonly event: ParsedEvent;
  /** What the event's run had said of itself by then. */
  readonly run: RunInfo | undefined;
  readonly observation: Observation;
  /** What matched, once it has been captured. */
  captured: readonly Match[] | undefined;
  /** Keeps the picture that the event carried. */
  readonly keepPicture: PicturedInput['keepPicture'] | undefined;
  /** What can never match any more, since the run is over: told once the event is committed. */
  readonly skips: readonly Skip[];
}

/** What an evaluation works with. */
export interface EvaluationOptions {
  readonly world: World;
  readonly targets: TargetSource;
}

const noSkips: readonly Skip[] = Object.freeze([]);

/**
 * Observes an event and finds what may fire on it.
 *
 * @param sample - Whether the event's samples are to be applied.
 * @param keepPicture - Keeps the picture that the event carried.
 */
export function evaluate(
  { world, targets }: EvaluationOptions,
  event: ParsedEvent,
  nowMs: number,
  sample: boolean,
  keepPicture?: PicturedInput['keepPicture'],
): Evaluation {
  const observation = observe(world, event, nowMs, sample);
  const run = observation.run?.info ?? (isRunEvent(event) ? event.run : undefined);
  const skips = observation.endsRun ? unmeasuredSkips(world, observation, { event, run, targets }) : noSkips;
  return { event, run, observation, captured: undefined, keepPicture, skips };
}

/** Whether anything may fire. */
export function hasCandidates({ event, observation }: Evaluation): boolean {
  return observation.matches.length > 0 || isAlertToDeliver(event);
}

/**
 * What may fire: the run's own alert, and what matched. It has to be asked for in the emit itself: later the windows have
 * gone on.
 */
export function candidatesOf(evaluation: Evaluation, targets: TargetSource): Candidate[] {
  const { event, run } = evaluation;
  const source = { event, run, targets };
  evaluation.captured ??= captureMatches(evaluation);
  return [...alertCandidates(event, run, targets), ...evaluation.captured.map((match) => candidateOf(match, source))];
}

/** Takes down the values of the facts of what matched, for json-rules-engine and for messages. */
function captureMatches({ event, observation }: Evaluation): readonly Match[] {
  const facts = new EventFacts(event, observation.run);
  return observation.matches.map(({ compiled }) => ({ compiled, values: readFactValues(compiled.facts, facts) }));
}
