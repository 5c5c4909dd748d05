import { jsonNumber, metricNumber } from '../event/metric-number.js';
import type { JsonValue } from '../json.js';

/** Numbers as JSON can carry them: NaN and the infinities by their names. */
export function toNumberList(values: readonly number[]): JsonValue[] {
  return values.map(jsonNumber);
}

/** The numbers of such a list. */
export function fromNumberList(values: readonly JsonValue[]): number[] {
  return values.map((value) => metricNumber(value) ?? Number.NaN);
}
