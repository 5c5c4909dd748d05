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
interface QueuedCommit {
  /** Called in the order of the queue, when all earlier commits are through. `undefined`: there is nothing to write. */
  prepare(): Promise<Commit | undefined>;
  /** Called when a commit that had been given up arrived after all. */
  arrivedLate(result: CommitResult): void;
}

/** Brings commits to storage one after the other, in the order in which they were asked for. */
export interface CommitQueue {
  /**
   * @returns What the storage answered, or `undefined` when there was nothing to write.
   * @throws `storage_unavailable` when the storage fails or takes too long; whatever `prepare` throws.
   */
  submit(commit: QueuedCommit): Promise<CommitResult | undefined>;
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

  const write = async (queued: QueuedCommit, deadlineMs: number): Promise<CommitResult | undefined> => {
    if (runtime.now() >= deadlineMs) throw unavailable(`waited longer than ${commitTimeoutMs} ms for its turn`);
    const commit = await queued.prepare();
    if (commit === undefined) return undefined;
    return new Promise((resolve, reject) => {
      let givenUp = false;
      const timer = runtime.setTimer(() => {
        givenUp = true;
        reject(unavailable(`did not answer within ${commitTimeoutMs} ms`));
      }, deadlineMs - runtime.now());
      callStorage(storage, commit).then(
        (result) => {
          timer.cancel();
          if (givenUp) queued.arrivedLate(result);
          else resolve(result);
        },
        (cause) => {
          timer.cancel();
          reject(unavailable('failed', cause));
        },
      );
    });
  };

  return {
    async submit(queued) {
      if (length >= maxQueuedCommits) throw unavailable(`has ${length} commits waiting already`);
      length += 1;
      const deadlineMs = runtime.now() + commitTimeoutMs;
      const written = tail.then(() => write(queued, deadlineMs));
      tail = written.then(
        () => {
          length -= 1;
        },
        () => {
          length -= 1;
        },
      );
      return written;
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
  return storage.commit(commit);
}

function unavailable(what: string, cause?: unknown): TocsinError {
  return new TocsinError({ code: 'storage_unavailable', message: `The storage ${what}`, cause });
}
