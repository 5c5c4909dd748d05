import type { Execution } from './execution.js';

/** Since when an execution waits to be delivered, in epoch milliseconds: giving up, lag and fallback count from then. */
export function waitingSince({ retriedAt, createdAt }: Pick<Execution, 'retriedAt' | 'createdAt'>): number {
  return retriedAt ?? createdAt;
}
