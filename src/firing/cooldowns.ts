import { isRunEvent, type ParsedEvent, runKey } from '../event/parsed-event.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';

/**
 * What a cooldown is counted for, as a text: the automation, and what its policy says besides.
 *
 * @returns `undefined` when every match fires.
 */
export function cooldownClaim(
  { automation, cooldownMs, per }: CompiledAutomation,
  event: ParsedEvent,
): string | undefined {
  if (cooldownMs === 0) return undefined;
  return JSON.stringify(['cooldown', automation.id, per, ...countedFor(per, event)]);
}

function countedFor(per: CompiledAutomation['per'], event: ParsedEvent): readonly (string | undefined)[] {
  switch (per) {
    case 'automation':
      return [];
    case 'run':
      return [isRunEvent(event) ? runKey(event) : undefined];
    case 'run-state':
      return event.type === 'run.state' ? [runKey(event), event.state] : [];
    case 'collection': {
      const { entity, project, registry, collection } = event.place;
      return [entity, project ?? '', registry ?? '', collection];
    }
    default:
      return per satisfies never;
  }
}

/** Remembers which claims are known to be held, so that a cooldown costs no question to the storage. */
export interface HeldClaims {
  /** Until when a claim is held, or `undefined` when it is not known to be. */
  heldUntil(claim: string, nowMs: number): number | undefined;
  hold(claim: string, untilMs: number): void;
}

/** How many are remembered; the storage knows the rest. */
const mostHeld = 100_000;

/** Makes an empty memory. The storage decides; what is here only spares asking it. */
export function createHeldClaims(): HeldClaims {
  const held = new Map<string, number>();
  return {
    heldUntil(claim, nowMs) {
      const untilMs = held.get(claim);
      if (untilMs === undefined || untilMs > nowMs) return untilMs;
      held.delete(claim);
      return undefined;
    },
    hold(claim, untilMs) {
      held.delete(claim);
      held.set(claim, untilMs);
      if (held.size <= mostHeld) return;
      const [oldest] = held.keys();
      if (oldest !== undefined) held.delete(oldest);
    },
  };
}
