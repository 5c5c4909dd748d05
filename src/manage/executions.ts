import * as z from 'zod';
import { closedObject } from '../definition/closed-object.js';
import { describeValue } from '../definition/path.js';
import type { Redactor } from '../notify/redact.js';
import { redactExecution } from '../notify/redact-execution.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { type Execution, type ExecutionReason, executionStatuses } from '../record/execution.js';
import { createGiveWay } from '../record/give-way.js';
import { type ExecutionQuery, type ExecutionSelection, listExecutions, readExecution } from '../record/history.js';
import type { Page } from '../record/page.js';
import { isSortableId } from '../record/sortable-id.js';
import type { ExecutionFilter } from './cancel-executions.js';
import { exportExecutions } from './export-executions.js';
import { notFound } from './not-found.js';
import { pageLimitSchema } from './page-limit.js';
import { readOptions } from './refused-input.js';

/**
 * The history of what fired and what was skipped. Whatever it gives is without the secrets that this engine has read since it was made; what a
 * host put into an event or an author into a text stands in the storage as it came.
 */
export interface Executions {
  /**
   * Lists executions, newest first.
   *
   * @param query - Which, from where, how many; left out, the last 100 of all.
   * @returns A page, and the cursor of the next one, if there is more. Of executions that are large, a page has fewer than `limit`, but
   * at least one: it ends after about 2,000,000 characters.
   * @throws `invalid_options` for a query that can't be meant; `storage_unavailable`.
   */
  list(query?: ExecutionQuery): Promise<Page<Execution>>;
  /**
   * Reads one execution.
   *
   * @param id - Its id.
   * @returns The execution with its attempts, as it is now.
   * @throws `not_found`, `storage_unavailable`.
   */
  get(id: string): Promise<Execution>;
  /**
   * Writes executions as JSON lines, oldest first and all of them, however many: up to 16 are in memory at once.
   *
   * @param selection - Which; left out, all.
   * @returns Lines, each an execution as `get` gives it, with its line break: for `for await`, or `Readable.from`. Breaking off
   * ends the reading. Reading rejects with `storage_unavailable`.
   * @throws `invalid_options` for a selection that can't be meant.
   */
  export(selection?: ExecutionSelection): AsyncIterable<string>;
  /**
   * Sends again what has failed, was cancelled, or found no place: it waits behind what its destination has waiting already, also when its
   * automation is disabled or deleted by now. Its attempts stay; how long it may wait counts from now.
   *
   * @param id - Its id.
   * @returns The execution, pending.
   * @throws `not_found`; `not_retryable` when it is pending, finished, or skipped for another reason than `no_thread` and
   * `not_supported`; `revision_conflict` when it is changed again and again meanwhile; `storage_unavailable`.
   */
  retry(id: string): Promise<Execution>;
  /**
   * Calls off what is pending, with the reason `cancelled_by_hand`. What is being delivered at this moment may still arrive,
   * and then says `finished`.
   *
   * @param filter - Which; all parts that are given must fit, and `{}` is everything that waits.
   * @returns How many were called off.
   * @throws `invalid_options` without a filter, and for one that can't be meant; `storage_unavailable` when it could not call
   * off all of them: call it again.
   */
  cancel(filter: ExecutionFilter): Promise<number>;
}

const selectionParts = {
  automationId: z.string().optional(),
  status: z.enum(executionStatuses).optional(),
  since: z.number().optional(),
  until: z.number().optional(),
};

/** What `export` takes. */
const executionSelectionSchema = closedObject(selectionParts);

/** What `list` takes. */
const executionQuerySchema = closedObject({
  ...selectionParts,
  cursor: z
    .string()
    .refine(isSortableId, { error: ({ input }) => `Expected the cursor of a page before, got ${describeValue(input)}` })
    .optional(),
  limit: pageLimitSchema,
});

/** What `cancel` takes. */
const executionFilterSchema = closedObject({
  id: z.string().optional(),
  automationId: z.string().optional(),
  integrationId: z.string().optional(),
  since: z.number().optional(),
  until: z.number().optional(),
});

/** What {@link createExecutions} works with. */
interface ExecutionsOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly redactor: Redactor;
  retry(id: string): Promise<Execution>;
  cancel(filter: ExecutionFilter, reason: ExecutionReason): Promise<number>;
}

/** Makes the part of the engine that reads the history, and sends again or calls off what is in it. */
export function createExecutions({ storage, runtime, redactor, retry, cancel }: ExecutionsOptions): Executions {
  const clean = (execution: Execution): Execution => redactExecution(execution, redactor);
  return {
    async list(query) {
      const giveWay = createGiveWay(runtime, { isAwaited: true });
      const asked = readOptions('executions.list', executionQuerySchema, query);
      const { items: found, cursor } = await listExecutions(storage, asked, giveWay);
      const items: Execution[] = [];
      for (const execution of found) {
        items.push(clean(execution));
        await giveWay();
      }
      return { items, cursor };
    },
    async get(id) {
      const execution = typeof id === 'string' ? await readExecution(storage, id) : undefined;
      if (execution === undefined) throw notFound('execution', id);
      return clean(execution);
    },
    export: (selection) =>
      exportExecutions(storage, runtime, clean, readOptions('executions.export', executionSelectionSchema, selection)),
    retry: async (id) => clean(await retry(id)),
    // Left out, or misspelt in its variable, a filter must not call off everything.
    cancel: async (filter) =>
      cancel(readOptions('executions.cancel', executionFilterSchema, filter ?? null), 'cancelled_by_hand'),
  };
}
