/** The numbers of a `run.metrics`, name by name. */
export interface MetricValues {
  /** Each once, in the order of the event. */
  readonly names: readonly string[];
  /** The number of the name with the same index; NaN and the infinities too. */
  readonly values: readonly number[];
}

/** The number that a metric has, or `undefined` when it is not among them. */
export function metricValueOf({ names, values }: MetricValues, name: string): number | undefined {
  const index = names.indexOf(name);
  return index < 0 ? undefined : values[index];
}
