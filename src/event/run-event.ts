import type { RunState } from '../definition/event-type.js';
import type { JsonObject } from '../json.js';
import type { EventBase } from './event-base.js';

/** The run that an event is about. What a run said of itself is remembered for its later events. */
export interface RunReference {
  /** 1 to 255 characters; runs of different projects may share one. */
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
  /** The step of the training; any finite number. */
  readonly step?: number | undefined;
}

/** A run came into a state. Emitting the state it is already in is no event. */
export interface RunStateEvent extends EventBase {
  readonly type: 'run.state';
  readonly run: RunReference;
  /** 1 to 255 characters; other states than {@link RunState} are kept and never fire. */
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
  /** The same run and title again within this many milliseconds, from 0, is dropped. @default 60000 */
  readonly waitMs?: number | undefined;
  /** The integration that gets the alert, beside the automations that watch for it; 1 to 255 characters. */
  readonly alertIntegrationId?: string | undefined;
}
