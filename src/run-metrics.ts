import { isPlainObject } from './definition/copy-json.js';
import { describeValue } from './definition/path.js';
import { metricNumber } from './event/metric-number.js';
import { invalidCall } from './run-faults.js';

/**
 * The numbers among what a run logs: one value that is no number must not cost a training its other metrics.
 *
 * @param report - Told of each value that is none.
 * @throws `invalid_event` when it is no object; what reading it throws.
 */
export function numbersOf(
  metrics: unknown,
  report: (name: string, value: unknown) => void,
): Readonly<Record<string, unknown>> {
  if (typeof metrics !== 'object' || metrics === null) {
    throw invalidCall(`Expected metrics as an object, got ${describeValue(metrics)}`);
  }
  // The engine copies them.
  if (isPlainObject(metrics) && hasOnlyNumbers(metrics)) return metrics;
  const numbers: [string, unknown][] = [];
  for (const [name, value] of Object.entries(metrics)) {
    if (metricNumber(value) !== undefined) numbers.push([name, value]);
    else report(name, value);
  }
  return Object.fromEntries(numbers);
}

function hasOnlyNumbers(metrics: Readonly<Record<string, unknown>>): boolean {
  for (const name of Object.keys(metrics)) if (typeof metrics[name] !== 'number') return false;
  return true;
}

/**
 * The step that a run logs; one that is no number is no reason to lose the metrics either.
 *
 * @param report - Told of a step that is none.
 */
export function stepOf(
  options: { readonly step?: unknown } | undefined,
  report: (cause: unknown) => void,
): number | undefined {
  const step = options?.step;
  if (step === undefined || Number.isFinite(step)) return step as number | undefined;
  report(invalidCall(`Expected a finite number at step, got ${describeValue(step)}`));
  return undefined;
}
