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

/** Skips that are counted together. */
export interface SkipStory {
  /** Their one record; none once it has made room for others. */
  record: SkipRecord | undefined;
}

/** Counts skips, and writes them now and then: a cooldown must not cost a write for each event. */
export interface SkipLedger {
  /** Counts a skip, in its story or in a new one. */
  add(skip: Skip): SkipStory;
  /**
   * Counts one more skip of a story.
   *
   * @returns Whether the story goes on; if not, nothing is counted.
   */
  again(story: SkipStory, nowMs: number): boolean;
  /** Writes what has been counted since the last time, after what is being written already. */
  flush(): Promise<void>;
  /** Writes the rest and stops. */
  close(): Promise<void>;
}

interface SkipRecord {
  readonly key: string;
  readonly execution: Execution;
  count: number;
  updatedAtMs: number;
  untilMs: number;
}

/** How many stories are counted at once; beyond, the oldest is written and a further skip begins a new record. */
const mostStories = 10_000;

/** How many stories may wait to be written; beyond, the oldest is lost: a storage that is away must not fill the memory. */
const mostUnwritten = 100_000;

/** Makes an empty ledger. */
export function createSkipLedger({ storage, runtime, flushMs, onError }: SkipLedgerOptions): SkipLedger {
  // The story that was written last at the end.
  const stories = new Map<string, SkipStory>();
  const dirty = new Set<SkipRecord>();
  let written: Promise<void> = Promise.resolve();
  let timer: Timer | undefined;
  let closed = false;

  const flushLater = (): void => {
    if (!closed) timer ??= runtime.setTimer(() => void flush(), flushMs);
  };

  const writeLater = (record: SkipRecord): void => {
    dirty.add(record);
    if (dirty.size <= mostUnwritten) return;
    const [oldest] = dirty;
    if (oldest !== undefined) dirty.delete(oldest);
  };

  /** Writing is when it is told which stories are going on: it is far rarer than counting. */
  const keepLonger = ({ key }: SkipRecord): void => {
    const story = stories.get(key);
    if (story === undefined) return;
    stories.delete(key);
    stories.set(key, story);
  };

  const write = async (): Promise<void> => {
    const counted = [...dirty];
    dirty.clear();
    if (counted.length === 0) return;
    counted.forEach(keepLonger);
    try {
      await storage.commit({ steps: [{ write: counted.flatMap(writesOf) }] });
    } catch (error) {
      // The next time, each story is written as it stands by then.
      const later = [...dirty];
      dirty.clear();
      for (const record of [...counted, ...later]) writeLater(record);
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

  const count = (record: SkipRecord, nowMs: number): void => {
    record.count += 1;
    record.updatedAtMs = nowMs;
    writeLater(record);
    flushLater();
  };

  /** A story that is over must not keep its record, with the whole event in it. */
  const end = (story: SkipStory | undefined): void => {
    if (story?.record === undefined) return;
    stories.delete(story.record.key);
    story.record = undefined;
  };

  const begin = (skip: Skip, nowMs: number): SkipStory => {
    const execution = skip.record();
    const record: SkipRecord = { key: skip.key, execution, count: 0, updatedAtMs: nowMs, untilMs: skip.untilMs };
    const story: SkipStory = { record };
    end(stories.get(skip.key));
    stories.set(skip.key, story);
    if (stories.size > mostStories) {
      const [oldest] = stories.values();
      end(oldest);
    }
    count(record, nowMs);
    return story;
  };

  const again: SkipLedger['again'] = ({ record }, nowMs) => {
    if (record === undefined || nowMs >= record.untilMs) return false;
    count(record, nowMs);
    return true;
  };

  return {
    add(skip) {
      const nowMs = runtime.now();
      const known = stories.get(skip.key);
      if (known?.record === undefined || !again(known, nowMs)) return begin(skip, nowMs);
      known.record.untilMs = skip.untilMs;
      return known;
    },
    again,
    flush,
    async close() {
      closed = true;
      await flush();
    },
  };
}

function writesOf({ execution: first, count, updatedAtMs }: SkipRecord): Write[] {
  const execution: Execution = { ...first, count, updatedAt: updatedAtMs };
  return [
    { type: 'put', key: keys.execution(execution.id), value: toStored(execution) },
    { type: 'put', key: keys.executionOf(execution.automationId, execution.id), value: { id: execution.id } },
  ];
}
