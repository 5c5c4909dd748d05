import type { LaneEntry, Storage } from '../../ports/storage.js';
import type { DeliveryLagging } from '../../record/engine-events.js';
import type { Execution } from '../../record/execution.js';
import { readExecution } from '../../record/history.js';
import type { IntegrationStore } from '../../record/integration-store.js';
import { integrationOfLane, readEntry } from '../outbox.js';
import type { LanePhase } from './options.js';

/** What is known of a lane that lags. */
interface LaggingLane {
  readonly name: string;
  readonly oldest: LaneEntry;
  readonly phase: LanePhase;
  /** The error of the lane's last attempt; `undefined` when that had none. */
  readonly lastError: string | undefined;
  /** How many wait in it, as far as this process knows. */
  readonly undelivered: number;
}

/** Writes what is to be told of a lane that lags. */
export async function describeLagging(
  storage: Storage,
  integrations: IntegrationStore,
  nowMs: number,
  { name, oldest, phase, lastError, undelivered }: LaggingLane,
): Promise<DeliveryLagging> {
  const { executionId, waitingSinceMs } = readEntry(oldest);
  // Without the record it is told all the same: the storage may fail just then.
  const execution = await readExecution(storage, executionId).catch(() => undefined);
  const action = execution?.action;
  const integrationId = integrationOfLane(name);
  const isDisabled = integrationId !== undefined && integrations.get(integrationId)?.status === 'disabled';
  return {
    ...(integrationId === undefined ? {} : { integrationId }),
    ...(execution?.destination === undefined ? {} : { channel: execution.destination.channel }),
    ...(action?.type === 'handler' ? { handler: action.name } : {}),
    executionId,
    waitingSince: waitingSinceMs,
    waitedMs: nowMs - waitingSinceMs,
    undelivered: Math.max(undelivered, 1),
    reason: isDisabled ? 'integration_disabled' : (errorOf(execution) ?? lastError ?? reasonOf(phase)),
  };
}

/** The error of its last attempt since it waits. */
function errorOf(execution: Execution | undefined): string | undefined {
  const { attempts = [], retriedAt = 0 } = execution ?? {};
  const last = attempts.at(-1);
  return last === undefined || last.at < retriedAt ? undefined : last.error;
}

function reasonOf(phase: LanePhase): string {
  return phase === 'pacing' ? 'pacing' : 'in_progress';
}
