import type { PolicyPer } from '../definition/policy.js';
import type { SkippedMatch } from '../record/engine-events.js';
import { candidateOf } from './candidate.js';
import { subjectOf } from './claims.js';
import type { Evaluation, EvaluationOptions } from './evaluation.js';
import type { HeldClaim, HeldClaims } from './held-claims.js';
import { isAlertToDeliver } from './run-alert.js';
import type { Skipper } from './skipper.js';

/** What {@link createSkipCooling} works with. */
export interface SkipCoolingOptions extends Pick<EvaluationOptions, 'integration'> {
  readonly heldClaims: HeldClaims;
  readonly skip: Skipper;
}

/**
 * Skips the matches of an event when all of them are in a cooldown that is known to be held: what a metric that stays
 * low does at every step. It asks neither json-rules-engine nor the storage.
 *
 * @returns What was skipped; `undefined` when something may fire, and then nothing is done.
 */
export type SkipCooling = (evaluation: Evaluation, nowMs: number) => SkippedMatch[] | undefined;

/** Makes the function that skips what is cooling. */
export function createSkipCooling({ heldClaims, skip, integration }: SkipCoolingOptions): SkipCooling {
  /** The held cooldown of each match; `undefined` when one is free. */
  const heldOf = ({ event, observation }: Evaluation, nowMs: number): HeldClaim[] | undefined => {
    const held: HeldClaim[] = [];
    let per: PolicyPer | undefined;
    let subject: string | undefined;
    for (const { compiled } of observation.matches) {
      const { cooldown } = compiled;
      if (cooldown.per !== per || subject === undefined) subject = subjectOf(cooldown.per, event, observation.run);
      per = cooldown.per;
      if (cooldown.ms === 0 || subject === undefined) return undefined;
      const claim = heldClaims.find(subject, cooldown.holder, nowMs);
      if (claim === undefined) return undefined;
      held.push(claim);
    }
    return held;
  };

  return (evaluation, nowMs) => {
    const { event, run, observation } = evaluation;
    if (isAlertToDeliver(event)) return undefined;
    const held = heldOf(evaluation, nowMs);
    return held?.map((claim, index) => {
      const again = skip.again(claim, nowMs);
      if (again !== undefined) return again;
      const match = observation.matches[index] as (typeof observation.matches)[number];
      const candidate = candidateOf(match, { event, run, integration });
      return skip.cooling(event, candidate, claim);
    });
  };
}
