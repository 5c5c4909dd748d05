import { describeValue } from '../definition/path.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { MetricValues } from './metric-values.js';

const nonFiniteNumbers: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** For how many characters a metric's value counts where an event's size is measured. */
export const numberCharacters = 8;

/** The number that a metric's value stands for, or `undefined` when it is none. */
export function metricNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : typeof value === 'string' ? nonFiniteNumbers.get(value) : undefined;
}

/** A number as JSON can carry it: NaN and the infinities by their names. */
export function jsonNumber(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

/** The metrics of an event as JSON can carry them. */
export function metricsJson({ names, values }: MetricValues): JsonObject {
  return Object.fromEntries(names.map((name, index) => [name, jsonNumber(values[index] as number)]));
}

/** Says what could stand where a metric's value is none. */
export function expectedMetricNumber(value: unknown): string {
  return `Expected a number or "NaN", "Infinity", "-Infinity", got ${describeValue(value)}`;
}
