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
  /** Writes what has been counted since the last time, after what is being written already. */
  flush(): Promise<void>;
  /** Writes the rest and stops. */
  close(): Promise<void>;
}

interface Story {
  execution: Execution;
  untilMs: number;
}

/** How many stories are counted at once; beyond, the oldest is written and a further skip begins a new record. */
const mostStories = 10_000;

/** How many stories may wait to be written; beyond, the oldest is lost: a storage that is away must not fill the memory. */
const mostUnwritten = 100_000;

/** Makes an empty ledger. */
export function createSkipLedger({ storage, runtime, flushMs, onError }: SkipLedgerOptions): SkipLedger {
  const stories = new Map<string, Story>();
  const dirty = new Set<Story>();
  let written: Promise<void> = Promise.resolve();
  let timer: Timer | undefined;
  let closed = false;

  const flushLater = (): void => {
    if (!closed) timer ??= runtime.setTimer(() => void flush(), flushMs);
  };

  const writeLater = (story: Story): void => {
    dirty.add(story);
    if (dirty.size <= mostUnwritten) return;
    const [oldest] = dirty;
    if (oldest !== undefined) dirty.delete(oldest);
  };

  const write = async (): Promise<void> => {
    const counted = [...dirty];
    dirty.clear();
    if (counted.length === 0) return;
    try {
      await storage.commit({ steps: [{ write: counted.flatMap(({ execution }) => writesOf(execution)) }] });
    } catch (error) {
      // The next time, each story is written as it stands by then.
      const later = [...dirty];
      dirty.clear();
      for (const story of [...counted, ...later]) writeLater(story);
      onError(error);
      flushLater();
    }
  };

  const flush = (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    // One after the other, so that an older count never overtakes a newer one.
    written = written.then(write);
    return written;
  };

  return {
    add(skip) {
      const nowMs = runtime.now();
      const before = stories.get(skip.key);
      const known = before !== undefined && nowMs < before.untilMs ? before : undefined;
      const story: Story = known ?? { execution: skip.record(), untilMs: skip.untilMs };
      if (known !== undefined) {
        const { execution } = known;
        known.execution = { ...execution, count: execution.count + 1, updatedAt: nowMs };
        known.untilMs = skip.untilMs;
      }
      stories.delete(skip.key);
      stories.set(skip.key, story);
      writeLater(story);
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
