import type { Severity } from '../definition/action.js';
import type { CustomEventType, EventFamily, EventType, KnownEventType } from '../definition/event-type.js';
import type { ScopePlace } from '../definition/scope.js';
import type { JsonObject } from '../json.js';
import type { MetricValues } from './metric-values.js';

/** What a run has said of itself. */
export interface RunInfo {
  readonly id: string;
  readonly name?: string;
  readonly user?: string;
  readonly tags?: readonly string[];
  readonly config?: JsonObject;
}

/** What every checked event has. */
interface ParsedBase<Family extends EventFamily, Type extends EventType> {
  /** What it is about; switch on this where the types of a family are alike. */
  readonly family: Family;
  readonly type: Type;
  readonly id: string | undefined;
  readonly atMs: number;
  /** Where it happened. */
  readonly place: ScopePlace & { readonly entity: string };
  /** The whole event as JSON, as it is filtered on and recorded. */
  readonly json: JsonObject;
}

/** A checked `run.metrics`. */
export interface ParsedRunMetrics extends ParsedBase<'run', 'run.metrics'> {
  readonly run: RunInfo;
  readonly metrics: MetricValues;
}

/** A checked `run.state`. */
interface ParsedRunState extends ParsedBase<'run', 'run.state'> {
  readonly run: RunInfo;
  readonly state: string;
}

/** A checked `run.alert`. */
export interface ParsedRunAlert extends ParsedBase<'run', 'run.alert'> {
  readonly run: RunInfo;
  readonly title: string;
  readonly text: string;
  readonly level: Severity;
  readonly waitMs: number;
  readonly alertIntegrationId: string | undefined;
}

type TypeUnder<Prefix extends string> = Extract<KnownEventType, `${Prefix}.${string}`>;

/** A checked artifact event. */
export interface ParsedArtifact extends ParsedBase<'artifact', TypeUnder<'artifact'>> {
  readonly collection: string;
  readonly artifact: JsonObject;
}

/** A checked event of a whole collection. */
export interface ParsedCollection extends ParsedBase<'collection', TypeUnder<'collection'>> {
  readonly collection: string;
}

/** A checked `anomaly.detected`. */
export interface ParsedAnomaly extends ParsedBase<'anomaly', 'anomaly.detected'> {
  readonly metric: string;
  /** As a number; `json` has NaN and the infinities by their names. */
  readonly value: number;
  readonly timestamp: number;
  readonly anomalyId: string | undefined;
}

/** What became of an anomaly: it has a metric and a timestamp, or an id of the anomaly. */
export interface ParsedAnomalyUpdate
  extends ParsedBase<
    'anomaly-update',
    'anomaly.labelled' | TypeUnder<'training-data'> | TypeUnder<'features-profile'>
  > {
  readonly metric: string | undefined;
  readonly timestamp: number | undefined;
  readonly anomalyId: string | undefined;
}

/** A checked event of the host's own; what it carries stands in `json`. */
export type ParsedCustom = ParsedBase<'custom', CustomEventType>;

/** An event about a run. */
export type ParsedRunEvent = ParsedRunMetrics | ParsedRunState | ParsedRunAlert;

/** An event that has been checked and copied: nothing the host does afterwards changes it. */
export type ParsedEvent =
  | ParsedRunEvent
  | ParsedArtifact
  | ParsedCollection
  | ParsedAnomaly
  | ParsedAnomalyUpdate
  | ParsedCustom;

/** Whether an event is about a run. */
export function isRunEvent(event: ParsedEvent): event is ParsedRunEvent {
  return event.family === 'run';
}

/** What tells runs apart besides their ids. */
type RunPlace = Pick<ParsedRunEvent['place'], 'entity' | 'project' | 'registry'>;

/** A text that is the same for events of one run, and different for all others. */
export function runKey({ place, run }: { readonly place: RunPlace; readonly run: RunInfo }): string {
  const { entity, project, registry } = place;
  return JSON.stringify([entity, project ?? null, registry ?? null, run.id]);
}
