import type { Action } from '../definition/action.js';
import type { Write } from '../ports/storage.js';
import type { Execution } from '../record/execution.js';
import { storageKey } from '../record/keys.js';

/** The lane of an integration: one destination, one order. */
export function integrationLane(integrationId: string): string {
  return storageKey('integration', integrationId);
}

/** The lane in which an action is carried out; `undefined` when it is done as soon as it is recorded. */
export function laneOf(action: Action): string | undefined {
  switch (action.type) {
    case 'notification':
    case 'webhook':
      return integrationLane(action.integrationId);
    case 'handler':
      return storageKey('handler', action.name);
    case 'none':
      return undefined;
    default:
      return action satisfies never;
  }
}

/** The write that puts an execution at the tail of its lane; none when it needs no delivery. */
export function appendToOutbox(execution: Execution): Write[] {
  const lane = laneOf(execution.action);
  if (lane === undefined) return [];
  return [{ type: 'append', lane, id: execution.id, value: { executionId: execution.id } }];
}
