import { integrationIdOf } from '../../definition/action.js';
import type { Storage } from '../../ports/storage.js';
import type { Execution, ExecutionReason } from '../../record/execution.js';
import { keys } from '../../record/keys.js';

/** After how long to look again for an integration that another process has made, in milliseconds. */
const newsMs = 1000;

/** After how long to look again for a message that another process may deliver, in milliseconds. */
const othersMs = 10_000;

/** What can't be carried out here, and why. */
interface Impossible {
  readonly reason: ExecutionReason;
  /** This process has the delivery or handler of the lane. */
  readonly isServed: boolean;
  /** This process has no delivery and no handler at all. */
  readonly isOnlooker: boolean;
  /** For how long another process may take it yet, in milliseconds. */
  readonly leftMs: number;
}

/**
 * Says how long to leave alone what this process can't carry out, because another one on the same storage may: it was given
 * the delivery or handler, or has just made the integration.
 *
 * @returns Milliseconds; `undefined` when nobody else will.
 */
export async function leaveToOthersMs(
  storage: Storage,
  { action }: Execution,
  { reason, isServed, isOnlooker, leftMs }: Impossible,
): Promise<number | undefined> {
  if (!storage.capabilities.shared) return undefined;
  if (isOnlooker) return othersMs;
  if (leftMs <= 0) return undefined;
  const isMissing = reason === 'delivery_missing' || reason === 'handler_missing';
  if (isMissing && !isServed) return Math.min(othersMs, leftMs);
  const integrationId = integrationIdOf(action);
  if (reason !== 'integration_deleted' || integrationId === undefined) return undefined;
  return (await storage.get(keys.integration(integrationId))) === undefined ? undefined : newsMs;
}
