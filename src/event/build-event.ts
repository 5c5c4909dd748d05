import { type EventFamily, type EventType, eventFamily } from '../definition/event-type.js';
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
 * Makes an event of what has been checked. The members stand one by one: to spread them takes longer than all the rest.
 *
 * @param checked - The checked copy, of `run.metrics` without the metrics. The event keeps it, and its time is put in.
 * @param nowMs - The event's time where it gives none.
 * @param metrics - The metrics of a `run.metrics`.
 */
export function buildEvent(checked: EventJson, nowMs: number, metrics: MetricValues): ParsedEvent {
  const { id } = checked;
  const atMs = checked.at ?? nowMs;
  const json: EventJson = Object.assign(checked, { at: atMs });
  const family = eventFamily(json.type);
  const place = placeOf(json, family);
  switch (family) {
    case 'run':
      return buildRunEvent({ id, atMs, place, json }, json.type as ParsedRunEvent['type'], metrics);
    case 'artifact': {
      const type = json.type as ParsedArtifact['type'];
      const artifact = json['artifact'] as JsonObject;
      return { family, type, id, atMs, place, json, collection: collectionOf(json), artifact };
    }
    case 'collection': {
      const type = json.type as ParsedCollection['type'];
      return { family, type, id, atMs, place, json, collection: collectionOf(json) };
    }
    case 'anomaly': {
      const { metric, timestamp, anomalyId } = anomalyOf(json) as ParsedAnomaly;
      const value = metricNumber(json['value']) as number;
      return { family, type: 'anomaly.detected', id, atMs, place, json, metric, timestamp, anomalyId, value };
    }
    case 'anomaly-update': {
      const type = json.type as ParsedAnomalyUpdate['type'];
      const { metric, timestamp, anomalyId } = anomalyOf(json);
      return { family, type, id, atMs, place, json, metric, timestamp, anomalyId };
    }
    case 'custom':
      return { family, type: json.type as ParsedCustom['type'], id, atMs, place, json };
    default:
      return family satisfies never;
  }
}

function buildRunEvent(
  { id, atMs, place, json }: Pick<ParsedEvent, 'id' | 'atMs' | 'place' | 'json'>,
  type: ParsedRunEvent['type'],
  metrics: MetricValues,
): ParsedRunEvent {
  const run = json['run'] as unknown as RunInfo;
  switch (type) {
    case 'run.metrics': {
      const whole = { ...json, metrics: metricsJson(metrics) };
      return { family: 'run', type, id, atMs, place, json: whole, run, metrics };
    }
    case 'run.state':
      return { family: 'run', type, id, atMs, place, json, run, state: json['state'] as string };
    case 'run.alert':
      return {
        family: 'run',
        type,
        id,
        atMs,
        place,
        json,
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
function placeOf(json: EventJson, family: EventFamily): ScopePlace & { readonly entity: string } {
  const { organization, entity, project, registry } = json;
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
