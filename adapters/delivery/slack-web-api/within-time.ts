import { DeliveryError } from '../../../src/index.js';
import type { SlackSession } from './call-slack.js';

/** How long looking something up may take as a whole, in milliseconds: an attempt has to have time left for posting. */
const longestLookUpMs = 5_000;

/**
 * How long one look-up may take as a whole, however many calls it makes.
 *
 * @param session - The attempt.
 * @returns Milliseconds; where a call may take less than five seconds, as long as one call.
 */
export function lookUpMs({ timeoutMs }: SlackSession): number {
  return Math.min(longestLookUpMs, timeoutMs);
}

/**
 * Makes several calls that may not take longer together than a given time.
 *
 * @param session - The attempt.
 * @param limitMs - How long, in milliseconds.
 * @param work - Makes the calls, with a session that ends with the time or with the attempt.
 * @returns What `work` returns.
 * @throws What `work` throws; when the time is up, a `DeliveryError` of kind `unavailable` and reason `timeout`.
 */
export async function withinTime<Session extends SlackSession, Answer>(
  session: Session,
  limitMs: number,
  work: (limited: Session) => Promise<Answer>,
): Promise<Answer> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, limitMs);
  session.signal.addEventListener('abort', stop, { once: true });
  if (session.signal.aborted) stop();
  try {
    return await work({ ...session, signal: controller.signal });
  } catch (error) {
    const isLate = controller.signal.aborted && !session.signal.aborted;
    throw isLate && DeliveryError.is(error) && error.reason === 'aborted' ? late(error, limitMs) : error;
  } finally {
    clearTimeout(timer);
    session.signal.removeEventListener('abort', stop);
  }
}

function late({ ambiguous }: DeliveryError, limitMs: number): DeliveryError {
  const message = `Slack took longer than ${limitMs} ms`;
  return new DeliveryError({ kind: 'unavailable', reason: 'timeout', message, ambiguous });
}
