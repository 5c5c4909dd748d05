import type { Limits } from '../definition/limits.js';
import { parseEvent } from '../event/parse-event.js';
import { isRunEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { keys } from '../record/keys.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { LiveRuns } from '../window/live-runs.js';
import { cooldownClaim } from './cooldowns.js';
import { invalidEvent } from './emitter.js';
import type { EventIds } from './event-ids.js';
import { explain } from './explain.js';
import type { Explanation } from './explanation.js';

/** What {@link createExplainer} works with. */
export interface ExplainerOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly liveRuns: LiveRuns;
  readonly eventIds: EventIds;
}

/** Makes the function that says whether an automation would fire, without touching anything. */
export function createExplainer({ storage, runtime, limits, liveRuns, eventIds }: ExplainerOptions) {
  return async (compiled: CompiledAutomation, input: unknown): Promise<Explanation> => {
    const nowMs = runtime.now();
    const { event, issues } = parseEvent(input, nowMs, limits);
    if (event === undefined) throw invalidEvent(issues);
    // What the windows hold at the call is what is explained, however long the storage takes.
    const run = isRunEvent(event) ? liveRuns.peek(event, nowMs) : undefined;
    const isDuplicate = event.id !== undefined && eventIds.get(event.id)?.type === 'committed';
    const claim = cooldownClaim(compiled, event);
    const withoutCooldown = explain({ compiled, event, run, isDuplicate });
    const untilMs = claim === undefined ? undefined : await storage.claimedUntil(keys.claim(claim));
    const remainingMs = (untilMs ?? nowMs) - nowMs;
    if (remainingMs <= 0) return withoutCooldown;
    const reasons = [...withoutCooldown.reasons, { code: 'cooldown', remainingMs } as const];
    return { ...withoutCooldown, wouldFire: false, reasons };
  };
}
