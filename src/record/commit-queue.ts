import { TocsinError } from '../errors.js';
import type { Runtime } from '../ports/runtime.js';
import type { Commit, CommitResult, Storage } from '../ports/storage.js';

/** What a {@link CommitQueue} needs to know. */
export interface CommitQueueOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** How long a commit may take from when it was asked for, waiting included, in milliseconds. */
  readonly commitTimeoutMs: number;
  /** How many may wait at once. */
  readonly maxQueuedCommits: number;
}

/** One commit on its way. */
interface QueuedCommit<Result> {
  /**
   * Called in the order of the queue, when all earlier commits have been handed to the storage.
   *
   * @param earlier - Resolves when they are through as well.
   */
  prepare(earlier: Promise<void>): Promise<void>;
  /** Called at the very moment at which it is handed over. `undefined`: there is nothing to write. */
  plan(): Commit | undefined;
  /** Called with what the storage answered, in the order of the queue; later also when it had been given up. */
  conclude(result: CommitResult): Result;
  /** Called when a commit that had been given up arrived after all, and has been concluded. */
  arrivedLate(): void;
}

/** Brings commits to storage in the order in which they were asked for, without waiting for each before the next. */
export interface CommitQueue {
  /**
   * @returns What `conclude` made of the storage's answer, or `undefined` when there was nothing to write.
   * @throws `storage_unavailable` when the storage fails or takes too long; whatever `prepare` and `plan` throw.
   */
  submit<Result>(commit: QueuedCommit<Result>): Promise<Result | undefined>;
  /** Resolves when all that was submitted so far is through. */
  drained(): Promise<void>;
  readonly length: number;
}

/** How many commits the storage is given before it has answered the first: it writes them together. */
const mostHandedOver = 64;

/**
 * Makes the queue. A commit is handed to the storage when those before it have been, not when they are through: commits
 * take effect in the order of the calls, and a disk writes many as fast as one.
 *
 * One that has waited too long is refused before it is handed over, so a storage that hangs makes emits fail in a bounded
 * time and never piles up memory.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { storage, runtime, commitTimeoutMs, maxQueuedCommits } = options;
  /** Resolves when the last one has been handed over. */
  let turn: Promise<void> = Promise.resolve();
  /** Resolves when the last one is through; before it, the ones that may still be with the storage. */
  let through: Promise<void> = turn;
  /** Each resolves when the storage may be given one more. */
  const freed: Promise<unknown>[] = [];
  let length = 0;

  const bring = <Result>(queued: QueuedCommit<Result>, place: QueuePlace): Promise<Result | undefined> =>
    new Promise((resolve, reject) => {
      let isWaiting = true;
      let isHandedOver = false;
      let givenUp = false;
      // A timer from the beginning, not a deadline: the clock may be set back.
      const timer = runtime.setTimer(
        () => {
          givenUp = true;
          const bound = `${commitTimeoutMs} ms`;
          reject(unavailable(isWaiting ? `made it wait its turn for ${bound}` : `did not answer within ${bound}`));
          // All before it have been given up as well, so the order stays. What the storage has, it has until it answers.
          if (!isHandedOver) leave();
        },
        commitTimeoutMs,
        { isAwaited: true },
      );

      const leave = (): void => {
        place.handOver();
        place.free();
      };

      const write = async (): Promise<void> => {
        await place.turn;
        await place.room;
        if (givenUp) return;
        isWaiting = false;
        await queued.prepare(place.earlier);
        if (givenUp) return;
        const commit = queued.plan();
        if (commit === undefined) return resolve(undefined);
        const answer = callStorage(storage, commit);
        isHandedOver = true;
        place.handOver();
        // Whatever it is, it is heard below, when the earlier ones are through.
        answer.catch(() => {});
        await place.earlier;
        const result = queued.conclude(await answer);
        if (givenUp) queued.arrivedLate();
        else resolve(result);
      };

      write()
        .catch(reject)
        .finally(() => {
          timer.cancel();
          leave();
        });
    });

  return {
    async submit(queued) {
      if (length >= maxQueuedCommits) throw unavailable(`has ${length} commits waiting already`);
      length += 1;
      const room = freed.length < mostHandedOver ? undefined : freed.shift();
      const earlier = through;
      const myTurn = turn;
      let handOver = (): void => {};
      turn = new Promise((resolve) => {
        handOver = resolve;
      });
      let free = (): void => {};
      const done = new Promise<void>((resolve) => {
        free = resolve;
      });
      // Whoever never got the room that it waited for has none to give.
      freed.push(Promise.all([room, done]));
      const brought = bring(queued, { turn: myTurn, room, earlier, handOver, free });
      const isThrough = (): void => {
        length -= 1;
      };
      through = earlier.then(() => brought).then(isThrough, isThrough);
      return brought;
    },
    async drained() {
      await through;
    },
    get length() {
      return length;
    },
  };
}

/** Where a commit stands in the queue. */
interface QueuePlace {
  /** Resolves when the one before it has been handed over. */
  readonly turn: Promise<void>;
  /** Resolves when the storage may be given one more. */
  readonly room: Promise<unknown> | undefined;
  /** Resolves when all before it are through. */
  readonly earlier: Promise<void>;
  /** Lets the next one have its turn. */
  handOver(): void;
  /** Gives its room in the storage back. */
  free(): void;
}

async function callStorage(storage: Storage, commit: Commit): Promise<CommitResult> {
  try {
    return await storage.commit(commit);
  } catch (cause) {
    // The guarded storage has said already which operation failed.
    throw TocsinError.is(cause) ? cause : unavailable('failed', cause);
  }
}

function unavailable(what: string, cause?: unknown): TocsinError {
  return new TocsinError({ code: 'storage_unavailable', message: `The storage ${what}`, cause });
}
