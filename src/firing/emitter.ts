import { describeIssues } from '../definition/describe-issues.js';
import type { Limits } from '../definition/limits.js';
import { type Issue, TocsinError } from '../errors.js';
import { parseEvent } from '../event/parse-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { SkippedMatch } from '../record/engine-events.js';
import type { FindMute } from '../record/mute-table.js';
import type { LiveRun } from '../window/live-run.js';
import { createSkipCooling } from './cooling.js';
import type { EmitResult } from './emit-result.js';
import { candidatesOf, type Evaluation, type EvaluationOptions, evaluate, hasCandidates } from './evaluation.js';
import { type EventIds, eventIdOf } from './event-ids.js';
import type { Firer } from './firer.js';
import type { FollowUps } from './follow-ups.js';
import type { HeldClaims } from './held-claims.js';
import type { Pictures } from './pictures.js';
import { alertClaim, alertIntegrationIssue } from './run-alert.js';
import type { Skipper } from './skipper.js';

/** What an {@link Emitter} works with. */
export interface EmitterOptions extends EvaluationOptions {
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly heldClaims: HeldClaims;
  readonly mutes: FindMute;
  readonly eventIds: EventIds;
  readonly fire: Firer;
  readonly followUps: FollowUps;
  readonly pictures: Pictures;
  readonly skipper: Skipper;
  /**
   * Told what has become of the event of an id, where that is to outlive the process. A commit that is refused is not told: the
   * samples stay where they are.
   *
   * @param run - The run in whose windows its samples are.
   */
  readonly idChanged?: ((id: string, run: LiveRun | undefined) => void) | undefined;
}

/** Takes events. */
export interface Emitter {
  /**
   * Takes an event. What it comes to is there at once unless something may fire.
   *
   * @throws `invalid_event`. The promise rejects with `storage_unavailable`.
   */
  take(input: unknown): EmitResult | Promise<EmitResult>;
  /** Resolves when every emit so far has been committed or refused. */
  drained(): Promise<void>;
  /** How many emits are on their way. */
  readonly inFlight: number;
}

const noSkips: readonly SkippedMatch[] = Object.freeze([]);
const nothingHappened: EmitResult = Object.freeze({ fired: Object.freeze([]), skipped: noSkips, duplicate: false });
const alreadyCommitted: EmitResult = Object.freeze({ ...nothingHappened, duplicate: true });

/**
 * Makes what takes events. Parsing, windows and matching happen synchronously, in the order of the
 * calls: what an emit sees is fixed when it is called.
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const { runtime, limits, heldClaims, eventIds, fire, pictures, skipper, idChanged } = options;
  const skipCooling = createSkipCooling(options);

  /** Makes the event's traces final. */
  const settle = ({ event, observation }: Evaluation): void => {
    observation.settle();
    const id = eventIdOf(event);
    if (id === undefined) return;
    eventIds.set(id, { type: 'committed' });
    idChanged?.(id, observation.run);
  };

  /** Takes the event's traces back, but for its samples. */
  const undo = (evaluation: Evaluation): void => {
    const { event, observation } = evaluation;
    observation.undo();
    // An earlier try may have arrived meanwhile.
    const id = eventIdOf(event);
    if (id === undefined || eventIds.get(id)?.type === 'committed') return;
    // Emitted again it brings its picture again: to keep many of them would fill the memory while a storage is down.
    eventIds.set(id, { type: 'sampled', evaluation: { ...evaluation, keepPicture: undefined } });
  };

  /** What an event that came through brings besides: a run that is over leaves records of what never could be told. */
  const finish = (evaluation: Evaluation): readonly SkippedMatch[] => {
    settle(evaluation);
    const { event, observation, skips } = evaluation;
    const { run, endsRun } = observation;
    // Two ends of one run may be on their way at once, and one may be committed twice: it is told once.
    if (run === undefined || !endsRun || run.isConcluded) return noSkips;
    run.isConcluded = true;
    return skips.map((each) => skipper.skip(event, each));
  };

  const fireCandidates = async (evaluation: Evaluation, nowMs: number): Promise<EmitResult> => {
    try {
      const candidates = candidatesOf(evaluation, options.targets);
      const result = await fire(evaluation, candidates, nowMs, () => finish(evaluation));
      if (result.duplicate) settle(evaluation);
      return withSkipped(result, result.duplicate ? noSkips : finish(evaluation));
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

  /** What most events come to is known at once; nothing is awaited for them. */
  const conclude = (evaluation: Evaluation, nowMs: number): EmitResult | Promise<EmitResult> => {
    const mayFollow = options.followUps.mayFollow(evaluation.event);
    if (!hasCandidates(evaluation) && !mayFollow) return withSkipped(nothingHappened, finish(evaluation));
    const skipped = mayFollow ? undefined : skipCooling(evaluation, nowMs);
    if (skipped !== undefined) return withSkipped({ ...nothingHappened, skipped }, finish(evaluation));
    const outcome = fireCandidates(evaluation, nowMs);
    track(outcome);
    const id = eventIdOf(evaluation.event);
    if (id === undefined) return outcome;
    eventIds.set(id, { type: 'pending', outcome });
    idChanged?.(id, evaluation.observation.run);
    return outcome;
  };

  const take = (input: unknown): EmitResult | Promise<EmitResult> => {
    const nowMs = runtime.now();
    const pictured = pictures.accept(input);
    const { event, issues } = parseEvent(pictured?.input ?? input, nowMs, limits);
    if (event === undefined) throw invalidEvent(issues);
    const refused = alertIntegrationIssue(event, options.targets.integration);
    if (refused !== undefined) throw invalidEvent([refused]);

    const id = eventIdOf(event);
    const known = id === undefined ? undefined : eventIds.get(id);
    if (known?.type === 'committed') return alreadyCommitted;
    if (known?.type === 'pending') return known.outcome.then(() => alreadyCommitted);
    const alert = alertClaim(event);
    if (alert !== undefined && heldClaims.find(alert.subject, alert.holder, nowMs) !== undefined)
      return nothingHappened;

    const earlier = known?.evaluation;
    earlier?.observation.redo();
    const evaluation =
      earlier === undefined
        ? evaluate(options, event, nowMs, known === undefined, pictured?.keepPicture)
        : { ...earlier, keepPicture: pictured?.keepPicture };
    return conclude(evaluation, nowMs);
  };

  return {
    take,
    async drained() {
      // Only those of now: others may never stop emitting.
      await Promise.allSettled([...inFlight]);
    },
    get inFlight() {
      return inFlight.size;
    },
  };
}

function withSkipped(result: EmitResult, skipped: readonly SkippedMatch[]): EmitResult {
  return skipped.length === 0 ? result : { ...result, skipped: [...result.skipped, ...skipped] };
}

/** The error of an event that is malformed; it names the path. */
export function invalidEvent(issues: readonly Issue[]): TocsinError {
  return new TocsinError({ code: 'invalid_event', message: describeIssues(issues), issues });
}
