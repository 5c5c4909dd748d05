import { ownerOf } from '../definition/automation.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { keys } from '../record/keys.js';
import type { FindMute } from '../record/mute-table.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { metricsOf } from './candidate.js';
import { cooldownClaim, rateLimitSlots, type Slots, slotKey } from './claims.js';
import { eventIdOf } from './event-ids.js';
import type { Explanation, ExplanationReason } from './explanation.js';
import type { Foresee } from './foresee.js';
import type { TargetSource } from './targets.js';

/** What {@link createExplainer} works with. */
export interface ExplainerOptions {
  readonly foresee: Foresee;
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly mutes: FindMute;
  readonly targets: TargetSource;
}

/** Makes the function that says whether an automation would fire, without touching anything. */
export function createExplainer({ foresee, storage, runtime, mutes, targets }: ExplainerOptions) {
  const leftMs = async (key: string): Promise<number> => {
    const untilMs = await storage.claimedUntil(keys.claim(key));
    return untilMs === undefined ? 0 : Math.max(0, untilMs - runtime.now());
  };

  /** How long until the first slot is free; 0 when one is. */
  const limitLeftMs = async (slots: Slots): Promise<number> => {
    const all = Array.from({ length: slots.max }, (_, slot) => leftMs(slotKey(slots, slot)));
    return Math.min(...(await Promise.all(all)));
  };

  /** An earlier process may have fired on it. */
  const hasFired = async (event: ParsedEvent): Promise<boolean> => {
    const id = eventIdOf(event);
    if (id === undefined) return false;
    const untilMs = await storage.claimedUntil(keys.event(id));
    return untilMs !== undefined && untilMs > runtime.now();
  };

  const lacksRouting = ({ automation }: CompiledAutomation): boolean => {
    const { action } = automation;
    return (
      action.type === 'notification' && action.routing === true && targets.routing(ownerOf(automation)) === undefined
    );
  };

  return async (compiled: CompiledAutomation, input: unknown): Promise<Explanation> => {
    const { event, explanation } = foresee(compiled, input);
    const { id: automationId } = compiled.automation;
    const mute = mutes.find({ event, automationId, metrics: metricsOf(compiled, event) }, runtime.now());
    const cooldown = cooldownClaim(compiled, event);
    const slots = rateLimitSlots(compiled, event);
    const [cooldownMs, limitMs] = await Promise.all([
      cooldown === undefined ? 0 : leftMs(cooldown.key),
      slots === undefined ? 0 : limitLeftMs(slots),
    ]);
    const reasons: ExplanationReason[] = [...explanation.reasons];
    const isKnown = reasons.some(({ code }) => code === 'duplicate');
    if (!isKnown && (await hasFired(event))) reasons.push({ code: 'duplicate' });
    if (lacksRouting(compiled)) reasons.push({ code: 'no_routing' });
    if (mute !== undefined) reasons.push({ code: 'muted', mute });
    if (cooldownMs > 0) reasons.push({ code: 'cooldown', remainingMs: cooldownMs });
    if (limitMs > 0) reasons.push({ code: 'rate_limited', remainingMs: limitMs });
    return { ...explanation, wouldFire: reasons.length === 0, reasons };
  };
}
