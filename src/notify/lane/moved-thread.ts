import { integrationIdOf } from '../../definition/action.js';
import type { Storage } from '../../ports/storage.js';
import type { Execution } from '../../record/execution.js';
import { keys } from '../../record/keys.js';
import { fromStored } from '../../record/stored.js';
import { readThread, type ThreadRecord, threadKey } from '../../record/thread.js';
import { integrationOfLane, isBoundToThread, laneOf } from '../outbox.js';

/** Where the first message of a thread has gone, if not to its own channel. */
type MovedThread =
  /** It stands in another channel of the integration. */
  | { readonly type: 'found'; readonly record: ThreadRecord }
  /** It is on its way to another channel: to be looked at again after so long, in milliseconds. */
  | { readonly type: 'awaited'; readonly delayMs: number };

/** Between two looks passes as long again as it has waited already, within these bounds in milliseconds. */
const shortestMs = 1000;
const longestMs = 300_000;

/** So long a reply waits, in milliseconds: messages wait behind it. A reaction stops none. */
const replyWaitsMs = 60_000;

/**
 * Looks where the message has gone to which a reaction or a bound reply belongs: its channel may have refused it, and then it
 * stands in the default channel.
 *
 * @param own - The thread in the execution's own lane; it has no location.
 * @returns `undefined` when it has gone nowhere that the execution's integration could reach.
 */
export async function findMovedThread(
  storage: Storage,
  execution: Execution,
  own: ThreadRecord | undefined,
  nowMs: number,
): Promise<MovedThread | undefined> {
  if (own === undefined || !isBoundToThread(execution)) return undefined;
  const successor = await successorOf(storage, own.openedBy);
  const lane = successor === undefined ? undefined : laneOf(successor);
  // Ids of another integration mean nothing to this one.
  if (lane === undefined || integrationOfLane(lane) !== integrationIdOf(execution.action)) return undefined;
  if (successor?.status === 'pending') return awaited(execution, nowMs - successor.createdAt);
  const stored = await storage.get(threadKey({ ...own, lane }));
  const record = stored === undefined ? undefined : readThread(stored);
  return record?.location === undefined ? undefined : { type: 'found', record };
}

function awaited({ reaction }: Execution, waitedMs: number): MovedThread | undefined {
  const delayMs = Math.min(Math.max(waitedMs, shortestMs), longestMs);
  if (reaction !== undefined) return { type: 'awaited', delayMs };
  const leftMs = replyWaitsMs - waitedMs;
  return leftMs > 0 ? { type: 'awaited', delayMs: Math.min(delayMs, leftMs) } : undefined;
}

/** The execution that brings an alert elsewhere. */
async function successorOf(storage: Storage, openedBy: string): Promise<Execution | undefined> {
  const opener = await readExecution(storage, openedBy);
  return opener?.fallbackExecutionId === undefined ? undefined : readExecution(storage, opener.fallbackExecutionId);
}

async function readExecution(storage: Storage, id: string): Promise<Execution | undefined> {
  const record = await storage.get(keys.execution(id));
  return record === undefined ? undefined : fromStored<Execution>(record.value);
}
