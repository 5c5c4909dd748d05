import type { PolicyPer } from '../definition/policy.js';
import { isRunEvent, type ParsedEvent, runKey } from '../event/parsed-event.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';

/** Something that must be free for a match to fire, and is held for a time afterwards. */
export interface Claim {
  readonly key: string;
  readonly holdMs: number;
}

/** So many claims of one kind, of which one must be free: no more than their number are ever held at once. */
export interface Slots {
  /** The same for all of them; tells one limit from another. */
  readonly key: string;
  readonly max: number;
  readonly holdMs: number;
}

/** The claim of a cooldown; `undefined` when every match fires. */
export function cooldownClaim({ automation, cooldown }: CompiledAutomation, event: ParsedEvent): Claim | undefined {
  const subject = subjectOf(cooldown.per, event);
  if (cooldown.ms === 0 || subject === undefined) return undefined;
  return { key: JSON.stringify(['cooldown', automation.id, cooldown.per, ...subject]), holdMs: cooldown.ms };
}

/** The slots of a rate limit; `undefined` when there is none. */
export function rateLimitSlots({ automation, rateLimit }: CompiledAutomation, event: ParsedEvent): Slots | undefined {
  if (rateLimit === undefined) return undefined;
  const { max, windowMs, per } = rateLimit;
  const subject = subjectOf(per, event);
  if (subject === undefined) return undefined;
  return { key: JSON.stringify(['rate-limit', automation.id, per, ...subject]), max, holdMs: windowMs };
}

/** The key of one slot, from 0. */
export function slotKey({ key }: Slots, slot: number): string {
  return JSON.stringify([key, slot]);
}

/** What a policy counts for, as parts of a key; `undefined` when this event stands for itself. */
function subjectOf(per: PolicyPer, event: ParsedEvent): readonly (string | undefined)[] | undefined {
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
    case 'metric': {
      const { entity, project, registry } = event.place;
      return [entity, project ?? '', registry ?? '', event.type === 'anomaly.detected' ? event.metric : undefined];
    }
    case 'event':
      return event.id === undefined ? undefined : [event.id];
    default:
      return per satisfies never;
  }
}
