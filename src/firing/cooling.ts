import type { PolicyPer } from '../definition/policy.js';
import type { FoundAutomation } from '../match/watch.js';
import type { SkippedMatch } from '../record/engine-events.js';
import type { FindMute } from '../record/mute-table.js';
import type { SkipStory } from '../record/skip-ledger.js';
import type { LiveRun } from '../window/live-run.js';
import { metricsOf } from './candidate.js';
import { subjectOf } from './claims.js';
import { candidatesOf, type Evaluation, type EvaluationOptions } from './evaluation.js';
import type { HeldClaim, HeldClaims } from './held-claims.js';
import { isAlertToDeliver } from './run-alert.js';
import type { Skipper } from './skipper.js';

/** What {@link createSkipCooling} works with. */
export interface SkipCoolingOptions extends Pick<EvaluationOptions, 'targets'> {
  readonly heldClaims: HeldClaims;
  readonly mutes: FindMute;
  readonly skipper: Skipper;
}

/**
 * Skips the matches of an event when all of them are in a cooldown that is known to be held: what a metric that stays
 * low does at every step. It asks neither json-rules-engine nor the storage.
 *
 * @returns What was skipped; `undefined` when something may fire, and then nothing is done.
 */
export type SkipCooling = (evaluation: Evaluation, nowMs: number) => readonly SkippedMatch[] | undefined;

/** The matches of a run's last metrics, which were skipped: the next ones are mostly the same. */
interface Cooling {
  readonly matches: readonly FoundAutomation[];
  readonly stories: readonly SkipStory[];
  readonly skipped: readonly SkippedMatch[];
}

/** Makes the function that skips what is cooling. */
export function createSkipCooling({ heldClaims, mutes, skipper, targets }: SkipCoolingOptions): SkipCooling {
  const lastOf = new WeakMap<LiveRun, Cooling>();

  /** The held cooldown of each match; `undefined` when one is free. */
  const heldOf = ({ event, observation }: Evaluation, nowMs: number): HeldClaim[] | undefined => {
    const held: HeldClaim[] = [];
    let per: PolicyPer | undefined;
    let subject: string | undefined;
    for (const { compiled } of observation.matches) {
      const { cooldown } = compiled;
      // Most count for the same subject.
      if (cooldown.per !== per) subject = subjectOf(cooldown.per, event, observation.run);
      per = cooldown.per;
      if (cooldown.ms === 0 || subject === undefined) return undefined;
      const claim = heldClaims.find(subject, cooldown.holder, nowMs);
      if (claim === undefined) return undefined;
      held.push(claim);
    }
    return held;
  };

  const isMuted = ({ event, observation }: Evaluation, nowMs: number): boolean =>
    observation.matches.some(({ compiled }) => {
      const automationId = compiled.automation.id;
      return mutes.find({ event, automationId, metrics: metricsOf(compiled, event) }, nowMs) !== undefined;
    });

  const skipHeld = (evaluation: Evaluation, held: readonly HeldClaim[]): SkippedMatch[] => {
    const candidates = candidatesOf(evaluation, targets);
    return candidates.map((candidate, index) => skipper.cooling(evaluation.event, candidate, held[index] as HeldClaim));
  };

  return (evaluation, nowMs) => {
    const { event, observation } = evaluation;
    const { run, matches } = observation;
    // That a match is muted comes before its cooldown.
    if (isAlertToDeliver(event) || (!mutes.isEmpty && isMuted(evaluation, nowMs))) return undefined;
    const isSubjectOfRun = run !== undefined && event.type === 'run.metrics';
    const last = isSubjectOfRun ? lastOf.get(run) : undefined;
    if (last !== undefined && isSame(last, matches, nowMs)) {
      skipper.again(last.stories, last.skipped, nowMs);
      return last.skipped;
    }
    const held = heldOf(evaluation, nowMs);
    if (held === undefined) return undefined;
    const skipped = Object.freeze(skipHeld(evaluation, held));
    const stories = held.flatMap(({ story }) => story ?? []);
    if (isSubjectOfRun && matches.every(isAboutRuns)) lastOf.set(run, { matches, stories, skipped });
    return skipped;
  };
}

/** An event of its own has a cooldown of its own. */
function isAboutRuns({ compiled }: FoundAutomation): boolean {
  return compiled.cooldown.per !== 'event';
}

/** Whether the same automations match, and each is still in the cooldown that it was in. */
function isSame({ matches, stories }: Cooling, now: readonly FoundAutomation[], nowMs: number): boolean {
  if (matches.length !== now.length) return false;
  for (let index = 0; index < now.length; index += 1) {
    if (matches[index] !== now[index]) return false;
    const story = stories[index] as SkipStory;
    if (!story.isOpen || nowMs >= story.untilMs) return false;
  }
  return true;
}
