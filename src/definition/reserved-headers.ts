import { describeValue } from './path.js';

/** What frames a request, and what tells who sent it: an action that could set these could forge both. */
const reserved: readonly string[] = [
  'authorization',
  'connection',
  'content-*',
  'expect',
  'host',
  'keep-alive',
  'proxy-*',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-*',
  'x-wandb-signature',
];

/** A token of RFC 9110, section 5.6.2. */
const validName = /^[\w!#$%&'*+.^`|~-]+$/;

/** What a field value may have in it (RFC 9110, section 5.5): no line break, and nothing that is not one byte. */
const validValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Says what is wrong with a header that a webhook action gives; `undefined` when nothing is.
 *
 * @param name - Its name, in any case.
 * @param value - Its value, which is sent as it is.
 * @returns "Expected …, got …", without the value: it may be a secret.
 */
export function headerFault(name: string, value: string): string | undefined {
  const shown = describeValue(name);
  if (!validName.test(name)) return `Expected the name of an HTTP header, got ${shown}`;
  if (isReserved(name.toLowerCase())) return `Expected a header that tocsin does not set itself, got ${shown}`;
  if (validValue.test(value)) return undefined;
  return `Expected a value without line breaks, control characters and characters beyond U+00FF for the header ${shown}`;
}

function isReserved(name: string): boolean {
  return reserved.some((known) => (known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known));
}
