import { integrationIdOf } from '../../definition/action.js';
import type { Precondition, Step, Storage } from '../../ports/storage.js';
import type { Execution } from '../../record/execution.js';
import { putLocation, readThread, type ThreadRecord, threadKey, threadRecord } from '../../record/thread.js';

/** What is known of an execution's thread in its lane. */
export interface KnownThread {
  readonly record: ThreadRecord | undefined;
  /** That the record is still as it was read. */
  readonly condition: Precondition;
}

/** Something that is written along with the end of an execution. */
export type WrittenAlong = Required<Pick<Step, 'when' | 'write'>>;

/** Reads what is known of an execution's thread; `undefined` for one that belongs to none. */
export async function readKnownThread(
  storage: Storage,
  lane: string,
  { thread }: Execution,
): Promise<KnownThread | undefined> {
  if (thread === undefined) return undefined;
  const { kind, subject } = thread;
  const key = threadKey({ kind, subject, lane });
  const stored = await storage.get(key);
  return {
    record: stored === undefined ? undefined : readThread(stored),
    condition: { type: 'revision', key, revision: stored?.revision ?? 0 },
  };
}

/** Records that the message which arrived is the first one of its thread. */
export function openedThread(lane: string, execution: Execution, known: KnownThread | undefined): WrittenAlong {
  const { thread, action, receipt } = execution;
  const integrationId = integrationIdOf(action);
  if (known === undefined || thread === undefined || integrationId === undefined) return { when: [], write: [] };
  const { channelId, messageId } = receipt ?? {};
  const opened = threadRecord(execution, thread, { lane, integrationId });
  return { when: [known.condition], write: putLocation(known.record, opened, { channelId, messageId }) };
}
