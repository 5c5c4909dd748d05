import { describeIssues } from '../definition/describe-issues.js';
import type { Limits } from '../definition/limits.js';
import { type Issue, TocsinError } from '../errors.js';
import { parseEvent } from '../event/parse-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { SkippedMatch } from '../record/engine-events.js';
import type { EmitResult } from './emit-result.js';
import { type Evaluation, type EvaluationOptions, evaluate } from './evaluation.js';
import type { EventIds } from './event-ids.js';
import type { Firer } from './firer.js';
import type { HeldClaims } from './held-claims.js';
import { alertClaim, alertIntegrationIssue } from './run-alert.js';
import type { Skipper } from './skipper.js';

/** What an {@link Emitter} works with. */
export interface EmitterOptions extends EvaluationOptions {
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly heldClaims: HeldClaims;
  readonly eventIds: EventIds;
  readonly fire: Firer;
  readonly skip: Skipper;
}

/** Takes events. */
export interface Emitter {
  emit(input: unknown): Promise<EmitResult>;
  /** Resolves when every emit so far has been committed or refused. */
  drained(): Promise<void>;
  /** How many emits are on their way. */
  readonly inFlight: number;
}

const nothingHappened: EmitResult = Object.freeze({ fired: [], skipped: [], duplicate: false });
const alreadyCommitted: EmitResult = Object.freeze({ fired: [], skipped: [], duplicate: true });

/**
 * Makes what takes events. Parsing, windows and matching happen synchronously, in the order of the
 * calls: what an emit sees is fixed when it is called.
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const { runtime, limits, heldClaims, eventIds, fire } = options;

  /** Makes the event's traces final. */
  const settle = ({ event, observation }: Evaluation): void => {
    observation.settle();
    if (event.id !== undefined) eventIds.set(event.id, { type: 'committed' });
  };

  /** Takes the event's traces back, but for its samples. */
  const undo = (evaluation: Evaluation): void => {
    const { event, observation } = evaluation;
    observation.undo();
    // An earlier try may have arrived meanwhile.
    if (event.id === undefined || eventIds.get(event.id)?.type === 'committed') return;
    eventIds.set(event.id, { type: 'sampled', evaluation });
  };

  const conclude = async (evaluation: Evaluation, nowMs: number): Promise<EmitResult> => {
    const { event, candidates, skips } = evaluation;
    const finish = (): SkippedMatch[] => {
      settle(evaluation);
      const { run, endsRun } = evaluation.observation;
      // Two ends of one run may be on their way at once, and one may be committed twice: it is told once.
      if (run === undefined || !endsRun || run.isConcluded) return [];
      run.isConcluded = true;
      return skips.map((each) => options.skip(event, each));
    };
    try {
      const result = candidates.length === 0 ? nothingHappened : await fire(evaluation, nowMs, finish);
      if (result.duplicate) settle(evaluation);
      const skipped = result.duplicate ? [] : finish();
      return skipped.length === 0 ? result : { ...result, skipped: [...result.skipped, ...skipped] };
    } catch (error) {
      undo(evaluation);
      throw error;
    }
  };

  const inFlight = new Set<Promise<EmitResult>>();

  const track = (outcome: Promise<EmitResult>): void => {
    const done = (): boolean => inFlight.delete(outcome);
    inFlight.add(outcome);
    outcome.then(done, done);
  };

  const emit = async (input: unknown): Promise<EmitResult> => {
    const nowMs = runtime.now();
    const { event, issues } = parseEvent(input, nowMs, limits);
    if (event === undefined) throw invalidEvent(issues);
    const refused = alertIntegrationIssue(event, options.integration);
    if (refused !== undefined) throw invalidEvent([refused]);

    const known = event.id === undefined ? undefined : eventIds.get(event.id);
    if (known?.type === 'committed') return alreadyCommitted;
    if (known?.type === 'pending') {
      await known.outcome;
      return alreadyCommitted;
    }
    const alert = alertClaim(event);
    if (alert !== undefined && heldClaims.heldUntil(alert.key, nowMs) !== undefined) return nothingHappened;

    const earlier = known?.evaluation;
    earlier?.observation.redo();
    const evaluation = earlier ?? evaluate(options, event, nowMs, known === undefined);
    const outcome = conclude(evaluation, nowMs);
    if (evaluation.candidates.length === 0) return outcome;
    track(outcome);
    if (event.id !== undefined) eventIds.set(event.id, { type: 'pending', outcome });
    return outcome;
  };

  return {
    emit,
    async drained() {
      // Only those of now: others may never stop emitting.
      await Promise.allSettled([...inFlight]);
    },
    get inFlight() {
      return inFlight.size;
    },
  };
}

/** The error of an event that is malformed; it names the path. */
export function invalidEvent(issues: readonly Issue[]): TocsinError {
  return new TocsinError({ code: 'invalid_event', message: describeIssues(issues), issues });
}
