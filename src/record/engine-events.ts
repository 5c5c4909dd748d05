import type { Integration } from '../definition/integration.js';
import type { TocsinError } from '../errors.js';
import type { Attempt, Execution, SkipReason } from './execution.js';

/** What `engine.on` can listen for, and what a listener is given. */
export interface EngineEvents {
  /** A match has fired; its execution is committed. */
  'execution-created': (execution: Execution) => void;
  /** The action is done; for a notification, it has arrived. */
  'execution-finished': (execution: Execution) => void;
  /** The action could not be done, and is not tried again. Without a listener it goes to the logger. */
  'execution-failed': (execution: Execution) => void;
  /** A match did not fire. */
  'execution-skipped': (skip: SkippedMatch) => void;
  /** An attempt to deliver has been made, well or not. */
  'delivery-attempted': (attempted: DeliveryAttempted) => void;
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

/** Something that a person should know. */
export interface EngineWarning {
  readonly code: 'run_evicted' | 'undelivered_lost';
  readonly message: string;
}

/** Tells the host's listeners. What a listener throws never comes back. */
export type Announce = <Name extends keyof EngineEvents>(
  name: Name,
  payload: Parameters<EngineEvents[Name]>[0],
) => void;
