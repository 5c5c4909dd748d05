import { isPlainObject } from '../definition/copy-json.js';
import type { Limits } from '../definition/limits.js';
import { describeValue, formatPath } from '../definition/path.js';
import type { Issue } from '../errors.js';
import { expectedMetricNumber, metricNumber, numberCharacters } from './metric-number.js';
import type { MetricValues } from './metric-values.js';

/** What {@link readMetrics} answers: the numbers that are fine, and what is wrong with the others. */
export interface MetricsReading {
  readonly numbers: MetricValues;
  readonly issues: readonly Issue[];
}

/** More only takes time: who sends so many wrong ones gets them all wrong. */
const mostIssues = 100;

/** No metrics at all. */
export const noNumbers: MetricValues = Object.freeze({ names: [], values: [] });

/** Reads the metrics of a `run.metrics`, whose names may be any text. */
export function readMetrics(metrics: unknown, limits: Limits): MetricsReading {
  if (!isPlainObject(metrics)) {
    const code = metrics === undefined ? 'required' : 'invalid_type';
    const message = `Expected names and numbers, got ${describeValue(metrics)}`;
    return { numbers: noNumbers, issues: [{ code, path: 'metrics', message }] };
  }
  const names = Object.keys(metrics);
  if (names.length > limits.eventMetrics) {
    const message = `Expected at most ${limits.eventMetrics} metrics, got ${names.length}`;
    return { numbers: noNumbers, issues: [{ code: 'limit_exceeded', path: 'metrics', message }] };
  }
  const issues: Issue[] = [];
  const read: string[] = [];
  const values: number[] = [];
  let characters = 0;
  for (const name of names) {
    characters += name.length + numberCharacters;
    if (characters > limits.eventCharacters || issues.length === mostIssues) break;
    const value = metrics[name];
    const number = metricNumber(value);
    if (number === undefined) {
      const path = formatPath(['metrics', name]);
      issues.push({ code: 'invalid_type', path, message: expectedMetricNumber(value) });
    } else {
      read.push(name);
      values.push(number);
    }
  }
  if (characters > limits.eventCharacters) {
    const message = `Expected at most ${limits.eventCharacters} characters in all, got more`;
    issues.push({ code: 'limit_exceeded', path: 'metrics', message });
  }
  return { numbers: { names: read, values }, issues };
}
