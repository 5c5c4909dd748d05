import type { QueuedFault, SlackFault, SlackFaultHandle } from '../faults.js';
import { lookUpChannel } from './channels.js';
import type { WorkspaceState } from './workspace-state.js';

/** Queues a fault; faults that match the same request are used up in the order they were queued. */
export const queueFault = (state: WorkspaceState, fault: SlackFault): SlackFaultHandle => {
  const queued: QueuedFault = { fault, remaining: fault.times ?? 1 };
  state.faults.push(queued);
  return {
    get remaining() {
      return queued.remaining;
    },
    cancel: () => {
      queued.remaining = 0;
    },
  };
};

/** The fault that hits this request, if one does; it is used up by one. */
export const takeFault = (
  state: WorkspaceState,
  request: { readonly method: string; readonly channelId: string | undefined },
): SlackFault | undefined => {
  const index = state.faults.findIndex(({ fault, remaining }) => {
    if (remaining === 0) return false;
    if (fault.method !== undefined && fault.method !== request.method) return false;
    if (fault.channel === undefined) return true;
    return request.channelId !== undefined && lookUpChannel(state, fault.channel)?.id === request.channelId;
  });
  const queued = state.faults[index];
  if (queued === undefined) return undefined;
  queued.remaining -= 1;
  if (queued.remaining === 0) state.faults.splice(index, 1);
  return queued.fault;
};
