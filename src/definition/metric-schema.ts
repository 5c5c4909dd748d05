import * as z from 'zod';
import type { IssueCode } from '../errors.js';
import { closedObject } from './closed-object.js';
import { defaultZScoreWindow } from './filter-tree.js';
import type { Limits } from './limits.js';
import { describeValue } from './path.js';

const questions = ['$gt', '$gte', '$lt', '$lte', '$eq', '$ne', '$finite'] as const;

const aggregation = z.enum(['none', 'avg', 'min', 'max']).optional();
const direction = z.enum(['increase', 'decrease', 'any']).optional();
const name = z.string().min(1);
const aboveZero = z.number().gt(0);

/** The builder writes `.lt(3)` as -3, a number that nobody gave. */
const deviations = z.number().gt(0, {
  error: ({ input }) =>
    Number(input) < 0
      ? `Expected more than 0 (.lt() takes a number below 0, such as -3), got ${describeValue(input)}`
      : undefined,
});

/** The builder puts here what it was given, where that is neither `{ diff }` nor `{ frac }`. */
const changeKind = z.enum(['absolute', 'relative'], {
  error: ({ input }) =>
    input === undefined || typeof input === 'string'
      ? undefined
      : `Expected { diff } or { frac }, one of the two, got ${describeGivenChange(input)}`,
});

/** More would be a memory of every run of a project. */
const largestRunWindow = 1000;

/**
 * The zod schemas of the questions that a filter can ask a metric.
 *
 * @param limits - How large windows may be.
 */
export function createMetricSchemas(limits: Pick<Limits, 'windowValues'>) {
  const window = z.int().min(1).max(limits.windowValues);
  const samples = z.int().min(1);

  const threshold = closedObject({
    name,
    agg: aggregation,
    window: window.optional(),
    minSamples: samples.optional(),
    $gt: z.number().optional(),
    $gte: z.number().optional(),
    $lt: z.number().optional(),
    $lte: z.number().optional(),
    $eq: z.number().optional(),
    $ne: z.number().optional(),
    $finite: z.boolean().optional(),
  }).superRefine((condition, context) => {
    const fault = createFault(context);
    const count = questions.filter((key) => condition[key] !== undefined).length;
    if (count !== 1) fault([], `Expected exactly one of ${questions.join(' ')}, got ${count}`);
    if (condition.$finite !== undefined) {
      for (const key of ['agg', 'window', 'minSamples'] as const) {
        if (condition[key] !== undefined) fault([key], `Expected no ${key} beside $finite, got ${condition[key]}`);
      }
      return;
    }
    checkWindow(condition, 'window', fault);
    const { window: values = 1, minSamples = 1 } = condition;
    // A window that is itself too small is told already.
    if (minSamples > Math.max(values, 1)) {
      fault(['minSamples'], `Expected at most the window, ${values}, got ${minSamples}`);
    }
  });

  const change = closedObject({
    name,
    agg: aggregation,
    window: window.optional(),
    priorWindow: window.optional(),
    minSamples: samples.optional(),
    direction,
    kind: changeKind,
    amount: aboveZero,
  }).superRefine((condition, context) => {
    const fault = createFault(context);
    checkWindow(condition, 'window', fault);
    if (condition.priorWindow !== undefined) checkWindow(condition, 'priorWindow', fault);
    const { window: current = 1, priorWindow = current, minSamples = 1 } = condition;
    const both = current + priorWindow;
    if (minSamples > Math.max(both, 1))
      fault(['minSamples'], `Expected at most both windows, ${both}, got ${minSamples}`);
  });

  const zscore = closedObject({
    name,
    window: window.min(2).optional(),
    threshold: deviations,
    direction,
    over: z.enum(['run', 'project']).optional(),
    minSamples: samples.min(2).optional(),
  }).superRefine((condition, context) => {
    const fault = createFault(context);
    const { window: values = defaultZScoreWindow, minSamples = 2, over } = condition;
    if (minSamples > Math.max(values, 2)) {
      fault(['minSamples'], `Expected at most the window, ${values}, got ${minSamples}`);
    }
    if (over === 'project' && values > largestRunWindow) {
      fault(['window'], `Expected at most ${largestRunWindow} runs, got ${values}`, 'limit_exceeded');
    }
  });

  return { threshold, change, zscore };
}

/** In the builder's list stand the names that were given, or the one value that was given instead. */
function describeGivenChange(given: unknown): string {
  if (!Array.isArray(given)) return describeValue(given);
  if (given.length === 1) return describeValue(given[0]);
  return given.length === 0 ? 'neither' : 'both';
}

type Fault = (path: string[], message: string, code?: IssueCode) => void;

function createFault(context: z.RefinementCtx): Fault {
  return (path, message, code = 'invalid_value') =>
    context.addIssue({ code: 'custom', path, message, params: { code } });
}

/** An aggregation needs a window; without one there is only the last value. */
function checkWindow(
  condition: { readonly agg?: string | undefined; readonly window?: unknown; readonly priorWindow?: unknown },
  key: 'window' | 'priorWindow',
  fault: Fault,
): void {
  const { agg = 'none' } = condition;
  const window = condition[key];
  if (agg !== 'none' && window === undefined) fault([key], `Expected a window for ${agg}, got nothing`, 'required');
  if (agg === 'none' && window !== undefined && window !== 1) {
    fault([key], `Expected 1 without agg avg, min or max, got ${window}`);
  }
}
