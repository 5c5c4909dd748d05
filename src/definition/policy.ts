import * as z from 'zod';
import { closedObject } from './closed-object.js';
import { type Duration, durationMs, durationSchema } from './duration.js';
import { type EventType, eventFamily } from './event-type.js';
import { describeValue } from './path.js';

/**
 * What a policy counts by: once, or so many times, for each of these.
 *
 * | per | counts by | for events |
 * | --- | --- | --- |
 * | `automation` | the automation alone: once in all | all |
 * | `run` | once for each run | of runs |
 * | `run-state` | once for each state of a run | `run.state` |
 * | `collection` | once for each collection of a project or registry | of artifacts and collections |
 * | `metric` | once for each metric | of anomalies |
 * | `event` | once for each `id` of an event; one without an id is always a new one | all |
 */
export type PolicyPer = 'automation' | 'run' | 'run-state' | 'collection' | 'metric' | 'event';

const policyPers = ['automation', 'run', 'run-state', 'collection', 'metric', 'event'] as const;

const per = z.enum(policyPers satisfies readonly PolicyPer[]);

/** Each is a claim in the storage. */
const mostFirings = 100;

const rateLimitSchema = closedObject({
  max: z.int().min(1).max(mostFirings),
  window: durationSchema.refine((window) => durationMs(window) !== 0, {
    error: ({ input }) => `Expected more than 0 milliseconds, got ${describeValue(input)}`,
  }),
  per: per.optional(),
});

export const policySchema = closedObject({
  cooldown: durationSchema.optional(),
  per: per.optional(),
  rateLimit: rateLimitSchema.optional(),
});

/** How often an automation may fire at most. */
export interface RateLimit {
  /** How many firings, 1 to 100. */
  readonly max: number;
  /**
   * In which time, which slides: at no instant have there been more than `max` firings in the last `window`. Milliseconds
   * or a text such as `'1h'`, above 0 and up to 100 years.
   */
  readonly window: Duration;
  /** What the firings are counted for. @default 'automation' */
  readonly per?: PolicyPer | undefined;
}

/** When a match may fire. */
export interface Policy {
  /**
   * For how long after a firing further matches are skipped: milliseconds or a text such as `'24h'`, 0 to 100 years. With
   * 0 every match fires.
   *
   * @default '24h' for `run.metrics` and `run.state`, '1h' for `anomaly.detected`, 0 for all others
   */
  readonly cooldown?: Duration | undefined;
  /**
   * What the cooldown is counted for. It must be something that the trigger's events have.
   *
   * @default 'run' for `run.metrics`, 'run-state' for `run.state`, 'metric' for `anomaly.detected`, 'automation' for the
   * others
   */
  readonly per?: PolicyPer | undefined;
  /** How often it may fire at most, whatever the cooldown. @default no limit */
  readonly rateLimit?: RateLimit | undefined;
}

/** A cooldown with nothing left open. */
export interface CompleteCooldown {
  readonly cooldown: Duration;
  readonly per: PolicyPer;
}

/**
 * What holds where a definition says nothing.
 *
 * Run metrics: once per automation and run in 24 hours (W&B). Run states: once per automation, run and state in 24
 * hours; W&B says per run, which would swallow "finished" after "running". Anomalies: once per metric in an hour
 * (Skyline's usual EXPIRATION_TIME). Everything else: every match fires.
 */
export function defaultCooldown(type: EventType): CompleteCooldown {
  switch (type) {
    case 'run.metrics':
      return { cooldown: '24h', per: 'run' };
    case 'run.state':
      return { cooldown: '24h', per: 'run-state' };
    case 'anomaly.detected':
      return { cooldown: '1h', per: 'metric' };
    default:
      return { cooldown: 0, per: 'automation' };
  }
}

/** What a policy on events of this type can count by. */
export function fittingPers(type: EventType): readonly PolicyPer[] {
  return policyPers.filter((candidate) => policyFits(candidate, type));
}

/** Whether an event of this type has what the policy counts by. */
export function policyFits(per: PolicyPer, type: EventType): boolean {
  const family = eventFamily(type);
  switch (per) {
    case 'automation':
    case 'event':
      return true;
    case 'run':
      return family === 'run';
    case 'run-state':
      return type === 'run.state';
    case 'collection':
      return family === 'artifact' || family === 'collection';
    case 'metric':
      return type === 'anomaly.detected';
    default:
      return per satisfies never;
  }
}
