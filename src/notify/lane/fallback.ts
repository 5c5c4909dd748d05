import type { Action } from '../../definition/action.js';
import { type Integration, mayUse } from '../../definition/integration.js';
import type { Delivery } from '../../ports/delivery.js';
import type { Runtime } from '../../ports/runtime.js';
import type { LaneEntry, Step, Storage } from '../../ports/storage.js';
import type { Execution } from '../../record/execution.js';
import { putExecution } from '../../record/execution-writes.js';
import type { IntegrationStore } from '../../record/integration-store.js';
import { waitingSince } from '../../record/waiting-since.js';
import { appendToOutbox, integrationOfLane, isBoundToThread, readEntry } from '../outbox.js';
import { withFallbackWords } from './fallback-words.js';
import { readPending } from './pending-record.js';
import { sentAnew } from './sent-anew.js';

/** What a {@link LaneFallback} works with. */
export interface LaneFallbackOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly integrations: IntegrationStore;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly nextId: () => string;
  /** After how long a message that waits goes to the fallback, in milliseconds. */
  readonly fallbackAfterMs: number;
  /**
   * Told when a message has been sent on.
   *
   * @param execution - The one that brings it to the fallback.
   */
  sentOn(original: Execution, execution: Execution): void;
  /** Told that somebody else may have written it already: nobody can tell. */
  perhapsSentOn(execution: Execution): void;
}

/** Sends on what waits too long in one lane: each message once, to the fallback of the lane's integration. */
export interface LaneFallback {
  /** When an entry is to go, in epoch milliseconds; `undefined` when there is nowhere to go. */
  dueMs(entry: LaneEntry): number | undefined;
  /** Reads what is due, and says how each is sent on. */
  plan(entries: readonly LaneEntry[]): Promise<readonly Move[]>;
  /** What had to stay may go now: an integration has changed. */
  forget(): void;
  readonly afterMs: number;
}

/** How one message is sent on. */
interface Move {
  readonly step: Step;
  /** To be told whether the step was written. */
  tried(isWritten: boolean): void;
}

/** Makes the fallback of a lane. A handler has none. */
export function createLaneFallback(lane: string, options: LaneFallbackOptions): LaneFallback {
  const { storage, runtime, integrations, deliveries, nextId, fallbackAfterMs } = options;
  const integrationId = integrationOfLane(lane);
  const staying = new Set<string>();

  const find = (id: string | undefined): Integration | undefined =>
    id === undefined ? undefined : integrations.get(id);

  /** A fallback that is deleted, disabled or served by nobody here is none: the message goes on waiting. */
  const findFallback = (): Integration | undefined => {
    const fallback = find(find(integrationId)?.fallbackIntegrationId);
    return fallback?.status === 'ok' && deliveries.has(fallback.delivery) ? fallback : undefined;
  };

  const dueMs = (entry: LaneEntry): number | undefined => {
    if (findFallback() === undefined) return undefined;
    const { id, isBound, waitingSinceMs } = readEntry(entry);
    return isBound || staying.has(id) ? undefined : waitingSinceMs + fallbackAfterMs;
  };

  const planOne = async (entry: LaneEntry, fallback: Integration): Promise<Move | undefined> => {
    const pending = await readPending(storage, entry);
    if (pending.execution === undefined || !takes(fallback, pending.execution, deliveries)) {
      staying.add(entry.id);
      return undefined;
    }
    const { execution: original, condition } = pending;
    const nowMs = runtime.now();
    const from = original.destination?.channel ?? find(integrationId)?.name ?? 'the integration';
    const execution = executionOf(original, { id: nextId(), fallback, from, nowMs });
    const cancelled: Execution = {
      ...original,
      status: 'cancelled',
      reason: 'sent_to_fallback',
      fallbackExecutionId: execution.id,
      updatedAt: nowMs,
    };
    return {
      step: {
        when: [condition],
        write: [
          ...putExecution(cancelled, original.status),
          { type: 'remove', lane, id: entry.id },
          ...putExecution(execution),
          ...appendToOutbox(execution),
        ],
      },
      tried: (isWritten) => (isWritten ? options.sentOn(original, execution) : options.perhapsSentOn(execution)),
    };
  };

  return {
    dueMs,
    async plan(entries) {
      const fallback = findFallback();
      if (fallback === undefined) return [];
      const nowMs = runtime.now();
      const due = entries.filter((entry) => (dueMs(entry) ?? Number.POSITIVE_INFINITY) <= nowMs);
      const moves = await Promise.all(due.map((entry) => planOne(entry, fallback)));
      return moves.filter((move) => move !== undefined);
    },
    forget: () => staying.clear(),
    afterMs: fallbackAfterMs,
  };
}

/** Whether an integration can take an execution's message, and its automation may use it. */
function takes(fallback: Integration, execution: Execution, deliveries: ReadonlyMap<string, Delivery>): boolean {
  const { action, entity, fallbackOf } = execution;
  if (fallbackOf !== undefined || isBoundToThread(execution) || !mayUse(entity, fallback)) return false;
  switch (action.type) {
    case 'notification':
      return true;
    case 'webhook':
      return fallback.type === 'webhook' && deliveries.get(fallback.delivery)?.deliverPayload !== undefined;
    case 'handler':
    case 'none':
      return false;
    default:
      return action satisfies never;
  }
}

interface SentOn {
  readonly id: string;
  readonly fallback: Integration;
  /** The name of the channel or integration that it has waited for. */
  readonly from: string;
  readonly nowMs: number;
}

function executionOf(original: Execution, { id, fallback, from, nowMs }: SentOn): Execution {
  const { message } = original;
  return sentAnew(original, {
    id,
    nowMs,
    action: { ...original.action, integrationId: fallback.id } as Action,
    // The fallback's own channel.
    destination: undefined,
    message: message === undefined ? undefined : withFallbackWords(message, from, nowMs - waitingSince(original)),
  });
}
