import { integrationIdOf } from '../definition/action.js';
import type { Destination } from '../ports/delivery.js';
import type { LaneEntry, Write } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { storageKey } from '../record/keys.js';
import { timeOfId } from '../record/sortable-id.js';
import { waitingSince } from '../record/waiting-since.js';

const integrationPrefix = `${storageKey('integration')}/`;

/**
 * The lane of a destination: one channel, one order.
 *
 * @param destination - The channel; left out, the integration's own.
 */
function integrationLane(integrationId: string, destination?: Destination): string {
  return destination === undefined
    ? storageKey('integration', integrationId)
    : storageKey('integration', integrationId, channelOf(destination));
}

/** What channel ids look like; names have no capitals. */
const channelId = /^[CGD][A-Z0-9]{6,}$/;

/** One text for one channel, as far as can be told without asking. */
function channelOf(destination: Destination): string {
  const name = destination.channelId ?? destination.channel.trim().replace(/^#/, '');
  return destination.channelId !== undefined || channelId.test(name) ? name : name.toLowerCase();
}

/** The integration whose lane it is, whichever channel it leads to; `undefined` for a handler's. */
export function integrationOfLane(lane: string): string | undefined {
  // The engine's own ids stand in a key as they are.
  return lane.startsWith(integrationPrefix) ? lane.slice(integrationPrefix.length).split('/')[0] : undefined;
}

/** The lane in which an execution is carried out; `undefined` when it is done as soon as it is recorded. */
export function laneOf({ action, destination }: Pick<Execution, 'action' | 'destination'>): string | undefined {
  switch (action.type) {
    case 'notification':
    case 'webhook': {
      const integrationId = integrationIdOf(action);
      return integrationId === undefined ? undefined : integrationLane(integrationId, destination);
    }
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
  /** It goes nowhere else, however long it waits: it was sent on already, or makes no sense elsewhere. */
  readonly isBound: boolean;
  /** An attempt may have been made of which there is no record. */
  readonly isDoubtful: boolean;
  /** It adds a reaction, and stops no message. */
  readonly isReaction: boolean;
  /** It has let messages pass: how long it waits tells nothing of them. */
  readonly hasStoodAside: boolean;
}

/**
 * The write that puts an execution at the tail of its lane; none when it needs no delivery.
 *
 * @param isDoubtful - An attempt may have been made of which there is no record.
 */
export function appendToOutbox(execution: Execution, isDoubtful = false): Write[] {
  const lane = laneOf(execution);
  if (lane === undefined) return [];
  const { id, fallbackOf } = execution;
  const value = {
    executionId: id,
    waitingSince: waitingSince(execution),
    ...(fallbackOf === undefined ? {} : { isFallback: true }),
    ...(isBoundToThread(execution) ? { isBoundToThread: true } : {}),
    ...(execution.reaction === undefined ? {} : { isReaction: true }),
    ...(isDoubtful ? { isDoubtful } : {}),
  };
  return [{ type: 'append', lane, id, value }];
}

/** Whether an execution means nothing outside its thread: a reaction, or a reply that another message stands in for. */
export function isBoundToThread({ reaction, thread }: Pick<Execution, 'reaction' | 'thread'>): boolean {
  return reaction !== undefined || thread?.onlyInThread === true;
}

/** The same entry, of which an attempt may have been made without a record. */
export function doubtfulEntry({ id, value }: LaneEntry): LaneEntry {
  return { id, value: { ...value, isDoubtful: true } };
}

/** The writes that put an entry behind all others of its lane. */
export function behindAll(lane: string, { id, value }: LaneEntry): readonly Write[] {
  return [
    { type: 'remove', lane, id },
    { type: 'append', lane, id, value: { ...value, hasStoodAside: true } },
  ];
}

/** Reads what {@link appendToOutbox} wrote. */
export function readEntry({ id, value }: LaneEntry): OutboxEntry {
  const { executionId, waitingSince: since, isFallback, isBoundToThread: isOfThread } = value;
  return {
    id,
    executionId: String(executionId),
    waitingSinceMs: typeof since === 'number' ? since : timeOfId(id),
    isBound: isFallback === true || isOfThread === true,
    isDoubtful: value['isDoubtful'] === true,
    isReaction: value['isReaction'] === true,
    hasStoodAside: value['hasStoodAside'] === true,
  };
}
