import type { PolicyPer } from '../definition/policy.js';
import { isRunEvent, type ParsedEvent, runKey } from '../event/parsed-event.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';

/** Something that must be free for a match to fire, and is held for a time afterwards. */
export interface Claim {
  /** Its name in the storage. */
  readonly key: string;
  /** What it is about. */
  readonly subject: string;
  /** Which cooldown of which automation it is. */
  readonly holder: string;
  readonly holdMs: number;
  /** Why what it holds back is skipped. @default 'cooldown' */
  readonly reason?: 'already_posted' | undefined;
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
  const { per, ms: holdMs, holder } = cooldown;
  const subject = subjectOf(per, event);
  if (holdMs === 0 || subject === undefined) return undefined;
  return { subject, holder, key: JSON.stringify(['cooldown', automation.id, per, subject]), holdMs };
}

/** The slots of a rate limit; `undefined` when there is none. */
export function rateLimitSlots({ automation, rateLimit }: CompiledAutomation, event: ParsedEvent): Slots | undefined {
  if (rateLimit === undefined) return undefined;
  const { max, windowMs, per } = rateLimit;
  const subject = subjectOf(per, event);
  if (subject === undefined) return undefined;
  return { key: JSON.stringify(['rate-limit', automation.id, per, subject]), max, holdMs: windowMs };
}

/** The key of one slot, from 0. */
export function slotKey({ key }: Slots, slot: number): string {
  return JSON.stringify([key, slot]);
}

/**
 * What a policy counts for, as a text; `undefined` when this event stands for itself.
 *
 * @param run - The event's run where it is at hand: it remembers its key.
 */
export function subjectOf(
  per: PolicyPer,
  event: ParsedEvent,
  run?: { readonly key: string } | undefined,
): string | undefined {
  switch (per) {
    case 'automation':
      return '';
    case 'run':
      return run?.key ?? (isRunEvent(event) ? runKey(event) : '');
    case 'run-state':
      return event.type === 'run.state' ? JSON.stringify([runKey(event), event.state]) : '';
    case 'collection': {
      const { entity, project, registry, collection } = event.place;
      return JSON.stringify([entity, project ?? '', registry ?? '', collection]);
    }
    case 'metric': {
      const { entity, project, registry } = event.place;
      const metric = event.type === 'anomaly.detected' ? event.metric : undefined;
      return JSON.stringify([entity, project ?? '', registry ?? '', metric]);
    }
    case 'event':
      return event.id;
    default:
      return per satisfies never;
  }
}
