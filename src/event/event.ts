import type { RunState } from '../definition/event-type.js';
import type { JsonObject } from '../json.js';

/** What every event has. Fields that tocsin does not know are kept, and filters can ask for them. */
export interface EventBase {
  /** Makes the emit idempotent: an event with an id that has been committed does nothing again. 1 to 255 characters. */
  readonly id?: string | undefined;
  /** When it happened, in epoch milliseconds. Data only; policies use the clock. @default now */
  readonly at?: number | undefined;
  readonly organization?: string | undefined;
  /** The team that owns what the event is about. */
  readonly entity: string;
  readonly project?: string | undefined;
  readonly registry?: string | undefined;
}

/** The run that an event is about. What a run said of itself is remembered for its later events. */
export interface RunReference {
  readonly id: string;
  readonly name?: string | undefined;
  readonly user?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly config?: JsonObject | undefined;
}

/** A logged value. JSON has no NaN and no infinities, so their names stand for them. */
export type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

/** A run logged metrics. */
export interface RunMetricsEvent extends EventBase {
  readonly type: 'run.metrics';
  readonly run: RunReference;
  /** Name to value; a name is any text, never a path. */
  readonly metrics: Readonly<Record<string, MetricValue>>;
  readonly step?: number | undefined;
}

/** A run came into a state. Emitting the state it is already in is no event. */
export interface RunStateEvent extends EventBase {
  readonly type: 'run.state';
  readonly run: RunReference;
  /** Other states than {@link RunState} are kept and never fire. */
  readonly state: RunState | (string & {});
  /** Why it failed. */
  readonly error?: string | undefined;
}

/** A run's own code raised an alert. */
export interface RunAlertEvent extends EventBase {
  readonly type: 'run.alert';
  readonly run: RunReference;
  readonly title: string;
  readonly text: string;
  /** INFO, WARN or ERROR in any case. @default 'INFO' */
  readonly level?: string | undefined;
  /** The same run and title again within this many milliseconds is dropped. @default 60000 */
  readonly waitMs?: number | undefined;
  /** The integration that gets the alert, beside the automations that watch for it. */
  readonly alertIntegrationId?: string | undefined;
}

/** A version of an artifact. */
export interface ArtifactReference {
  readonly id: string;
  /** `model`, `dataset` … */
  readonly type: string;
  readonly version: string;
  readonly aliases?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** What artifact events share. */
export interface ArtifactEventBase extends EventBase {
  readonly collection: string;
  readonly artifact: ArtifactReference;
  readonly author?: string | undefined;
}

/** A version of an artifact was created. */
export interface ArtifactCreatedEvent extends ArtifactEventBase {
  readonly type: 'artifact.created';
}

/** An alias was added to a version of an artifact. */
export interface ArtifactAliasAddedEvent extends ArtifactEventBase {
  readonly type: 'artifact.alias-added';
  readonly alias: string;
}

/** What a host can emit. */
export type TocsinEvent =
  | RunMetricsEvent
  | RunStateEvent
  | RunAlertEvent
  | ArtifactCreatedEvent
  | ArtifactAliasAddedEvent;
