import * as z from 'zod';
import { closedObject } from './closed-object.js';
import type { EventType } from './event-type.js';
import { eventTypeSchema } from './event-type-schema.js';
import { parseMetricPattern } from './metric-pattern.js';

const name = z.string().min(1).max(255);

/** The parts of a {@link MuteMatcher}, in the order in which they are told. */
const matcherParts = {
  metric: z.string().superRefine((text, context) => {
    const { issue } = parseMetricPattern(text);
    if (issue === undefined) return;
    context.addIssue({ code: 'custom', params: { code: issue.code }, message: issue.message });
  }),
  automationId: name,
  run: name,
  entity: name,
  project: name,
  registry: name,
  eventType: eventTypeSchema,
};

const partNames = Object.keys(matcherParts);

const matcherSchema = closedObject(matcherParts)
  .partial()
  .superRefine((matcher, context) => {
    // A key that is not known is told alone.
    if (Object.keys(matcher).length > 0 || context.issues.length > 0) return;
    const message = `Expected at least one of ${partNames.join(', ')}, got nothing`;
    context.addIssue({ code: 'custom', params: { code: 'required' }, message });
  });

/** No instant that a `Date` can hold is later. */
const latestMs = 8.64e15;

/** Whether it is yet to come depends on the clock, and is asked apart. */
export const muteSchema = closedObject({
  matcher: matcherSchema,
  until: z.int().max(latestMs),
  reason: z.string().min(1).max(1000),
}) as z.ZodType as z.ZodType<MuteDefinition>;

/** What a mute silences: all parts that are given must fit, and at least one is given. */
export interface MuteMatcher {
  /**
   * The metric: a name such as `payments.checkout.errors`, its first elements between dots, a glob such as `payments.*.errors`,
   * or RE2 between slashes; each matches the whole name. 1 to 1,000 characters. It is compared with the metric of an event about
   * an anomaly, and of other events with the metrics that the automation's filter names, of which one is enough.
   */
  readonly metric?: string | undefined;
  /** The automation; `run-alert` for the alerts that runs send straight to an integration. */
  readonly automationId?: string | undefined;
  /** The id of the run that the event is about. */
  readonly run?: string | undefined;
  /** The team that owns what the event is about. */
  readonly entity?: string | undefined;
  /** The project in which it happened. */
  readonly project?: string | undefined;
  /** The registry in which it happened. */
  readonly registry?: string | undefined;
  /** The type of the event. */
  readonly eventType?: EventType | undefined;
}

/** What `engine.mutes.create` takes. */
export interface MuteDefinition {
  /** What is silenced. */
  readonly matcher: MuteMatcher;
  /** When it ends, in epoch milliseconds, in the future. What matches at this very millisecond fires. */
  readonly until: number;
  /** Why, for those who wonder at the silence; 1 to 1,000 characters. */
  readonly reason: string;
}

/** A stored mute. It is never changed. */
export interface Mute extends MuteDefinition {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}
