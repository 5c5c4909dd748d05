import type { Runtime, Timer } from '../ports/runtime.js';
import type { Storage, Write } from '../ports/storage.js';
import type { Execution } from './execution.js';
import { putExecution } from './execution-writes.js';

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

/** Skips that are counted together, in one record. */
export interface SkipStory {
  readonly key: string;
  /** The record as it began. It holds the whole event, so it is let go once it has been written for the last time. */
  execution: Execution | undefined;
  count: number;
  updatedAtMs: number;
  untilMs: number;
  /** It has not made room for others. */
  isOpen: boolean;
  /** It has been counted on since it was last written. */
  isDirty: boolean;
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

/** How many stories are counted at once; beyond, the oldest is written and a further skip begins a new record. */
const mostStories = 10_000;

/** How many stories may wait to be written; beyond, the oldest is lost: a storage that is away must not fill the memory. */
const mostUnwritten = 100_000;

const nothing: ReadonlySet<SkipStory> = new Set();

/** Makes an empty ledger. */
export function createSkipLedger({ storage, runtime, flushMs, onError }: SkipLedgerOptions): SkipLedger {
  // The story that was written last at the end.
  const stories = new Map<string, SkipStory>();
  const dirty = new Set<SkipStory>();
  let writing: ReadonlySet<SkipStory> = nothing;
  let written: Promise<void> = Promise.resolve();
  let timer: Timer | undefined;
  let closed = false;

  const flushLater = (): void => {
    if (!closed) timer ??= runtime.setTimer(() => void flush(), flushMs);
  };

  /** A story that is over must not keep its record, with the whole event in it, unless that is yet to be written. */
  const letGo = (story: SkipStory): void => {
    if (!story.isOpen && !story.isDirty && !writing.has(story)) story.execution = undefined;
  };

  const end = (story: SkipStory | undefined): void => {
    if (story === undefined) return;
    stories.delete(story.key);
    story.isOpen = false;
    letGo(story);
  };

  const writeLater = (story: SkipStory): void => {
    story.isDirty = true;
    dirty.add(story);
    if (dirty.size <= mostUnwritten) return;
    const [oldest] = dirty;
    if (oldest === undefined) return;
    dirty.delete(oldest);
    oldest.isDirty = false;
    letGo(oldest);
  };

  /** Writing is when it is told which stories are going on: it is far rarer than counting. */
  const keepLonger = (story: SkipStory): void => {
    if (!story.isOpen) return;
    stories.delete(story.key);
    stories.set(story.key, story);
  };

  const write = async (): Promise<void> => {
    if (dirty.size === 0) return;
    const counted = new Set(dirty);
    dirty.clear();
    writing = counted;
    const writes: Write[] = [];
    for (const story of counted) {
      story.isDirty = false;
      keepLonger(story);
      writes.push(...writesOf(story));
    }
    try {
      await storage.commit({ steps: [{ write: writes }] });
      writing = nothing;
      counted.forEach(letGo);
    } catch (error) {
      writing = nothing;
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

  const count = (story: SkipStory, nowMs: number): void => {
    story.count += 1;
    story.updatedAtMs = nowMs;
    if (story.isDirty) return;
    writeLater(story);
    flushLater();
  };

  const begin = ({ key, untilMs, record }: Skip, nowMs: number): SkipStory => {
    end(stories.get(key));
    const story = { key, execution: record(), count: 0, updatedAtMs: nowMs, untilMs, isOpen: true, isDirty: false };
    stories.set(key, story);
    if (stories.size > mostStories) {
      const [oldest] = stories.values();
      end(oldest);
    }
    count(story, nowMs);
    return story;
  };

  const again: SkipLedger['again'] = (story, nowMs) => {
    if (!story.isOpen || nowMs >= story.untilMs) return false;
    count(story, nowMs);
    return true;
  };

  return {
    add(skip) {
      const nowMs = runtime.now();
      const known = stories.get(skip.key);
      if (known === undefined || !again(known, nowMs)) return begin(skip, nowMs);
      known.untilMs = skip.untilMs;
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

function writesOf({ execution: first, count, updatedAtMs }: SkipStory): Write[] {
  if (first === undefined) return [];
  const execution: Execution = { ...first, count, updatedAt: updatedAtMs };
  return putExecution(execution);
}
