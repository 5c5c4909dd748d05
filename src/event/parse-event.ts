import { copyJson, isPlainObject } from '../definition/copy-json.js';
import { type EventType, eventFamily, isEventType } from '../definition/event-type.js';
import { expectedEventType } from '../definition/expected-event-type.js';
import type { Limits } from '../definition/limits.js';
import { describeThrown, describeValue } from '../definition/path.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import type { Issue } from '../errors.js';
import type { JsonObject } from '../json.js';
import { buildEvent, type EventJson } from './build-event.js';
import { eventSchema } from './event-schema.js';
import { jsonNumber } from './metric-number.js';
import type { ParsedEvent } from './parsed-event.js';
import { type MetricsReading, noNumbers, readMetrics } from './read-metrics.js';
import { readPlainMetrics } from './read-plain-metrics.js';

/** What {@link parseEvent} answers. */
export type ParsedEventResult =
  | { readonly event: ParsedEvent; readonly issues?: undefined }
  | { readonly issues: readonly Issue[]; readonly event?: undefined };

/**
 * Checks and copies what a host emitted.
 *
 * @param input - Anything.
 * @param nowMs - The event's time where it gives none.
 * @returns The event, or what is wrong with it.
 */
export function parseEvent(input: unknown, nowMs: number, limits: Limits): ParsedEventResult {
  try {
    const plain = readPlainMetrics(input, nowMs, limits);
    return plain === undefined ? parseFully(input, nowMs, limits) : { event: plain };
  } catch (error) {
    // A getter or proxy of the host that throws while it is read.
    return {
      issues: [{ code: 'invalid_value', path: '', message: `Reading the event failed: ${describeThrown(error)}` }],
    };
  }
}

/** {@link parseEvent} without the short way for ordinary metrics; what the host's getters throw comes through. */
export function parseFully(input: unknown, nowMs: number, limits: Limits): ParsedEventResult {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { issues: [{ code: 'invalid_type', path: '', message: `Expected an event, got ${describeValue(input)}` }] };
  }
  const type: unknown = (input as Record<string, unknown>)['type'];
  if (!isEventType(type)) {
    return { issues: [{ code: 'unknown_event_type', path: 'type', message: expectedEventType(type) }] };
  }
  const { rest, reading } = withoutNumbers(type, input, limits);
  // No value takes less than two characters of JSON, its comma included.
  const mostValues = Math.floor(limits.eventCharacters / 2);
  const copy = copyJson(rest, {
    depth: limits.eventDepth,
    nodes: mostValues,
    listMembers: mostValues,
    textCharacters: limits.eventCharacters,
    characters: limits.eventCharacters,
  });
  if ('issue' in copy) return { issues: [copy.issue] };
  const parsed = eventSchema(type).safeParse(copy.value, { reportInput: true });
  const across = crossIssues(type, copy.value as JsonObject);
  if (!parsed.success) return { issues: [...fromZodIssues(parsed.error.issues), ...reading.issues, ...across] };
  if (reading.issues.length > 0 || across.length > 0) return { issues: [...reading.issues, ...across] };
  return { event: Object.freeze(buildEvent(parsed.data as EventJson, nowMs, reading.numbers)) };
}

const noMetrics: MetricsReading = { numbers: noNumbers, issues: [] };

/** Takes out, or writes as JSON can say it, what may be NaN or infinite. */
function withoutNumbers(
  type: EventType,
  input: object,
  limits: Limits,
): { readonly rest: object; readonly reading: MetricsReading } {
  if (!isPlainObject(input)) return { rest: input, reading: noMetrics };
  if (type === 'run.metrics') {
    const { metrics, ...rest } = input;
    return { rest, reading: readMetrics(metrics, limits) };
  }
  if (type === 'anomaly.detected') {
    const { value } = input;
    const isNumber = typeof value === 'number';
    return { rest: isNumber ? { ...input, value: jsonNumber(value) } : input, reading: noMetrics };
  }
  return { rest: input, reading: noMetrics };
}

/** What no single field can tell. */
function crossIssues(type: EventType, json: JsonObject): Issue[] {
  const { project, registry, metric, timestamp, anomalyId } = json;
  const issues: Issue[] = [];
  if (project !== undefined && registry !== undefined) {
    issues.push({ code: 'invalid_value', path: 'registry', message: 'Expected a project or a registry, got both' });
  }
  if (eventFamily(type) === 'anomaly-update' && anomalyId === undefined) {
    const message = 'Expected a metric and a timestamp, or an anomalyId, got';
    if (metric === undefined && timestamp === undefined) {
      issues.push({ code: 'required', path: 'metric', message: `${message} nothing` });
    } else if (metric === undefined) {
      issues.push({ code: 'required', path: 'metric', message: `${message} a timestamp alone` });
    } else if (timestamp === undefined) {
      issues.push({ code: 'required', path: 'timestamp', message: `${message} a metric alone` });
    }
  }
  return issues;
}
