import { type EventType, eventFamily } from '../definition/event-type.js';
import type { ScopePlace } from '../definition/scope.js';
import type { JsonObject } from '../json.js';
import { metricNumber, metricsJson } from './metric-number.js';
import type { MetricValues } from './metric-values.js';
import type {
  ParsedAnomaly,
  ParsedAnomalyUpdate,
  ParsedArtifact,
  ParsedCollection,
  ParsedCustom,
  ParsedEvent,
  ParsedRunEvent,
  RunInfo,
} from './parsed-event.js';

/** An event whose fields have been checked. */
export type EventJson = JsonObject & {
  readonly type: EventType;
  readonly id?: string;
  readonly at?: number;
  readonly organization?: string;
  readonly entity: string;
  readonly project?: string;
  readonly registry?: string;
};

/** The same run and title again within this time is dropped (W&B's `wait_duration`). */
const defaultAlertWaitMs = 60_000;

/**
 * Makes an event of what has been checked.
 *
 * @param json - The checked copy, of `run.metrics` without the metrics.
 * @param nowMs - The event's time where it gives none.
 * @param metrics - The metrics of a `run.metrics`.
 */
export function buildEvent(json: EventJson, nowMs: number, metrics: MetricValues): ParsedEvent {
  const atMs = json.at ?? nowMs;
  const family = eventFamily(json.type);
  const base = { id: json.id, atMs, place: placeOf(json), json: { ...json, at: atMs } };
  switch (family) {
    case 'run':
      return buildRunEvent(json.type as ParsedRunEvent['type'], base, metrics);
    case 'artifact': {
      const artifact = json['artifact'] as JsonObject;
      return { ...base, family, type: json.type as ParsedArtifact['type'], collection: collectionOf(json), artifact };
    }
    case 'collection':
      return { ...base, family, type: json.type as ParsedCollection['type'], collection: collectionOf(json) };
    case 'anomaly': {
      const value = metricNumber(json['value']) as number;
      return { ...base, family, type: 'anomaly.detected', ...anomalyOf(json), value } as ParsedAnomaly;
    }
    case 'anomaly-update':
      return { ...base, family, type: json.type as ParsedAnomalyUpdate['type'], ...anomalyOf(json) };
    case 'custom':
      return { ...base, family, type: json.type as ParsedCustom['type'] };
    default:
      return family satisfies never;
  }
}

function buildRunEvent(
  type: ParsedRunEvent['type'],
  base: Pick<ParsedEvent, 'id' | 'atMs' | 'place' | 'json'>,
  metrics: MetricValues,
): ParsedRunEvent {
  const { json } = base;
  const run = json['run'] as unknown as RunInfo;
  switch (type) {
    case 'run.metrics':
      return { ...base, family: 'run', type, run, metrics, json: { ...json, metrics: metricsJson(metrics) } };
    case 'run.state':
      return { ...base, family: 'run', type, run, state: json['state'] as string };
    case 'run.alert':
      return {
        ...base,
        family: 'run',
        type,
        run,
        title: json['title'] as string,
        text: json['text'] as string,
        level: json['level'] as 'INFO' | 'WARN' | 'ERROR',
        waitMs: (json['waitMs'] as number | undefined) ?? defaultAlertWaitMs,
        alertIntegrationId: json['alertIntegrationId'] as string | undefined,
      };
    default:
      return type satisfies never;
  }
}

/** Runs and anomalies are in no collection, whatever they call so. */
function placeOf(json: EventJson): ScopePlace & { readonly entity: string } {
  const { organization, entity, project, registry } = json;
  const family = eventFamily(json.type);
  const isInCollection = family === 'artifact' || family === 'collection' || family === 'custom';
  const hasParent = project !== undefined || registry !== undefined;
  const collection = isInCollection && hasParent ? (json['collection'] as string | undefined) : undefined;
  return { organization, entity, project, registry, collection };
}

function collectionOf(json: EventJson): string {
  return json['collection'] as string;
}

function anomalyOf(json: EventJson): Pick<ParsedAnomalyUpdate, 'metric' | 'timestamp' | 'anomalyId'> {
  return {
    metric: json['metric'] as string | undefined,
    timestamp: json['timestamp'] as number | undefined,
    anomalyId: json['anomalyId'] as string | undefined,
  };
}
