import type { Integration } from '../definition/integration.js';
import type { TocsinError } from '../errors.js';
import type { Attempt, Execution, SkipReason } from './execution.js';

/** What `engine.on` can listen for, and what a listener is given. */
export interface EngineEvents {
  /** A match has fired, a message goes to a fallback (`fallbackOf`), or a notice is sent; the execution is committed. */
  'execution-created': (execution: Execution) => void;
  /** The action is done; for a notification, it has arrived. */
  'execution-finished': (execution: Execution) => void;
  /** The action could not be done, and is not tried again. Without a listener it goes to the logger. */
  'execution-failed': (execution: Execution) => void;
  /** A match did not fire. */
  'execution-skipped': (skip: SkippedMatch) => void;
  /** An attempt to deliver has been made, well or not. */
  'delivery-attempted': (attempted: DeliveryAttempted) => void;
  /**
   * A message waits longer than `lagMs` for its destination or handler; said once until nothing waits so long there any
   * more. Without a listener it goes to the logger.
   */
  'delivery-lagging': (lagging: DeliveryLagging) => void;
  /** A destination refused its credential or channel for good; its messages wait until it is enabled again. Without a
   * listener it goes to the logger. */
  'integration-disabled': (integration: Integration) => void;
  /** Something that a person should know. Without a listener it goes to the logger. */
  warning: (warning: EngineWarning) => void;
  /** Something went wrong where there was nobody to throw to. Without a listener it goes to the logger. */
  error: (error: TocsinError) => void;
}

/** A match that did not fire. */
export interface SkippedMatch {
  readonly automationId: string;
  readonly reason: SkipReason;
}

/** An attempt to deliver. */
export interface DeliveryAttempted {
  readonly executionId: string;
  readonly attempt: Attempt;
}

/** Messages that wait too long for one destination, or calls for one handler. */
export interface DeliveryLagging {
  /** The integration whose messages wait. */
  readonly integrationId?: string | undefined;
  /** The channel for which they wait, where routing chose one. */
  readonly channel?: string | undefined;
  /** The handler whose calls wait. */
  readonly handler?: string | undefined;
  /** The execution that waits longest. */
  readonly executionId: string;
  /** Since when it waits, in epoch milliseconds: since its commit, or since it was last retried. */
  readonly waitingSince: number;
  readonly waitedMs: number;
  /** How many wait there, as far as this process knows; at least 1. */
  readonly undelivered: number;
  /**
   * Why: the last attempt's error, such as `connection_refused`; `integration_disabled`; `delivery_missing` or `handler_missing`
   * when no process that works on it was given the adapter or function; `in_progress` when an attempt goes on and on; `pacing`
   * when there are more messages than may go.
   */
  readonly reason: string;
}

/** Something that a person should know. */
export interface EngineWarning {
  readonly code: 'run_evicted' | 'run_owned_elsewhere' | 'undelivered_lost';
  readonly message: string;
}

/** Tells the host's listeners. What a listener throws never comes back. */
export type Announce = <Name extends keyof EngineEvents>(
  name: Name,
  payload: Parameters<EngineEvents[Name]>[0],
) => void;
