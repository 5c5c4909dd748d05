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
  /** Called in the order of the queue, when all earlier commits are through. */
  prepare(): Promise<void>;
  /** Called at the very moment at which it is written. `undefined`: there is nothing to write. */
  plan(): Commit | undefined;
  /** Called with what the storage answered, before the next one is prepared; also when it had been given up. */
  conclude(result: CommitResult): Result;
  /** Called when a commit that had been given up arrived after all, and has been concluded. */
  arrivedLate(): void;
}

/** Brings commits to storage one after the other, in the order in which they were asked for. */
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

/**
 * Makes the queue. One that has waited too long is refused before it is written, so a storage that hangs makes emits
 * fail in a bounded time and never piles up memory.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { storage, runtime, commitTimeoutMs, maxQueuedCommits } = options;
  let tail: Promise<unknown> = Promise.resolve();
  let length = 0;

  const bring = <Result>(queued: QueuedCommit<Result>): Promise<Result | undefined> =>
    new Promise((resolve, reject) => {
      let isWaiting = true;
      let givenUp = false;
      // A timer from the beginning, not a deadline: the clock may be set back.
      const timer = runtime.setTimer(
        () => {
          givenUp = true;
          const bound = `${commitTimeoutMs} ms`;
          reject(unavailable(isWaiting ? `made it wait its turn for ${bound}` : `did not answer within ${bound}`));
        },
        commitTimeoutMs,
        { isAwaited: true },
      );

      const write = async (): Promise<void> => {
        if (givenUp) return;
        isWaiting = false;
        await queued.prepare();
        if (givenUp) return;
        const commit = queued.plan();
        if (commit === undefined) return resolve(undefined);
        const result = queued.conclude(await callStorage(storage, commit));
        if (givenUp) queued.arrivedLate();
        else resolve(result);
      };

      tail.then(write).catch(reject).finally(timer.cancel);
    });

  return {
    async submit(queued) {
      if (length >= maxQueuedCommits) throw unavailable(`has ${length} commits waiting already`);
      length += 1;
      const brought = bring(queued);
      const leave = (): void => {
        length -= 1;
      };
      tail = tail.then(() => brought).then(leave, leave);
      return brought;
    },
    async drained() {
      await tail;
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
