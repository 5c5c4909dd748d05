import { TocsinError } from '../../../src/index.js';

/** Above it `setTimeout` and `AbortSignal.timeout` overflow. */
const maxMs = 2_147_483_647;

/**
 * Checks an option that is a time span.
 *
 * @param name - The option's name.
 * @param value - What was given.
 * @returns The same, in milliseconds.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function positiveMs(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0 && value <= maxMs) {
    return value;
  }
  throw new TocsinError({
    code: 'invalid_options',
    message: `Expected ${name} to be a whole number of milliseconds from 1 to ${maxMs}, got ${value}`,
  });
}
