import * as z from 'zod';
import { type Duration, durationSchema } from './duration.js';
import { type EventType, isRunEventType } from './event-type.js';

/**
 * What a cooldown is counted for: once in its time for each of these.
 *
 * | per | counts by | for events |
 * | --- | --- | --- |
 * | `automation` | the automation alone: once in all | all |
 * | `run` | once for each run | of runs |
 * | `run-state` | once for each state of a run | `run.state` |
 * | `collection` | once for each collection of a project or registry | of artifacts |
 */
export type PolicyPer = 'automation' | 'run' | 'run-state' | 'collection';

const policyPers = ['automation', 'run', 'run-state', 'collection'] as const satisfies readonly PolicyPer[];

export const policySchema = z.strictObject({
  cooldown: durationSchema.optional(),
  per: z.enum(policyPers).optional(),
});

/** When a match may fire. */
export interface Policy {
  /**
   * For how long after a firing further matches are skipped: milliseconds or a text such as `'24h'`, 0 to 100 years. With
   * 0 every match fires.
   *
   * @default '24h' for `run.metrics` and `run.state`, 0 for `run.alert` and events of artifacts
   */
  readonly cooldown?: Duration | undefined;
  /**
   * What the cooldown is counted for. It must be something that the trigger's events have.
   *
   * @default 'run' for `run.metrics`, 'run-state' for `run.state`, 'automation' for the others
   */
  readonly per?: PolicyPer | undefined;
}

/** A policy with nothing left open. */
export type CompletePolicy = Required<{ readonly [Key in keyof Policy]: NonNullable<Policy[Key]> }>;

/**
 * What holds where a definition says nothing.
 *
 * Run metrics: once per automation and run in 24 hours (W&B). Run states: once per automation, run and state in 24
 * hours; W&B says per run, which would swallow "finished" after "running". Everything else: every match fires.
 */
export function defaultPolicy(type: EventType): CompletePolicy {
  switch (type) {
    case 'run.metrics':
      return { cooldown: '24h', per: 'run' };
    case 'run.state':
      return { cooldown: '24h', per: 'run-state' };
    case 'run.alert':
    case 'artifact.created':
    case 'artifact.alias-added':
      return { cooldown: 0, per: 'automation' };
    default:
      return type satisfies never;
  }
}

/** Whether an event of this type has what the policy counts by. */
export function policyFits(per: PolicyPer, type: EventType): boolean {
  switch (per) {
    case 'automation':
      return true;
    case 'run':
      return isRunEventType(type);
    case 'run-state':
      return type === 'run.state';
    case 'collection':
      return !isRunEventType(type);
    default:
      return per satisfies never;
  }
}
