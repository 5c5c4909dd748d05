import type { Execution } from '../../record/execution.js';
import { laneOf } from '../outbox.js';
import { withRedirectWords } from './fallback-words.js';
import { sentAnew } from './sent-anew.js';

/** What it takes to bring a message to the default channel. */
interface RedirectOptions {
  readonly nextId: () => string;
  /** In epoch milliseconds. */
  readonly nowMs: number;
}

/**
 * The execution that brings a message to the default channel of its routing, since its own channel refuses it.
 *
 * @param refused - The execution with its end.
 * @returns `undefined` when there is no such channel, or it is the same one.
 */
export function redirected(refused: Execution, { nextId, nowMs }: RedirectOptions): Execution | undefined {
  const { defaultDestination, destination, message, fallbackOf } = refused;
  if (defaultDestination === undefined || destination === undefined || message === undefined) return undefined;
  const isSame = laneOf({ action: refused.action, destination: defaultDestination }) === laneOf(refused);
  if (isSame || fallbackOf !== undefined) return undefined;
  // What stands under an alert that was moved itself need not say so again.
  const isUpdate = refused.thread?.role === 'update';
  return sentAnew(refused, {
    id: nextId(),
    nowMs,
    action: refused.action,
    destination: defaultDestination,
    message: isUpdate ? message : withRedirectWords(message, destination.channel),
  });
}
