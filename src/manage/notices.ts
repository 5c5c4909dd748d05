import type { Severity } from '../definition/action.js';
import type { Integration } from '../definition/integration.js';
import { appendToOutbox } from '../notify/outbox.js';
import type { Destination } from '../ports/delivery.js';
import type { MessageField, MessageLink } from '../ports/message.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage, Write } from '../ports/storage.js';
import type { Announce } from '../record/engine-events.js';
import type { Execution } from '../record/execution.js';
import { putExecution } from '../record/execution-writes.js';

/** Stands for the automation of a message that the engine sends of its own. */
export const noticeId = 'notice';

const noticeOwner = Object.freeze({ automationId: noticeId, automationName: 'tocsin', automationRevision: 1 });

/** What a message of the engine's own says. */
export interface NoticeContent {
  readonly title: string;
  readonly text: string;
  /** @default 'INFO' */
  readonly severity?: Severity | undefined;
  /** @default none */
  readonly fields?: readonly MessageField[] | undefined;
  /** @default none */
  readonly links?: readonly MessageLink[] | undefined;
  /** When what it tells happened, in epoch milliseconds. */
  readonly atMs: number;
}

/** Where a message of the engine's own goes. */
export interface NoticeTarget {
  readonly integration: Pick<Integration, 'id'>;
  /** For whom it is sent: the integration must be theirs, or shared, also when it is delivered. */
  readonly entity: string | undefined;
  /** The channel, where it is not the integration's own. */
  readonly destination?: Destination | undefined;
}

/** A message that is to be committed. */
export interface Notice {
  readonly execution: Execution;
  /** What records it, and puts it where it waits to be delivered. */
  readonly write: readonly Write[];
}

/** Sends messages of the engine's own. */
export interface Notices {
  /** Makes a message that is then committed with something else. */
  make(target: NoticeTarget, content: NoticeContent): Notice;
  /**
   * Commits something that brings messages with it, and sees to it that they are delivered.
   *
   * @param commit - Does it; the answer says whether it was written.
   */
  commit(notices: readonly Notice[], commit: () => Promise<boolean>): Promise<boolean>;
  /**
   * Commits a message.
   *
   * @throws `storage_unavailable`; it may be delivered all the same.
   */
  post(target: NoticeTarget, content: NoticeContent): Promise<Execution>;
}

/** What {@link createNotices} works with. */
export interface NoticesOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly nextId: () => string;
  readonly announce: Announce;
  /** Told of what has been committed, and is to be delivered. */
  committed(executions: readonly Execution[]): void;
  /** Told of what may have been committed: the storage did not say. */
  perhapsCommitted(executions: readonly Execution[]): void;
}

/** Makes what sends messages of the engine's own: they are executions like all others, so they can be retried and are kept. */
export function createNotices(options: NoticesOptions): Notices {
  const { storage, runtime, nextId, announce } = options;

  const make: Notices['make'] = ({ integration, entity, destination }, content) => {
    const execution = executionOf(content, {
      // Before the id, whose time is what a list goes by.
      createdAt: runtime.now(),
      id: nextId(),
      entity,
      integrationId: integration.id,
      destination,
    });
    return { execution, write: [...putExecution(execution), ...appendToOutbox(execution)] };
  };

  const commit: Notices['commit'] = async (notices, write) => {
    const executions = notices.map(({ execution }) => execution);
    try {
      if (!(await write())) return false;
    } catch (error) {
      options.perhapsCommitted(executions);
      throw error;
    }
    for (const execution of executions) announce('execution-created', execution);
    options.committed(executions);
    return true;
  };

  return {
    make,
    commit,
    async post(target, content) {
      const notice = make(target, content);
      await commit([notice], async () => (await storage.commit({ steps: [{ write: notice.write }] })).committed);
      return notice.execution;
    },
  };
}

interface NoticePlace {
  readonly id: string;
  readonly createdAt: number;
  readonly entity: string | undefined;
  readonly integrationId: string;
  readonly destination: Destination | undefined;
}

function executionOf(content: NoticeContent, { integrationId, ...place }: NoticePlace): Execution {
  const { title, text, severity = 'INFO', fields = [], links = [], atMs } = content;
  const message = { title, text, severity, fields, links, automationName: noticeOwner.automationName, atMs };
  return Object.freeze<Execution>({
    ...noticeOwner,
    ...place,
    status: 'pending',
    count: 1,
    updatedAt: place.createdAt,
    event: { type: `custom.${noticeId}`, at: atMs },
    action: { type: 'notification', integrationId, title, message: text, severity },
    message,
    attempts: [],
  });
}
