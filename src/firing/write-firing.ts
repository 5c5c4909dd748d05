import { integrationIdOf } from '../definition/action.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { JsonObject } from '../json.js';
import { laneOf } from '../notify/outbox.js';
import type { Runtime } from '../ports/runtime.js';
import type { Execution } from '../record/execution.js';
import { type ThreadRecord, threadRecord } from '../record/thread.js';
import { type Candidate, executionOf } from './candidate.js';
import type { Firing } from './commit-plan.js';

/** What records are written with. */
export interface FiringWriter {
  readonly conditions: JsonObject;
  readonly runtime: Runtime;
  readonly nextId: () => string;
}

/**
 * Writes the records of a firing: one for each thing that it does.
 *
 * @returns `undefined` when it goes nowhere, since routing was to find its channels and there is none.
 */
export function writeFiring(
  candidate: Candidate,
  event: ParsedEvent,
  { conditions, runtime, nextId }: FiringWriter,
): Pick<Firing, 'executions' | 'threads'> | undefined {
  const { action, targets } = candidate.resolve();
  if (targets.length === 0) return undefined;
  const written = targets.map((target) => {
    // Before the id, whose time is what a list goes by: asked for what was created since then, it is in it.
    const createdAt = runtime.now();
    const id = nextId();
    const execution = executionOf(candidate, event, {
      id,
      status: action.type === 'none' ? 'finished' : 'pending',
      createdAt,
      conditions,
      action,
      ...(target.reaction === undefined && target.message === undefined ? candidate.content(id) : {}),
      ...target,
    });
    return { execution, threads: threadsOf(execution) };
  });
  return {
    executions: written.map(({ execution }) => execution),
    threads: written.flatMap(({ threads }) => threads),
  };
}

/**
 * The thread that an execution may open, and to which later events can refer before it has arrived. To one of an automation
 * none does, so it is recorded when its first message has arrived.
 */
function threadsOf(execution: Execution): ThreadRecord[] {
  const { thread } = execution;
  if (thread === undefined || thread.role === 'update' || thread.kind === 'automation') return [];
  const lane = laneOf(execution);
  const integrationId = integrationIdOf(execution.action);
  if (lane === undefined || integrationId === undefined) return [];
  return [threadRecord(execution, thread, { lane, integrationId })];
}
