import type { EmitAnswer } from './protocol.js';
import type { PlannedEvent } from './sequence.js';

/** One event at one process, from when it is planned until it is answered. */
export interface LoggedEmit {
  readonly planned: PlannedEvent;
  /** Which of the processes emits it. */
  readonly place: number;
  /** How often it was sent to a process: more than once where one was killed before, or soon after, it answered. */
  sends: number;
  /** When it was sent first. */
  sentAtMs: number;
  /** In the order of the processes. */
  readonly answers: LoggedAnswer[];
}

/** What an emit was answered. */
export interface LoggedAnswer extends EmitAnswer {
  readonly atMs: number;
  /** Which process answered, of all that there were. */
  readonly process: number;
}

/** How a process came to its end. */
export interface Life {
  /** When it was killed or told to close. */
  readonly endedAtMs: number;
  readonly isKilled: boolean;
}

/** What has been asked of the processes, and what they said. */
export interface EmitLog {
  /** Plans an event for a place. */
  plan(planned: PlannedEvent, place: number): LoggedEmit;
  answered(emit: LoggedEmit, answer: LoggedAnswer): void;
  /** Takes note of a process that is gone. */
  ended(process: number, life: Life): void;
  readonly emits: readonly LoggedEmit[];
  readonly lives: ReadonlyMap<number, Life>;
  /** The executions that answers told of. */
  readonly executionIds: ReadonlySet<string>;
}

/** Makes an empty log. */
export function createEmitLog(): EmitLog {
  const emits: LoggedEmit[] = [];
  const executionIds = new Set<string>();
  const lives = new Map<number, Life>();
  return {
    emits,
    lives,
    executionIds,
    plan(planned, place) {
      const emit: LoggedEmit = { planned, place, sends: 0, sentAtMs: Number.POSITIVE_INFINITY, answers: [] };
      emits.push(emit);
      return emit;
    },
    answered(emit, answer) {
      emit.answers.push(answer);
      for (const { executionId } of answer.fired) executionIds.add(executionId);
    },
    ended(process, life) {
      lives.set(process, life);
    },
  };
}
