import type { Mute } from '../definition/mute.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { SkippedMatch } from '../record/engine-events.js';
import type { FindMute } from '../record/mute-table.js';
import type { Candidate } from './candidate.js';
import type { LostFiring } from './commit-plan.js';
import type { HeldClaim, HeldClaims } from './held-claims.js';
import type { Skipper } from './skipper.js';

/** A candidate that does not fire. */
export type Lost =
  | LostFiring
  | { readonly candidate: Candidate; readonly reason: 'muted'; readonly mute: Mute }
  /** Routing was to find its channels, and there is none. */
  | { readonly candidate: Candidate; readonly reason: 'no_routing' };

/** What a {@link Sieve} works with. */
export interface SieveOptions {
  readonly runtime: Runtime;
  readonly heldClaims: HeldClaims;
  readonly mutes: FindMute;
  readonly skipper: Skipper;
}

/** Tells what can't fire from what may, as far as this process knows. */
export interface Sieve {
  /** Takes out what is muted, and whose cooldown is known to be held; the others are left. */
  sift(event: ParsedEvent, candidates: readonly Candidate[], lost: Lost[]): Candidate[];
  /** Records that one did not fire. */
  skip(event: ParsedEvent, lost: Lost): SkippedMatch;
}

/** For so long skips for want of routing are counted together, in milliseconds: an hour. */
const noRoutingMs = 3_600_000;

/** Makes a sieve. */
export function createSieve({ runtime, heldClaims, mutes, skipper }: SieveOptions): Sieve {
  const heldBy = ({ cooldown }: Candidate): HeldClaim | undefined =>
    cooldown === undefined ? undefined : heldClaims.find(cooldown.subject, cooldown.holder, runtime.now());

  const lossOf = (event: ParsedEvent, candidate: Candidate): Lost | undefined => {
    const { automationId, metrics, cooldown } = candidate;
    const mute = mutes.find({ event, automationId, metrics }, runtime.now());
    // First of all: what is muted is told to be, whatever else holds it back.
    if (mute !== undefined) return { candidate, reason: 'muted', mute };
    const held = heldBy(candidate);
    return held === undefined
      ? undefined
      : { candidate, reason: cooldown?.reason ?? 'cooldown', untilMs: held.untilMs };
  };

  return {
    sift: (event, candidates, lost) =>
      candidates.filter((candidate) => {
        const loss = lossOf(event, candidate);
        if (loss !== undefined) lost.push(loss);
        return loss === undefined;
      }),
    skip(event, loss) {
      const { candidate } = loss;
      const { automationId, cooldown, rateLimit } = candidate;
      switch (loss.reason) {
        case 'muted':
          return skipper.muted(event, candidate, loss.mute);
        case 'no_routing': {
          const untilMs = runtime.now() + noRoutingMs;
          return skipper.skip(event, { candidate, reason: 'no_routing', story: automationId, untilMs });
        }
        case 'rate_limited':
          return skipper.skip(event, { ...loss, story: rateLimit?.key ?? automationId });
        case 'already_posted':
          return skipper.skip(event, { ...loss, story: cooldown?.key ?? automationId });
        case 'cooldown': {
          const held = heldBy(candidate);
          if (held !== undefined) return skipper.cooling(event, candidate, held);
          return skipper.skip(event, { ...loss, story: cooldown?.key ?? automationId });
        }
        default:
          return loss satisfies never;
      }
    },
  };
}
