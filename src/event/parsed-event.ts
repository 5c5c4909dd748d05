import type { Severity } from '../definition/action.js';
import type { EventType } from '../definition/event-type.js';
import type { ScopePlace } from '../definition/scope.js';
import type { JsonObject, JsonValue } from '../json.js';

/** What a run has said of itself. */
export interface RunInfo {
  readonly id: string;
  readonly name?: string;
  readonly user?: string;
  readonly tags?: readonly string[];
  readonly config?: JsonObject;
}

/** What every checked event has. */
interface ParsedBase<Type extends EventType> {
  readonly type: Type;
  readonly id: string | undefined;
  readonly atMs: number;
  /** Where it happened. */
  readonly place: ScopePlace & { readonly entity: string };
  /** The whole event as JSON, as it is filtered on and recorded. */
  readonly json: JsonObject;
}

/** A checked `run.metrics`. */
export interface ParsedRunMetrics extends ParsedBase<'run.metrics'> {
  readonly run: RunInfo;
  readonly metrics: ReadonlyMap<string, number>;
}

/** A checked `run.state`. */
interface ParsedRunState extends ParsedBase<'run.state'> {
  readonly run: RunInfo;
  readonly state: string;
}

/** A checked `run.alert`. */
export interface ParsedRunAlert extends ParsedBase<'run.alert'> {
  readonly run: RunInfo;
  readonly title: string;
  readonly text: string;
  readonly level: Severity;
  readonly waitMs: number;
  readonly alertIntegrationId: string | undefined;
}

/** A checked artifact event. */
interface ParsedArtifact extends ParsedBase<'artifact.created' | 'artifact.alias-added'> {
  readonly artifact: JsonObject;
}

/** An event that has been checked and copied: nothing the host does afterwards changes it. */
export type ParsedEvent = ParsedRunMetrics | ParsedRunState | ParsedRunAlert | ParsedArtifact;

/** An event about a run. */
export type ParsedRunEvent = ParsedRunMetrics | ParsedRunState | ParsedRunAlert;

/** Whether an event is about a run. */
export function isRunEvent(event: ParsedEvent): event is ParsedRunEvent {
  return 'run' in event;
}

/** A text that is the same for events of one run, and different for all others. */
export function runKey(event: ParsedRunEvent): string {
  const { entity, project, registry } = event.place;
  return JSON.stringify([entity, project ?? null, registry ?? null, event.run.id]);
}

const nonFiniteNumbers: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** The number that a metric's value stands for, or `undefined` when it is none. */
export function metricNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : typeof value === 'string' ? nonFiniteNumbers.get(value) : undefined;
}

/** A number as JSON can carry it: NaN and the infinities by their names. */
export function jsonNumber(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}
