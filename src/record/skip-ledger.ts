import type { Runtime, Timer } from '../ports/runtime.js';
import type { Storage, Write } from '../ports/storage.js';
import type { Execution } from './execution.js';
import { keys } from './keys.js';
import { toStored } from './stored.js';

/** One match that did not fire. */
interface Skip {
  /** The same for skips that are one story: the same claim, the same reason. */
  readonly key: string;
  /** When the reason ends, in epoch milliseconds; a later skip is a new story. */
  readonly untilMs: number;
  /** The record to begin with, when this is the first. */
  record(): Execution;
}

/** What a {@link SkipLedger} needs to know. */
export interface SkipLedgerOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** How long counts are gathered before they are written, in milliseconds. */
  readonly flushMs: number;
  onError(error: unknown): void;
}

/** Counts skips, and writes them now and then: a cooldown must not cost a write for each event. */
export interface SkipLedger {
  add(skip: Skip): void;
  /** Writes what has been counted since the last time. */
  flush(): Promise<void>;
  /** Writes the rest and stops. */
  close(): Promise<void>;
}

interface Story {
  execution: Execution;
  readonly untilMs: number;
}

/** How many stories are counted at once; beyond, the oldest is written and a further skip begins a new record. */
const mostStories = 10_000;

/** Makes an empty ledger. */
export function createSkipLedger({ storage, runtime, flushMs, onError }: SkipLedgerOptions): SkipLedger {
  const stories = new Map<string, Story>();
  const dirty = new Map<string, Execution>();
  let timer: Timer | undefined;
  let closed = false;

  const flushLater = (): void => {
    if (!closed) timer ??= runtime.setTimer(() => void flush(), flushMs);
  };

  const flush = async (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    const executions = [...dirty.values()];
    dirty.clear();
    if (executions.length === 0) return;
    try {
      await storage.commit({ steps: [{ write: executions.flatMap(writesOf) }] });
    } catch (error) {
      // Counts that grew meanwhile are newer than these.
      for (const execution of executions) if (!dirty.has(execution.id)) dirty.set(execution.id, execution);
      onError(error);
      flushLater();
    }
  };

  return {
    add(skip) {
      const nowMs = runtime.now();
      const before = stories.get(skip.key);
      const story = before !== undefined && nowMs < before.untilMs ? before : undefined;
      const execution: Execution =
        story === undefined
          ? skip.record()
          : { ...story.execution, count: story.execution.count + 1, updatedAt: nowMs };
      stories.delete(skip.key);
      stories.set(skip.key, { execution, untilMs: skip.untilMs });
      dirty.set(execution.id, execution);
      if (stories.size > mostStories) {
        const [oldest] = stories.keys();
        if (oldest !== undefined) stories.delete(oldest);
      }
      flushLater();
    },
    flush,
    async close() {
      closed = true;
      await flush();
    },
  };
}

function writesOf(execution: Execution): Write[] {
  return [
    { type: 'put', key: keys.execution(execution.id), value: toStored(execution) },
    { type: 'put', key: keys.executionOf(execution.automationId, execution.id), value: { id: execution.id } },
  ];
}
