import type { SlackFault, SlackFaultHandle, SlackWorkspace } from 'tocsin/testing';
import type { Random } from '../../examples/demo/seeded-random.js';

const faults: readonly SlackFault[] = [
  { type: 'commit-then-reset', method: 'chat.postMessage' },
  { type: 'commit-then-reset', method: 'chat.postMessage' },
  { type: 'commit-then-500', method: 'chat.postMessage' },
  { type: 'reset', method: 'chat.postMessage' },
  { type: 'http-503', method: 'chat.postMessage' },
  { type: '429', retryAfterSeconds: 1, method: 'chat.postMessage' },
  { type: 'slow-headers', commit: true, method: 'chat.postMessage' },
  { type: 'http-503', method: 'conversations.history' },
];

/** Lets the workspace go wrong now and then. */
export interface WorkspaceFaults {
  /** Perhaps scripts a fault. */
  draw(random: Random): void;
  /** Takes back what has not happened. */
  cancel(): void;
}

/** How often a fault is scripted when there is an opportunity. */
const share = 0.3;

/** Makes a workspace's faults. The first message that comes is taken without an answer: what becomes of such a one is always seen. */
export function createWorkspaceFaults(workspace: SlackWorkspace): WorkspaceFaults {
  const scripted: SlackFaultHandle[] = [workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' })];
  return {
    draw(random) {
      const isDue = random() < share;
      const fault = faults[Math.floor(random() * faults.length)];
      if (isDue && fault !== undefined) scripted.push(workspace.fault(fault));
    },
    cancel() {
      for (const fault of scripted) fault.cancel();
    },
  };
}
