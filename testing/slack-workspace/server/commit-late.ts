import type { ServerResponse } from 'node:http';
import type { WorkspaceState } from '../state/workspace-state.js';
import type { Operation } from './operation.js';

/** The fault under which a request is carried out when nobody waits for it any more. */
interface LateFault {
  readonly type: 'slow-headers';
  readonly afterRequests?: number;
}

/**
 * Lets the request that was logged last be carried out later, and its log then say so.
 *
 * @param response - stays unanswered; its end is the client's leaving
 */
export const commitLate = (
  state: WorkspaceState,
  fault: LateFault,
  operation: Operation,
  response: ServerResponse,
): void => {
  const index = state.requests.length - 1;
  const commit = (): void => {
    const logged = state.requests[index];
    const committed = operation.perform().outcome.type === 'ok';
    if (logged !== undefined)
      state.requests[index] = { ...logged, outcome: { type: 'fault', fault: fault.type, committed } };
  };
  const requestsLeft = fault.afterRequests ?? 0;
  if (requestsLeft > 0) state.lateCommits.push({ channelId: operation.channelId, requestsLeft, commit });
  else response.once('close', commit);
};
