import type { DeliveryError } from '../errors.js';
import type { Receipt } from '../ports/delivery.js';
import type { Attempt } from '../record/execution.js';
import type { Redactor } from './redact.js';

/** How much of a destination's answer is kept, in characters. */
const keptBodyCharacters = 4096;

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
    ...(error.body === undefined ? {} : { body: redactor.text(error.body).slice(0, keptBodyCharacters) }),
  };
}

/** What a destination answered, without secrets; an adapter of an outsider may echo anything. */
export function cleanReceipt(receipt: Receipt, redactor: Redactor): Receipt {
  const { channelId, channelName, messageId, status, note } = receipt;
  const texts = Object.entries({ channelId, channelName, messageId, note });
  const clean = texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, redactor.text(String(text))]]));
  return { ...Object.fromEntries(clean), ...(status === undefined ? {} : { status }) };
}
