import type { DeliveryError } from '../../errors.js';
import type { Receipt } from '../../ports/delivery.js';
import type { Attempt } from '../../record/execution.js';
import type { Redactor } from '../redact.js';

/** How much of a destination's answer is kept, in characters. */
const keptBodyCharacters = 4096;

/** With these words an adapter's note says that it could not find out whether an earlier attempt had arrived. */
const duplicateWords = 'may be a duplicate';

/** The record of an attempt that failed, without secrets. */
export function failedAttempt(
  error: DeliveryError,
  timing: Pick<Attempt, 'at' | 'durationMs' | 'plainText'>,
  redactor: Redactor,
): Attempt {
  return {
    ...timing,
    outcome: 'failed',
    kind: error.kind,
    error: redactor.text(error.reason),
    message: redactor.text(error.message),
    status: error.status,
    ...(error.ambiguous ? { ambiguous: true } : {}),
    ...(error.body === undefined ? {} : { body: keptBody(error.body, redactor) }),
  };
}

/** The record of an attempt that arrived. */
export function deliveredAttempt(
  { status, note }: Receipt,
  timing: Pick<Attempt, 'at' | 'durationMs' | 'plainText'>,
): Attempt {
  const isInDoubt = note?.includes(duplicateWords) === true;
  return { ...timing, outcome: 'delivered', status, ...(isInDoubt ? { mayBeDuplicate: true } : {}) };
}

/**
 * What a destination answered, without secrets. An adapter of an outsider may answer anything, or nothing: the message
 * has arrived all the same.
 */
export function cleanReceipt(receipt: unknown, redactor: Redactor): Receipt {
  if (typeof receipt !== 'object' || receipt === null) return {};
  const { channelId, channelName, messageId, permalink, status, body, note } = receipt as Receipt;
  const texts = Object.entries({ channelId, channelName, messageId, permalink, note });
  const clean = texts.flatMap(([name, text]) => (typeof text === 'string' ? [[name, redactor.text(text)]] : []));
  return {
    ...Object.fromEntries(clean),
    ...(Number.isFinite(status) ? { status } : {}),
    ...(typeof body === 'string' && body !== '' ? { body: keptBody(body, redactor) } : {}),
  };
}

/** Cut after the secrets have been taken out, so that no half of one is left. */
function keptBody(body: string, redactor: Redactor): string {
  return redactor.text(body).slice(0, keptBodyCharacters);
}
