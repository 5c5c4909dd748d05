import type { Integration } from '../definition/integration.js';
import type { Limits } from '../definition/limits.js';
import { type Issue, TocsinError } from '../errors.js';
import { parseEvent } from '../event/parse-event.js';
import { isRunEvent, type ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import { type Candidate, candidateOf } from './candidate.js';
import type { HeldClaims } from './cooldowns.js';
import type { EmitResult } from './emit-result.js';
import type { EventIds } from './event-ids.js';
import type { Firer } from './firer.js';
import { type Observation, observe, type World } from './observe.js';
import { alertCandidates, alertClaim, alertIntegrationIssue } from './run-alert.js';

/** What an {@link Emitter} works with. */
export interface EmitterOptions {
  readonly world: World;
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly heldClaims: HeldClaims;
  readonly eventIds: EventIds;
  readonly fire: Firer;
  integration(id: string): Integration | undefined;
}

/** Takes events. */
export interface Emitter {
  emit(input: unknown): Promise<EmitResult>;
  /** Resolves when every emit so far has been committed or refused. */
  drained(): Promise<void>;
}

const nothingHappened: EmitResult = Object.freeze({ fired: [], skipped: [], duplicate: false });
const alreadyCommitted: EmitResult = Object.freeze({ fired: [], skipped: [], duplicate: true });

/**
 * Makes what takes events. Parsing, windows and matching happen synchronously, in the order of the
 * calls: what an emit sees is fixed when it is called.
 */
export function createEmitter(options: EmitterOptions): Emitter {
  const { world, runtime, limits, heldClaims, eventIds, fire } = options;

  /** Fires, and then makes the event's traces final, or takes them back. */
  const conclude = async (
    event: ParsedEvent,
    observation: Observation,
    candidates: readonly Candidate[],
    nowMs: number,
  ): Promise<EmitResult> => {
    try {
      const result = candidates.length === 0 ? nothingHappened : await fire(event, candidates, nowMs);
      observation.settle();
      if (event.id !== undefined) eventIds.set(event.id, { type: 'committed' });
      return result;
    } catch (error) {
      observation.undo();
      if (event.id !== undefined) eventIds.set(event.id, { type: 'sampled' });
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

    const observation = observe(world, event, nowMs, known === undefined);
    const run = observation.run?.info ?? (isRunEvent(event) ? event.run : undefined);
    const candidates = [
      ...alertCandidates(event, run),
      ...observation.matches.map((match) => candidateOf(match, event, run)),
    ];
    const outcome = conclude(event, observation, candidates, nowMs);
    if (candidates.length === 0) return outcome;
    track(outcome);
    if (event.id !== undefined) eventIds.set(event.id, { type: 'pending', outcome });
    return outcome;
  };

  return {
    emit,
    async drained() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
}

/** The error of an event that is malformed; it names the path. */
export function invalidEvent(issues: readonly Issue[]): TocsinError {
  const [first] = issues;
  const at = first === undefined || first.path === '' ? '' : ` at ${first.path}`;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : '';
  return new TocsinError({ code: 'invalid_event', message: `${first?.message}${at}${more}`, issues });
}
