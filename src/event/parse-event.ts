import { copyJson, isPlainObject } from '../definition/copy-json.js';
import { type EventType, eventTypes } from '../definition/event-type.js';
import type { Limits } from '../definition/limits.js';
import { describeThrown, describeValue, formatPath } from '../definition/path.js';
import type { ScopePlace } from '../definition/scope.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import type { Issue } from '../errors.js';
import type { JsonObject } from '../json.js';
import { eventSchemas } from './event-schema.js';
import { jsonNumber, metricNumber, type ParsedEvent, type RunInfo } from './parsed-event.js';
import { readPlainMetrics } from './read-plain-metrics.js';

/** What {@link parseEvent} answers. */
export type ParsedEventResult =
  | { readonly event: ParsedEvent; readonly issues?: undefined }
  | { readonly issues: readonly Issue[]; readonly event?: undefined };

/** The same run and title again within this time is dropped (W&B's `wait_duration`). */
const defaultAlertWaitMs = 60_000;

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
    return plain === undefined ? parseFully(input, nowMs, limits) : { event: Object.freeze(plain) };
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
    const message = `Expected ${eventTypes.join(' or ')}, got ${describeValue(type)}`;
    return { issues: [{ code: 'unknown_event_type', path: 'type', message }] };
  }
  const split = type === 'run.metrics' && isPlainObject(input) ? splitMetrics(input) : undefined;
  const copy = copyJson(split?.rest ?? input, {
    depth: limits.eventDepth,
    nodes: limits.eventCharacters,
    listMembers: limits.eventCharacters,
    textCharacters: limits.eventCharacters,
    characters: limits.eventCharacters,
  });
  if ('issue' in copy) return { issues: [copy.issue] };
  const parsed = eventSchemas[type].safeParse(copy.value, { reportInput: true });
  const issues = parsed.success ? [] : fromZodIssues(parsed.error.issues);
  const numbers = type === 'run.metrics' ? readMetrics(split?.metrics, limits, issues) : undefined;
  const { project, registry } = copy.value as JsonObject;
  if (project !== undefined && registry !== undefined) {
    issues.push({ code: 'invalid_value', path: 'registry', message: 'Expected a project or a registry, got both' });
  }
  if (!parsed.success || issues.length > 0) return { issues };
  return { event: Object.freeze(build(parsed.data as unknown as EventJson, nowMs, numbers)) };
}

function splitMetrics({ metrics, ...rest }: Readonly<Record<string, unknown>>) {
  return { metrics, rest };
}

type EventJson = JsonObject & {
  readonly type: EventType;
  readonly id?: string;
  readonly at?: number;
  readonly organization?: string;
  readonly entity: string;
  readonly project?: string;
  readonly registry?: string;
  readonly collection?: string;
};

function build(json: EventJson, nowMs: number, metrics: ReadonlyMap<string, number> | undefined): ParsedEvent {
  const atMs = json.at ?? nowMs;
  const place: ScopePlace & { entity: string } = {
    organization: json.organization,
    entity: json.entity,
    project: json.project,
    registry: json.registry,
    collection: json.collection,
  };
  const base = { id: json.id, atMs, place, json: { ...json, at: atMs } };
  const run = json['run'] as unknown as RunInfo;
  switch (json.type) {
    case 'run.metrics': {
      const values = metrics ?? new Map<string, number>();
      const metricsJson = Object.fromEntries([...values].map(([name, value]) => [name, jsonNumber(value)]));
      return { ...base, type: json.type, run, metrics: values, json: { ...base.json, metrics: metricsJson } };
    }
    case 'run.state':
      return { ...base, type: json.type, run, state: json['state'] as string };
    case 'run.alert':
      return {
        ...base,
        type: json.type,
        run,
        title: json['title'] as string,
        text: json['text'] as string,
        level: (json['level'] as 'INFO' | 'WARN' | 'ERROR' | undefined) ?? 'INFO',
        waitMs: (json['waitMs'] as number | undefined) ?? defaultAlertWaitMs,
        alertIntegrationId: json['alertIntegrationId'] as string | undefined,
      };
    case 'artifact.created':
    case 'artifact.alias-added':
      return { ...base, type: json.type, artifact: json['artifact'] as JsonObject };
    default:
      return json.type satisfies never;
  }
}

function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && Object.hasOwn(eventSchemas, type);
}

function readMetrics(metrics: unknown, limits: Limits, issues: Issue[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  if (!isPlainObject(metrics)) {
    const code = metrics === undefined ? 'required' : 'invalid_type';
    issues.push({ code, path: 'metrics', message: `Expected names and numbers, got ${describeValue(metrics)}` });
    return numbers;
  }
  const names = Object.keys(metrics);
  if (names.length > limits.eventMetrics) {
    const message = `Expected at most ${limits.eventMetrics} metrics, got ${names.length}`;
    issues.push({ code: 'limit_exceeded', path: 'metrics', message });
    return numbers;
  }
  let characters = 0;
  for (const name of names) {
    characters += name.length + 8;
    const value = metrics[name];
    const number = metricNumber(value);
    if (number === undefined) {
      const message = `Expected a number or "NaN", "Infinity", "-Infinity", got ${describeValue(value)}`;
      issues.push({ code: 'invalid_type', path: formatPath(['metrics', name]), message });
    } else numbers.set(name, number);
  }
  if (characters > limits.eventCharacters) {
    const message = `Expected at most ${limits.eventCharacters} characters in all, got more`;
    issues.push({ code: 'limit_exceeded', path: 'metrics', message });
  }
  return numbers;
}
