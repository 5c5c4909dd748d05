import type { Execution } from '../../record/execution.js';

/** How a message is brought elsewhere. */
interface SentAnew extends Pick<Execution, 'id' | 'action' | 'destination' | 'message'> {
  /** In epoch milliseconds. */
  readonly nowMs: number;
}

/** The execution that brings a message elsewhere: the same, from the beginning. Its thread is the one that stands there. */
export function sentAnew(original: Execution, { nowMs, ...anew }: SentAnew): Execution {
  const execution: Execution = {
    ...original,
    ...anew,
    defaultDestination: undefined,
    status: 'pending',
    reason: undefined,
    detail: undefined,
    receipt: undefined,
    fallbackOf: original.id,
    fallbackExecutionId: undefined,
    attempts: [],
    attemptsLeftOut: undefined,
    createdAt: nowMs,
    updatedAt: nowMs,
    // What a person asked for goes out, whatever became of its automation.
    retriedAt: original.retriedAt === undefined ? undefined : nowMs,
  };
  return Object.freeze(withoutUndefined(execution));
}

function withoutUndefined(execution: Execution): Execution {
  return Object.fromEntries(Object.entries(execution).filter(([, part]) => part !== undefined)) as unknown as Execution;
}
