import * as z from 'zod';
import { fieldAliases } from './aliases.js';
import { closedObject } from './closed-object.js';
import { runStates } from './event-type.js';
import type { FilterJson } from './filter.js';
import type { Limits } from './limits.js';
import { createMetricSchemas } from './metric-schema.js';
import { describeValue } from './path.js';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * The zod schema of a filter's JSON.
 *
 * @param limits - How large windows may be.
 */
export function createFilterSchema(limits: Pick<Limits, 'windowValues'>): z.ZodType<FilterJson> {
  const fieldTest = closedObject({
    $eq: scalar.optional(),
    $ne: scalar.optional(),
    $gt: scalar.optional(),
    $gte: scalar.optional(),
    $lt: scalar.optional(),
    $lte: scalar.optional(),
    $in: z.array(scalar).optional(),
    $nin: z.array(scalar).optional(),
    $exists: z.boolean().optional(),
    // What it compiles to is checked for all patterns of a filter together.
    $regex: z.string().optional(),
    $contains: z.string().optional(),
    $size: z.int().min(0).optional(),
    $all: z.array(scalar).optional(),
  }).refine((test) => Object.keys(test).length > 0, {
    error: 'Expected an operator such as $eq, got none',
    when: ({ issues }) => issues.length === 0,
  });

  const metric = createMetricSchemas(limits);
  const state = z.enum(runStates);
  const filter: z.ZodType<FilterJson> = z.lazy(() => filterObject);
  const filterObject = z
    .object(
      {
        $and: z.array(filter).optional(),
        $or: z.array(filter).optional(),
        $nor: z.array(filter).optional(),
        $not: filter.optional(),
        $metric: metric.threshold.optional(),
        $change: metric.change.optional(),
        $zscore: metric.zscore.optional(),
        $state: z.union([state.transform((one) => [one]), z.array(state).min(1)]).optional(),
      },
      {
        error: ({ code, input }) =>
          code === 'invalid_type' && Array.isArray(input)
            ? 'Expected a filter, got a list; combine filters with and(…)'
            : undefined,
      },
    )
    .catchall(z.union([scalar, fieldTest]))
    .superRefine(
      (value, context) => {
        for (const key of Object.keys(value)) {
          const message = keyFault(key);
          if (message === undefined) continue;
          context.addIssue({ code: 'custom', path: [key], message, params: { code: 'unknown_key' } });
        }
      },
      // Also where the value of such a key was not understood.
      { when: ({ value }) => typeof value === 'object' && value !== null },
    );
  return filterObject as unknown as z.ZodType<FilterJson>;
}

function keyFault(key: string): string | undefined {
  // Left over by `withoutAliases` where both names stand.
  if (Object.hasOwn(fieldAliases, key)) return `Expected either "${fieldAliases[key]}" or "${key}", got both`;
  if (!key.startsWith('$') || knownOperators.includes(key)) return undefined;
  return `Expected ${knownOperators.join(' ')} or a field, got ${describeValue(key)}`;
}

const knownOperators: readonly string[] = ['$and', '$or', '$nor', '$not', '$metric', '$change', '$zscore', '$state'];
