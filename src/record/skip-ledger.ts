import type { Runtime, Timer } from '../ports/runtime.js';
import type { Step, Storage } from '../ports/storage.js';
import type { Execution } from './execution.js';
import { putExecution } from './execution-writes.js';
import { createGiveWay } from './give-way.js';
import { keys } from './keys.js';

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
  /** Told when something has been written. */
  recorded(): void;
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
  /** How often its record has been written: its revision, if nobody has deleted it. */
  revision: number;
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

/** How many stories one commit writes: they hold their events, which may be large. */
const storiesPerCommit = 200;

const nothing: ReadonlySet<SkipStory> = new Set();

/** Makes an empty ledger. */
export function createSkipLedger({ storage, runtime, flushMs, recorded, onError }: SkipLedgerOptions): SkipLedger {
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

  const writeSlice = async (slice: readonly SkipStory[]): Promise<void> => {
    await storage.commit({ steps: slice.map(stepOf) });
    for (const story of slice) story.revision += 1;
  };

  const write = async (): Promise<void> => {
    if (dirty.size === 0) return;
    const counted = [...dirty];
    dirty.clear();
    writing = new Set(counted);
    for (const story of counted) {
      story.isDirty = false;
      keepLonger(story);
    }
    const giveWay = createGiveWay(runtime);
    let done = 0;
    try {
      for (; done < counted.length; done += storiesPerCommit) {
        if (done > 0) await giveWay();
        await writeSlice(counted.slice(done, done + storiesPerCommit));
      }
      recorded();
    } catch (error) {
      // The next time, each story is written as it stands by then.
      const later = [...dirty];
      dirty.clear();
      for (const story of [...counted.slice(done), ...later]) writeLater(story);
      onError(error);
      flushLater();
    }
    writing = nothing;
    counted.forEach(letGo);
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
    const story = {
      key,
      execution: record(),
      count: 0,
      updatedAtMs: nowMs,
      untilMs,
      isOpen: true,
      isDirty: false,
      revision: 0,
    };
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

/** A record that stands as it was written last has its places in the indexes; one that was deleted meanwhile needs them anew. */
function stepOf({ execution: first, count, updatedAtMs, revision }: SkipStory): Step {
  if (first === undefined) return { write: [] };
  const execution: Execution = { ...first, count, updatedAt: updatedAtMs };
  if (revision === 0) return { write: putExecution(execution) };
  return {
    when: [{ type: 'revision', key: keys.execution(execution.id), revision }],
    write: putExecution(execution, execution.status),
    otherwise: putExecution(execution),
  };
}
