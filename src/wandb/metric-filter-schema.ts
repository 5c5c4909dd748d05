import * as z from 'zod';

/** W&B's SDK takes these where it is told nothing. */
const defaultZScore = { windowSize: 30, threshold: 3 };

/** W&B's enumerations are read in any case, as by their SDK. */
function anyCase<const Values extends readonly string[]>(values: Values) {
  return z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(values));
}

const name = z.string().min(1);
const windowSize = z.int().min(1);
const aggregation = anyCase(['AVERAGE', 'MIN', 'MAX']).nullish();
const direction = anyCase(['INCREASE', 'DECREASE', 'ANY']);

export const thresholdSchema = z.strictObject({
  name,
  agg_op: aggregation,
  window_size: windowSize.default(1),
  cmp_op: z.enum(['$gt', '$gte', '$lt', '$lte', '$eq', '$ne']),
  threshold: z.number(),
});

const changeSchema = z.strictObject({
  name,
  agg_op: aggregation,
  current_window_size: windowSize.default(1),
  prior_window_size: windowSize.nullish(),
  change_type: anyCase(['ABSOLUTE', 'RELATIVE']),
  change_dir: direction,
  change_amount: z.number().gt(0),
});

const zscoreSchema = z.strictObject({
  name,
  window_size: windowSize.default(defaultZScore.windowSize),
  threshold: z.number().gt(0).default(defaultZScore.threshold),
  change_dir: direction.default('ANY'),
});

function questionCount(filter: object): number {
  return Object.values(filter).filter((each) => each !== null && each !== undefined).length;
}

/** W&B's `run_metric_filter`: one of three questions. */
export const metricFilterSchema = z
  .strictObject({
    threshold_filter: thresholdSchema.nullish(),
    change_filter: changeSchema.nullish(),
    zscore_filter: zscoreSchema.nullish(),
  })
  .refine((filter) => questionCount(filter) === 1, {
    error: ({ input }) =>
      `Expected exactly one of threshold_filter, change_filter and zscore_filter, got ${questionCount(input as object)}`,
    when: ({ issues }) => issues.length === 0,
  });

const state = anyCase(['RUNNING', 'FINISHED', 'FAILED']);

/** W&B's `run_state_filter`. */
export const stateFilterSchema = z.strictObject({
  states: z.union([state.transform((one) => [one]), z.array(state).min(1)]),
});

/** W&B's comparison of a metric with a number. */
export type WireThreshold = z.infer<typeof thresholdSchema>;

/** W&B's question how far a metric has moved. */
export type WireChange = z.infer<typeof changeSchema>;

/** W&B's question how unusual a metric is. */
export type WireZScore = z.infer<typeof zscoreSchema>;

/** W&B's question to a metric. */
export type WireMetricFilter = z.infer<typeof metricFilterSchema>;
