import * as z from 'zod';
import type { IssueCode } from '../errors.js';
import { fieldAliases } from './aliases.js';
import { runStates } from './event-type.js';
import type { FilterJson } from './filter.js';
import type { Limits } from './limits.js';
import { describeValue } from './path.js';
import { patternFault } from './pattern.js';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const comparisonKeys = ['$gt', '$gte', '$lt', '$lte', '$eq', '$ne'] as const;

/**
 * The zod schema of a filter's JSON.
 *
 * @param limits - How large windows and patterns may be.
 */
export function createFilterSchema(limits: Limits): z.ZodType<FilterJson> {
  const pattern = z.string().superRefine((value, context) => {
    const fault = patternFault(value, limits);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, params: { code: 'invalid_pattern' } });
  });

  const fieldTest = z
    .strictObject({
      $eq: scalar.optional(),
      $ne: scalar.optional(),
      $gt: scalar.optional(),
      $gte: scalar.optional(),
      $lt: scalar.optional(),
      $lte: scalar.optional(),
      $in: z.array(scalar).optional(),
      $nin: z.array(scalar).optional(),
      $exists: z.boolean().optional(),
      $regex: pattern.optional(),
      $contains: z.string().optional(),
    })
    .refine((test) => Object.keys(test).length > 0, {
      error: 'Expected an operator such as $eq, got none',
      when: ({ issues }) => issues.length === 0,
    });

  const window = z.int().min(1).max(limits.windowValues);
  const metricCondition = z
    .strictObject({
      name: z.string().min(1),
      agg: z.enum(['none', 'avg', 'min', 'max']).optional(),
      window: window.optional(),
      minSamples: z.int().min(1).optional(),
      $gt: z.number().optional(),
      $gte: z.number().optional(),
      $lt: z.number().optional(),
      $lte: z.number().optional(),
      $eq: z.number().optional(),
      $ne: z.number().optional(),
    })
    .superRefine((condition, context) => {
      const fault = (path: string[], message: string, code: IssueCode = 'invalid_value'): void =>
        context.addIssue({ code: 'custom', path, message, params: { code } });
      const count = comparisonKeys.filter((key) => condition[key] !== undefined).length;
      if (count !== 1) fault([], `Expected exactly one of ${comparisonKeys.join(' ')}, got ${count}`);
      const aggregated = condition.agg !== undefined && condition.agg !== 'none';
      if (aggregated && condition.window === undefined) {
        return fault(['window'], `Expected a window for ${condition.agg}, got nothing`, 'required');
      }
      const { window = 1, minSamples = 1 } = condition;
      if (!aggregated && window !== 1) fault(['window'], `Expected 1 without agg avg, min or max, got ${window}`);
      if (minSamples > Math.max(window, 1)) {
        fault(['minSamples'], `Expected at most the window, ${window}, got ${minSamples}`);
      }
    });

  const state = z.enum(runStates);
  const filter: z.ZodType<FilterJson> = z.lazy(() => filterObject);
  const filterObject = z
    .object({
      $and: z.array(filter).optional(),
      $or: z.array(filter).optional(),
      $nor: z.array(filter).optional(),
      $not: filter.optional(),
      $metric: metricCondition.optional(),
      $state: z.union([state.transform((one) => [one]), z.array(state).min(1)]).optional(),
    })
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
  if (!key.startsWith('$') || key in knownOperators) return undefined;
  return `Expected ${Object.keys(knownOperators).join(' ')} or a field, got ${describeValue(key)}`;
}

const knownOperators = { $and: true, $or: true, $nor: true, $not: true, $metric: true, $state: true };
