import { TocsinError } from '../errors.js';
import { appendToOutbox, laneOf } from '../notify/outbox.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { putExecution } from '../record/execution-writes.js';
import { keys } from '../record/keys.js';
import { fromStored } from '../record/stored.js';
import { notFound } from './not-found.js';

/** What is needed to call for an execution again. */
interface RetryOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** Told of the execution that waits again. */
  onRetried(execution: Execution): void;
}

/** How often it is tried: only somebody who changes the execution at the same moment can come in its way. */
const mostTries = 10;

/**
 * Makes the function that puts an execution which failed or was cancelled back into its lane, behind what waits there. What
 * was tried before stays in it.
 *
 * @returns A function that throws `not_found`, `not_retryable` or `revision_conflict`.
 */
export function createRetryExecution({ storage, runtime, onRetried }: RetryOptions) {
  return async (id: string): Promise<Execution> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const record = typeof id === 'string' ? await storage.get(keys.execution(id)) : undefined;
      if (record === undefined) throw notFound('execution', id);
      const before = fromStored<Execution>(record.value);
      const lane = laneOf(before);
      if (lane === undefined || !isRetryable(before)) throw notRetryable(before);
      const execution = waitingAgain(before, runtime.now());
      const { committed } = await storage.commit({
        require: [{ type: 'revision', key: record.key, revision: record.revision }],
        steps: [
          {
            write: [
              ...putExecution(execution, before.status),
              // An entry that is there already would keep its place.
              { type: 'remove', lane, id },
              ...appendToOutbox(execution, isDoubtful(before)),
            ],
          },
        ],
      });
      if (!committed) continue;
      onRetried(execution);
      return execution;
    }
    throw new TocsinError({
      code: 'revision_conflict',
      message: `The execution ${id} is being changed again and again`,
    });
  };
}

/** What was left out in its lane may have a thread by now; a match that was skipped never had a place in one. */
function isRetryable({ status, reason }: Execution): boolean {
  if (status === 'skipped') return reason === 'no_thread' || reason === 'not_supported';
  return status === 'failed' || status === 'cancelled';
}

/** It may also have been called off after a process died in the midst of an attempt. */
function isDoubtful({ status, mayHaveArrived }: Execution): boolean {
  return status === 'cancelled' || mayHaveArrived === true;
}

function waitingAgain(before: Execution, nowMs: number): Execution {
  const { reason: _, detail: __, fallbackExecutionId: ___, mayHaveArrived: ____, ...rest } = before;
  return Object.freeze({ ...rest, status: 'pending', retriedAt: nowMs, updatedAt: nowMs });
}

function notRetryable({ id, status }: Execution): TocsinError {
  const message = `Expected an execution that has failed, was cancelled or found no place, got ${id}, which is ${status}`;
  return new TocsinError({ code: 'not_retryable', message });
}
