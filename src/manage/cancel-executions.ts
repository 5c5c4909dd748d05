import { integrationIdOf } from '../definition/action.js';
import { laneOf } from '../notify/outbox.js';
import type { Runtime } from '../ports/runtime.js';
import type { Step, Storage } from '../ports/storage.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import { readExecutionIds } from '../record/execution-ids.js';
import { putExecution } from '../record/execution-writes.js';
import { createGiveWay } from '../record/give-way.js';
import { keys } from '../record/keys.js';
import { idsFrom } from '../record/sortable-id.js';
import { fromStored } from '../record/stored.js';

/** Which executions {@link Executions.cancel} calls off; all parts that are given must fit. */
export interface ExecutionFilter {
  readonly id?: string | undefined;
  readonly automationId?: string | undefined;
  /** Those that wait for this integration. */
  readonly integrationId?: string | undefined;
  /** Created at or after this instant, in epoch milliseconds. */
  readonly since?: number | undefined;
  /** Created before this instant, in epoch milliseconds. */
  readonly until?: number | undefined;
}

/** What is needed to call executions off. */
interface CancelOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** Told of each execution that was called off. */
  onCancelled(execution: Execution): void;
}

/** How many ids are read at once, and how many executions are written at once. */
const idsAtOnce = 10_000;
const executionsAtOnce = 100;

/** How often a cancellation is tried: only an attempt that is recorded at the same moment can come in its way. */
const mostTries = 10;

/**
 * Makes the function that calls off what is pending. What is being delivered at this moment may still arrive, and then says
 * so.
 *
 * @returns A function that tells how many were called off; given a predicate, it calls off only what that holds for.
 */
export function createCancelExecutions({ storage, runtime, onCancelled }: CancelOptions) {
  const cancelAll = async (
    ids: readonly string[],
    isMeant: (execution: Execution) => boolean,
    reason: ExecutionReason,
  ): Promise<number> => {
    let count = 0;
    let left = ids;
    for (let tries = 0; tries < mostTries && left.length > 0; tries += 1) {
      const found = await Promise.all(left.map((id) => cancellation(storage, id, isMeant, reason, runtime.now())));
      const planned = found.filter((each) => each !== undefined);
      if (planned.length === 0) break;
      const result = await storage.commit({ steps: planned.map(({ step }) => step) });
      const written = planned.filter((_, position) => result.committed && result.steps[position]?.written === true);
      for (const { execution } of written) onCancelled(execution);
      count += written.length;
      left = planned.filter((each) => !written.includes(each)).map(({ execution }) => execution.id);
    }
    return count;
  };

  return async (filter: ExecutionFilter, reason: ExecutionReason, holds = anyExecution): Promise<number> => {
    const { id, automationId, since, until } = filter;
    const isMeant = (execution: Execution): boolean => fits(execution, filter) && holds(execution);
    if (id !== undefined) return cancelAll([id], isMeant, reason);
    const giveWay = createGiveWay(runtime, { isAwaited: true });
    let count = 0;
    let after = since === undefined ? undefined : idsFrom(since);
    do {
      const index = { automationId, status: 'pending' } as const;
      const page = await readExecutionIds(storage, index, { order: 'ascending', after, limit: idsAtOnce });
      for (let start = 0; start < page.ids.length; start += executionsAtOnce) {
        await giveWay();
        count += await cancelAll(page.ids.slice(start, start + executionsAtOnce), isMeant, reason);
      }
      after = page.next;
    } while (after !== undefined && (until === undefined || after < idsFrom(until)));
    return count;
  };
}

const anyExecution = (_: Execution): boolean => true;

interface Cancellation {
  readonly step: Step;
  readonly execution: Execution;
}

async function cancellation(
  storage: Storage,
  id: string,
  isMeant: (execution: Execution) => boolean,
  reason: ExecutionReason,
  nowMs: number,
): Promise<Cancellation | undefined> {
  const key = keys.execution(id);
  const record = await storage.get(key);
  if (record === undefined) return undefined;
  // The index may be older than an attempt that has been recorded meanwhile; what has arrived stays finished.
  const before = fromStored<Execution>(record.value);
  if (before.status !== 'pending' || !isMeant(before)) return undefined;
  const execution: Execution = { ...before, status: 'cancelled', reason, updatedAt: nowMs };
  const lane = laneOf(before);
  const write = putExecution(execution, before.status);
  return {
    execution,
    step: {
      when: [{ type: 'revision', key, revision: record.revision }],
      write: lane === undefined ? write : [...write, { type: 'remove', lane, id }],
    },
  };
}

function fits({ id, automationId, action }: Execution, filter: ExecutionFilter): boolean {
  const { since, until } = filter;
  if (filter.automationId !== undefined && automationId !== filter.automationId) return false;
  if (since !== undefined && id < idsFrom(since)) return false;
  if (until !== undefined && id >= idsFrom(until)) return false;
  if (filter.integrationId === undefined) return true;
  return integrationIdOf(action) === filter.integrationId;
}
