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
  /** How many have neither been concluded nor given up. */
  readonly length: number;
}

/**
 * How many commits the storage is given before it has answered the first: it writes them together. When all of these have been given
 * up, it is tried with one more now and then; its answer shows that those before it are lost.
 */
const mostHandedOver = 64;

/** Where a commit stands in the queue. */
interface Place {
  isGivenUp: boolean;
  /** Called when its turn has come. */
  begin(): void;
}

/**
 * Makes the queue. A commit is handed to the storage when those before it have been, not when they are through: commits
 * take effect in the order of the calls, and a disk writes many as fast as one.
 *
 * One that has waited too long is refused before it is handed over, and let go: a storage that hangs makes emits fail in a
 * bounded time and never piles up memory.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { storage, runtime, commitTimeoutMs, maxQueuedCommits } = options;
  /** Those whose turn has not come, in the order of the calls. */
  const waiting: Place[] = [];
  /** Whose turn it is: it is being prepared, and handed over before all others. */
  let turn: Place | undefined;
  /** Those that have been handed over, and are neither concluded nor lost. */
  const handedOver = new Set<Place>();
  /** Resolves when the last one is through: concluded, or given up. */
  let through: Promise<void> = Promise.resolve();
  let length = 0;

  /** When the storage was last tried though it owes all answers, in epoch milliseconds. */
  let triedAtMs = Number.NEGATIVE_INFINITY;

  const isFull = (): boolean => {
    if (handedOver.size < mostHandedOver) return false;
    const nowMs = runtime.now();
    // The clock may have been set back.
    const isTried = Math.abs(nowMs - triedAtMs) < commitTimeoutMs;
    if (isTried || [...handedOver].some((each) => !each.isGivenUp)) return true;
    triedAtMs = nowMs;
    return false;
  };

  /** A storage that answers has answered what it was given before, or never will. */
  const answered = (place: Place): void => {
    handedOver.delete(place);
    for (const each of handedOver) if (each.isGivenUp) handedOver.delete(each);
  };

  const callNext = (): void => {
    // Also when there is no turn to give: they hold their events. Whoever came first is given up first.
    while (waiting[0]?.isGivenUp) waiting.shift();
    if (turn !== undefined || waiting.length === 0 || isFull()) return;
    turn = waiting.shift();
    turn?.begin();
  };

  const leave = (place: Place): void => {
    if (turn === place) turn = undefined;
    callNext();
  };

  const write = async <Result>(queued: QueuedCommit<Result>, place: Place, earlier: Promise<void>) => {
    await queued.prepare(earlier);
    const commit = place.isGivenUp ? undefined : queued.plan();
    if (commit === undefined) return undefined;
    handedOver.add(place);
    try {
      const answer = callStorage(storage, commit);
      // Whatever it is, it is heard below, when the earlier ones are through.
      answer.catch(() => {});
      leave(place);
      await earlier;
      const result = queued.conclude(await answer);
      if (place.isGivenUp) queued.arrivedLate();
      return result;
    } finally {
      answered(place);
    }
  };

  const bring = <Result>(queued: QueuedCommit<Result>, earlier: Promise<void>): Promise<Result | undefined> =>
    new Promise((resolve, reject) => {
      let isWaiting = true;
      // A timer from the beginning, not a deadline: the clock may be set back.
      const timer = runtime.setTimer(
        () => {
          const bound = `${commitTimeoutMs} ms`;
          const turnMessage = `made it wait its turn for ${bound}, with ${handedOver.size} commits unanswered`;
          reject(unavailable(isWaiting ? turnMessage : `did not answer within ${bound}`));
          place.isGivenUp = true;
          length -= 1;
          // What the storage has, it has until it answers.
          leave(place);
        },
        commitTimeoutMs,
        { isAwaited: true },
      );
      const place: Place = {
        isGivenUp: false,
        async begin() {
          isWaiting = false;
          try {
            resolve(await write(queued, place, earlier));
          } catch (error) {
            reject(error);
          }
          timer.cancel();
          if (!place.isGivenUp) length -= 1;
          leave(place);
        },
      };
      waiting.push(place);
      callNext();
    });

  const follow = async (earlier: Promise<void>, brought: Promise<unknown>): Promise<void> => {
    await earlier;
    try {
      await brought;
    } catch {
      // Whoever submitted it hears of it.
    }
  };

  return {
    submit(queued) {
      if (length >= maxQueuedCommits) {
        const why = 'it is too slow, or emits come in a loop that never awaits one';
        return Promise.reject(unavailable(`has ${length} commits waiting already: ${why}`));
      }
      length += 1;
      const brought = bring(queued, through);
      through = follow(through, brought);
      return brought;
    },
    get length() {
      return length;
    },
  };
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
