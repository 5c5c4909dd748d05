import type { MessageField } from '../ports/message.js';

/** What a thread is about. */
export type ThreadKind = 'run' | 'automation' | 'anomaly';

/** How an execution belongs to a thread. */
export interface ExecutionThread {
  readonly kind: ThreadKind;
  /** Which run, automation or anomaly: a text that is the same for all of one thread. */
  readonly subject: string;
  /**
   * - `open`: it is the first message, also where there was one before (an alert of an anomaly).
   * - `join`: it replies, and is the first message where there is none (a notification of a run).
   * - `update`: it replies, and stands alone where there is none (what became of an anomaly).
   */
  readonly role: 'open' | 'join' | 'update';
  /** It was sent by routing, which says what is told of it. */
  readonly isRouted?: boolean | undefined;
  /** Further keys that lead to the thread that it opens. */
  readonly names?: readonly string[] | undefined;
  /** What it refers to, told where it can't reply. */
  readonly reference?: readonly MessageField[] | undefined;
  /** It is left out where it can't reply, since another message says the same. */
  readonly onlyInThread?: boolean | undefined;
  /** It does not reply to a message that is older, in milliseconds. */
  readonly maxAgeMs?: number | undefined;
}
