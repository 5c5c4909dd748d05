import { DeliveryError, type Receipt } from '../../../src/index.js';
import { bodyExcerpt } from './body-excerpt.js';
import type { Answer } from './post.js';
import { retryAfterMs } from './retry-after.js';

/** What is known besides the answer. */
export interface AnswerContext {
  /** Removed from everything that is kept. */
  readonly secrets: readonly string[];
  /** The time now, in epoch milliseconds. */
  readonly nowMs: number;
}

/** The receiver has not taken the request, and may take the same one later. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Tells by its status what an answer means.
 *
 * @param answer - The answer.
 * @param context - What else is known.
 * @returns The receipt, for a 2xx.
 * @throws `DeliveryError` for every other status.
 */
export function receiptOf(answer: Answer, { secrets, nowMs }: AnswerContext): Receipt {
  const { status } = answer;
  const body = bodyExcerpt(answer.body, secrets);
  if (status >= 200 && status < 300) return { status, ...(body === undefined ? {} : { body }) };
  const facts = { status, body, reason: `http_${status}`, message: `The receiver answered ${status}` };
  if (status >= 500 || passing.has(status)) {
    throw new DeliveryError({
      ...facts,
      kind: 'unavailable',
      ambiguous: status >= 500,
      retryAfterMs: retryAfterMs(answer.retryAfter, nowMs),
    });
  }
  if (status === 410) {
    const message = 'The receiver answered 410: it wants no more';
    throw new DeliveryError({ ...facts, kind: 'channel', reason: 'gone', message });
  }
  if (status < 400) {
    const message = `The receiver answered ${status}, a redirect, which is not followed: give the URL to which it leads`;
    throw new DeliveryError({ ...facts, kind: 'message', reason: 'redirect_refused', message });
  }
  throw new DeliveryError({ ...facts, kind: 'message' });
}
