import type { Delivery, ThreadReference } from '../ports/delivery.js';
import type { MessageField } from '../ports/message.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import type { ExecutionThread } from '../record/execution-thread.js';
import type { ThreadRecord } from '../record/thread.js';

/** Where an execution's message or reaction goes, as its thread is known now. */
export type ThreadPlace =
  /** To a message that is there: a reply, or a reaction. */
  | { readonly type: 'reply'; readonly thread: ThreadReference }
  /** Into the channel, as a message of its own. */
  | {
      readonly type: 'alone';
      /** What it refers to, since it does not stand there. */
      readonly reference: readonly MessageField[];
      /** It is the thread's first message then. */
      readonly opens: boolean;
      /** What a person should know. */
      readonly note?: string | undefined;
    }
  /** It is left out. */
  | { readonly type: 'nowhere'; readonly reason: Extract<ExecutionReason, 'no_thread' | 'not_supported'> };

const outsideThreads: ThreadPlace = Object.freeze({ type: 'alone', reference: [], opens: false });

const noThread: ThreadPlace = Object.freeze({ type: 'nowhere', reason: 'no_thread' });

const notSupported: ThreadPlace = Object.freeze({ type: 'nowhere', reason: 'not_supported' });

/**
 * Says where an execution goes.
 *
 * @param record - What is known of its thread at its destination.
 * @param delivery - The adapter that carries it.
 */
export function placeOf(execution: Execution, record: ThreadRecord | undefined, delivery: Delivery): ThreadPlace {
  if (execution.reaction !== undefined) return placeOfReaction(execution, record, delivery);
  const { thread } = execution;
  if (thread === undefined) return outsideThreads;
  if (thread.role === 'open') return { type: 'alone', reference: [], opens: true };
  const isRefused = isReplyRefused(execution);
  const location = isTooOld(execution, record) ? undefined : record?.location;
  if (location !== undefined && !isRefused) {
    if (delivery.capabilities?.threads !== true) return besideThread(thread, delivery);
    const parent = referenceTo(record);
    if (parent !== undefined) return { type: 'reply', thread: parent };
  }
  return withoutParent(thread, isRefused);
}

function placeOfReaction(execution: Execution, record: ThreadRecord | undefined, delivery: Delivery): ThreadPlace {
  if (delivery.capabilities?.reactions !== true || delivery.react === undefined) return notSupported;
  const parent = isTooOld(execution, record) ? undefined : referenceTo(record);
  return parent === undefined ? noThread : { type: 'reply', thread: parent };
}

/** Its thread is there, but the destination has no replies. */
function besideThread({ reference = [], onlyInThread }: ExecutionThread, delivery: Delivery): ThreadPlace {
  if (onlyInThread === true) return notSupported;
  const note = `posted on its own: ${delivery.name} has no threads`;
  return { type: 'alone', reference, opens: false, note };
}

/** There is no message to reply to, or none any more. */
function withoutParent({ role, reference = [], onlyInThread }: ExecutionThread, isRefused: boolean): ThreadPlace {
  if (onlyInThread === true) return noThread;
  const isFirst = role === 'join';
  return { type: 'alone', reference: isFirst && !isRefused ? [] : reference, opens: isFirst };
}

function isTooOld({ createdAt, thread }: Execution, record: ThreadRecord | undefined): boolean {
  if (thread?.maxAgeMs === undefined || record === undefined) return false;
  return createdAt - record.openedAt > thread.maxAgeMs;
}

function referenceTo(record: ThreadRecord | undefined): ThreadReference | undefined {
  const { channelId, messageId } = record?.location ?? {};
  return channelId === undefined || messageId === undefined ? undefined : { channelId, messageId };
}

/** Whether it was refused as a reply since it waits. */
function isReplyRefused({ attempts, retriedAt = 0 }: Execution): boolean {
  return attempts.some(({ threadRefused, at }) => threadRefused === true && at >= retriedAt);
}
