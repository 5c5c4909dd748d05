import * as z from 'zod';
import { describeValue } from '../definition/path.js';
import { largestPageSize } from '../record/page.js';

/** How many of a list are wanted. More than a page holds, or none, would silently become another number. */
export const pageLimitSchema = z
  .number()
  .refine((limit) => Number.isSafeInteger(limit) && limit >= 1 && limit <= largestPageSize, {
    error: ({ input }) => `Expected a whole number from 1 to ${largestPageSize}, got ${describeValue(input)}`,
  })
  .optional();
