import type { DeliveryError } from '../../errors.js';
import type { Receipt } from '../../ports/delivery.js';
import type { Attempt } from '../../record/execution.js';
import type { Redactor } from '../redact.js';

/** How much is kept of each text that an adapter or handler gives, in characters. */
const mostCharacters = 4096;

/** The same of an error's name. */
const mostNameCharacters = 1024;

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
    error: keptText(error.reason, redactor, mostNameCharacters),
    message: keptText(error.message, redactor),
    status: error.status,
    ...(error.ambiguous ? { ambiguous: true } : {}),
    ...(error.body === undefined ? {} : { body: keptText(error.body, redactor) }),
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
 * What a destination answered, without secrets. An adapter of an outsider may answer anything, nothing, or what throws when
 * it is read: the message has arrived all the same.
 */
export function cleanReceipt(receipt: unknown, redactor: Redactor): Receipt {
  if (typeof receipt !== 'object' || receipt === null) return {};
  try {
    return readReceipt(receipt, redactor);
  } catch {
    return {};
  }
}

function readReceipt(receipt: Receipt, redactor: Redactor): Receipt {
  const { channelId, channelName, messageId, permalink, status, body, note } = receipt;
  const pointers = Object.entries({ channelId, messageId, permalink });
  const texts = Object.entries({ channelName, note, body: body === '' ? undefined : body });
  return {
    // Cut, it would lead elsewhere.
    ...ofTexts(pointers, (text) => (text.length > mostCharacters ? [] : [redactor.text(text)])),
    ...ofTexts(texts, (text) => [keptText(text, redactor)]),
    ...(Number.isFinite(status) ? { status } : {}),
  };
}

/** Those of some parts that are texts, as they are kept. */
function ofTexts(parts: readonly (readonly [string, unknown])[], kept: (text: string) => readonly string[]): Receipt {
  return Object.fromEntries(
    parts.flatMap(([name, part]) => (typeof part === 'string' ? kept(part).map((text) => [name, text]) : [])),
  );
}

/**
 * A text as it is kept: cut after the secrets have been taken out, so that no half of one is left.
 *
 * @param most - How much of it, in characters.
 */
export function keptText(text: string, redactor: Redactor, most = mostCharacters): string {
  const clean = redactor.text(text);
  return clean.length <= most ? clean : clean.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}
