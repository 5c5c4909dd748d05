import type { Action } from '../definition/action.js';
import type { DeliveryFaultKind } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { Destination, Receipt } from '../ports/delivery.js';
import type { Message } from '../ports/message.js';
import type { ExecutionThread } from './execution-thread.js';

/**
 * How an execution stands: `pending` until its action is done, then `finished` or `failed`; `skipped` when a policy
 * said no; `cancelled` when it was called off before it was delivered.
 */
export type ExecutionStatus = 'pending' | 'finished' | 'failed' | 'skipped' | 'cancelled';

/** Every status. */
export const executionStatuses = [
  'pending',
  'finished',
  'failed',
  'skipped',
  'cancelled',
] as const satisfies readonly ExecutionStatus[];

/** Why a match did not fire. */
export type SkipReason =
  | 'cooldown'
  | 'rate_limited'
  | 'never_enough_samples'
  | 'muted'
  | 'already_posted'
  | 'no_routing';

/** Why an execution ended otherwise than finished. `docs/errors.md` says of each what it means. */
export type ExecutionReason =
  | SkipReason
  | 'message_refused'
  | 'gave_up'
  | 'integration_deleted'
  | 'integration_not_owned'
  | 'delivery_missing'
  | 'handler_missing'
  | 'handler_not_allowed'
  | 'automation_disabled'
  | 'automation_deleted'
  | 'cancelled_by_hand'
  | 'sent_to_fallback'
  | 'channel_refused'
  | 'no_thread'
  | 'not_supported';

/** The record of one firing or of one kind of skip: what rang, why, and what became of it. */
export interface Execution {
  /** Sortable: a later execution has a larger id. */
  readonly id: string;
  /** The automation; `run-alert` for an alert that a run sent straight to its own integration, `notice` for a message of the engine's own. */
  readonly automationId: string;
  readonly automationName: string;
  /** The automation's revision at the match. */
  readonly automationRevision: number;
  readonly status: ExecutionStatus;
  readonly reason?: ExecutionReason | undefined;
  /** More about the reason, for a person: which window had how many values. */
  readonly detail?: string | undefined;
  /** How many matches this record stands for; more than 1 only for skips, of which equal ones are counted. */
  readonly count: number;
  /** When it matched, in epoch milliseconds; for counted skips, first. */
  readonly createdAt: number;
  /** When it last changed, in epoch milliseconds. */
  readonly updatedAt: number;
  /** The event that matched. NaN and the infinities stand as texts. */
  readonly event: JsonObject;
  /** json-rules-engine's result: the conditions, with what each compared and how it came out. */
  readonly conditions?: JsonObject | undefined;
  /** Whose automation it is: it may use only integrations of this entity, and shared ones. */
  readonly entity?: string | undefined;
  /** The action as it was at the match. */
  readonly action: Action;
  /** The notification as it was at the match. */
  readonly message?: Message | undefined;
  /** The channel that it goes to, where routing chose one beside the integration's own. */
  readonly destination?: Destination | undefined;
  /** Where its message goes if that channel refuses it: the default channel of the routing, where it is another one. */
  readonly defaultDestination?: Destination | undefined;
  /** The thread that it belongs to. */
  readonly thread?: ExecutionThread | undefined;
  /** It adds this reaction to the first message of its thread, instead of posting a message. */
  readonly reaction?: string | undefined;
  /** The payload of a webhook action as it was at the match; where a secret stands, `[redacted]`. */
  readonly payload?: JsonValue | undefined;
  /** The values of the variables of a payload that has secrets in it, from which it is written at each attempt. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** The attempts to deliver, in order: all of them up to 500, of more the first 100 and the last 400. */
  readonly attempts: readonly Attempt[];
  /** How many attempts are left out behind the first 100. */
  readonly attemptsLeftOut?: number | undefined;
  /**
   * It ended without being tried, but before, a process may have tried it and died without a record of that: it may have
   * arrived. `executions.retry` looks for it first.
   */
  readonly mayHaveArrived?: boolean | undefined;
  /**
   * When somebody last called for it again with `executions.retry`, in epoch milliseconds: how long it waits counts from
   * then.
   */
  readonly retriedAt?: number | undefined;
  /**
   * The execution whose message this one brings elsewhere: to a fallback, because it has waited too long for its own integration, or to
   * the default channel, because its own channel refused it.
   */
  readonly fallbackOf?: string | undefined;
  /** Of one with the reason `sent_to_fallback`, and mostly of one with `channel_refused`: the execution that brings its message elsewhere. */
  readonly fallbackExecutionId?: string | undefined;
  /** What the destination answered. */
  readonly receipt?: Receipt | undefined;
}

/** One attempt to deliver. */
export interface Attempt {
  /** When it began, in epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  readonly outcome: 'delivered' | 'failed';
  readonly kind?: DeliveryFaultKind | undefined;
  /** The destination's own name of the error, such as `channel_not_found`, up to 1,024 characters; 128 as of `message`. */
  readonly error?: string | undefined;
  /** What happened, for a person, up to 4,096 characters; between the first 10 and the last 10 attempts 128. */
  readonly message?: string | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** It may have arrived all the same. */
  readonly ambiguous?: boolean | undefined;
  /** What the destination answered, up to 4,096 characters; kept of the first 10 and the last 10 attempts. */
  readonly body?: string | undefined;
  /** It answered with the body of the attempt before, which is not kept twice. */
  readonly isSameBody?: boolean | undefined;
  /** It arrived, and an earlier attempt may have arrived too: the destination could not be asked. */
  readonly mayBeDuplicate?: boolean | undefined;
  /** It was sent as plain text, because the destination had refused the layout. */
  readonly plainText?: boolean | undefined;
  /** It was a reply, and refused as one: the next attempt is a message of its own, that says what it refers to. */
  readonly threadRefused?: boolean | undefined;
  /** After how long the next attempt is made, in milliseconds. */
  readonly retryInMs?: number | undefined;
}
