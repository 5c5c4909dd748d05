import type { Destination } from '../ports/delivery.js';
import type { StoredRecord, Write } from '../ports/storage.js';
import type { Execution } from './execution.js';
import type { ExecutionThread, ThreadKind } from './execution-thread.js';
import { storageKey } from './keys.js';
import { fromStored, toStored } from './stored.js';

/** What is known of a thread at one destination. */
export interface ThreadRecord {
  readonly kind: ThreadKind;
  readonly subject: string;
  /** The lane of the destination. */
  readonly lane: string;
  /** Whose message opens it. */
  readonly automationId: string;
  readonly automationName: string;
  readonly automationRevision: number;
  readonly entity?: string | undefined;
  readonly integrationId: string;
  readonly destination?: Destination | undefined;
  /** The execution that opens it. */
  readonly openedBy: string;
  /** The execution that opened it at first; another one where it went to a fallback. */
  readonly alertId: string;
  /** It was sent by routing, which says what is told of it. */
  readonly isRouted?: boolean | undefined;
  /** When that was committed, in epoch milliseconds. */
  readonly openedAt: number;
  /** Where its first message stands, once it has arrived. */
  readonly location?: ThreadLocation | undefined;
  /** Further keys that lead to it, and go with it. */
  readonly names?: readonly string[] | undefined;
}

/** Where the first message of a thread stands. Without ids: it has arrived, at a destination that has no threads. */
export interface ThreadLocation {
  readonly channelId?: string | undefined;
  readonly messageId?: string | undefined;
}

/** Where a thread is recorded. */
export function threadKey({ kind, subject, lane }: Pick<ThreadRecord, 'kind' | 'subject' | 'lane'>): string {
  return storageKey('thread', kind, subject, lane);
}

/** The prefix of one subject's threads at all destinations. */
export function threadsOf(kind: ThreadKind, subject: string): string {
  return `${storageKey('thread', kind, subject)}/`;
}

/** How the keys of threads by their age begin: the id of the execution that opened them follows. */
export const threadAges = 'thread-age/';

/** What is known of a thread when the execution is committed that may open it. */
export function threadRecord(
  execution: Execution,
  { kind, subject, names, isRouted }: ExecutionThread,
  { lane, integrationId }: Pick<ThreadRecord, 'lane' | 'integrationId'>,
): ThreadRecord {
  const { id, automationId, automationName, automationRevision, entity, destination, createdAt, fallbackOf } =
    execution;
  return {
    kind,
    subject,
    lane,
    automationId,
    automationName,
    automationRevision,
    entity,
    integrationId,
    destination,
    openedBy: id,
    alertId: fallbackOf ?? id,
    openedAt: createdAt,
    ...(isRouted === undefined ? {} : { isRouted }),
    ...(names === undefined ? {} : { names }),
  };
}

/** Records a thread with the names that lead to it, and by its age, so that it can be let go. */
export function putThread(record: ThreadRecord): Write[] {
  const key = threadKey(record);
  return [{ type: 'put', key, value: toStored(record) }, ...putNames(record, [key])];
}

/** Records names alone that lead to a thread which is there already. */
export function putThreadNames(record: ThreadRecord): Write[] {
  return record.names === undefined ? [] : putNames(record, []);
}

/** What leads to a thread, and who opened it when it was written. */
export type ThreadName = Pick<ThreadRecord, 'kind' | 'subject' | 'openedBy' | 'alertId'>;

/** @param keys - What goes with the names in time, if it is still of the same execution. */
function putNames(record: ThreadRecord, keys: readonly string[]): Write[] {
  const { kind, subject, openedBy, alertId, names = [] } = record;
  const name: ThreadName = { kind, subject, openedBy, alertId };
  return [
    ...names.map((key): Write => ({ type: 'put', key, value: toStored(name) })),
    { type: 'put', key: ageKey(record), value: toStored({ openedBy, keys: [...keys, ...names] }) },
  ];
}

/** Where a thread is recorded by its age. */
function ageKey(record: ThreadRecord): string {
  return `${threadAges}${storageKey(record.openedBy, threadKey(record))}`;
}

/**
 * Records where the first message of a thread stands.
 *
 * @param before - The thread as it is recorded; `undefined` when it has been let go.
 * @param opened - The thread as the execution opens it whose message that is.
 */
export function putLocation(before: ThreadRecord | undefined, opened: ThreadRecord, location: ThreadLocation): Write[] {
  if (before?.openedBy === opened.openedBy) {
    return [{ type: 'put', key: threadKey(before), value: toStored({ ...before, location }) }];
  }
  const left: Write[] = before === undefined ? [] : [{ type: 'delete', key: ageKey(before) }];
  const names = [...new Set([...(before?.names ?? []), ...(opened.names ?? [])])];
  return [...left, ...putThread({ ...opened, ...(names.length === 0 ? {} : { names }), location })];
}

/** Reads what {@link putThread} wrote. */
export function readThread({ value }: StoredRecord): ThreadRecord {
  return fromStored<ThreadRecord>(value);
}

/** Reads what a name leads to. */
export function readThreadName({ value }: StoredRecord): ThreadName {
  return fromStored<ThreadName>(value);
}

/** Reads a record by age: who opened the thread, and the keys that go with it if they are still of that one. */
export function readThreadAge({ value }: StoredRecord): {
  readonly openedBy: string;
  readonly keys: readonly string[];
} {
  return fromStored<ReturnType<typeof readThreadAge>>(value);
}
