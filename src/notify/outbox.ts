import type { Action } from '../definition/action.js';
import type { LaneEntry, Write } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { storageKey } from '../record/keys.js';
import { timeOfId } from '../record/sortable-id.js';
import { waitingSince } from '../record/waiting-since.js';

const integrationPrefix = `${storageKey('integration')}/`;

/** The lane of an integration: one destination, one order. */
export function integrationLane(integrationId: string): string {
  return storageKey('integration', integrationId);
}

/** The integration whose lane it is; `undefined` for a handler's. */
export function integrationOfLane(lane: string): string | undefined {
  // The engine's own ids stand in a key as they are.
  return lane.startsWith(integrationPrefix) ? lane.slice(integrationPrefix.length) : undefined;
}

/** The lane in which an action is carried out; `undefined` when it is done as soon as it is recorded. */
export function laneOf(action: Action): string | undefined {
  switch (action.type) {
    case 'notification':
    case 'webhook':
      return integrationLane(action.integrationId);
    case 'handler':
      return storageKey('handler', action.name);
    case 'none':
      return undefined;
    default:
      return action satisfies never;
  }
}

/** What stands in a lane: enough to tell who waits too long without reading every record. */
interface OutboxEntry {
  readonly id: string;
  readonly executionId: string;
  /** Since when it waits, in epoch milliseconds. */
  readonly waitingSinceMs: number;
  /** It goes to a fallback already. */
  readonly isFallback: boolean;
  /** An attempt may have been made of which there is no record. */
  readonly isDoubtful: boolean;
}

/**
 * The write that puts an execution at the tail of its lane; none when it needs no delivery.
 *
 * @param isDoubtful - An attempt may have been made of which there is no record.
 */
export function appendToOutbox(execution: Execution, isDoubtful = false): Write[] {
  const lane = laneOf(execution.action);
  if (lane === undefined) return [];
  const { id, fallbackOf } = execution;
  const value = {
    executionId: id,
    waitingSince: waitingSince(execution),
    ...(fallbackOf === undefined ? {} : { isFallback: true }),
    ...(isDoubtful ? { isDoubtful } : {}),
  };
  return [{ type: 'append', lane, id, value }];
}

/** The same entry, of which an attempt may have been made without a record. */
export function doubtfulEntry({ id, value }: LaneEntry): LaneEntry {
  return { id, value: { ...value, isDoubtful: true } };
}

/** Reads what {@link appendToOutbox} wrote. */
export function readEntry({ id, value }: LaneEntry): OutboxEntry {
  const { executionId, waitingSince: since, isFallback, isDoubtful } = value;
  return {
    id,
    executionId: String(executionId),
    waitingSinceMs: typeof since === 'number' ? since : timeOfId(id),
    isFallback: isFallback === true,
    isDoubtful: isDoubtful === true,
  };
}
