import * as z from 'zod';

/** More would not be read. */
const mostTold = 15;

/** How the words begin with which a closed object tells its keys; `fromZodIssues` appends them. */
export const allowedKeysPrefix = 'there may be ';

/**
 * The zod schema of an object that has no further keys, and says which it may have where another is found.
 *
 * @param shape - Its keys, each with its schema.
 */
export function closedObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const keys = Object.keys(shape);
  const more = keys.length > mostTold ? ' …' : '';
  const words = `${allowedKeysPrefix}${keys.slice(0, mostTold).join(' ')}${more}`;
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? words : undefined) });
}
