import type { MessageLink } from '../ports/message.js';
import type { EventBase } from './event-base.js';
import type { MetricValue } from './run-event.js';

/**
 * A metric turned anomalous.
 *
 * @see Skyline, an alert.
 */
export interface AnomalyDetectedEvent extends EventBase {
  readonly type: 'anomaly.detected';
  /** A dotted namespace such as `server-1.cpu.user`, 1 to 1000 characters. */
  readonly metric: string;
  /** The anomalous value. One that is not finite is kept as its name, so a filter sees the text `"NaN"`. */
  readonly value: MetricValue;
  /** When the metric had the value, in the host's own measure (Skyline: epoch seconds). With the metric it tells one anomaly from others. */
  readonly timestamp: number;
  /** The host's own name of the anomaly, which later events may give in place of metric and timestamp. 1 to 255 characters. */
  readonly anomalyId?: string | undefined;
  /** What detected it, such as `mirage`. */
  readonly source?: string | undefined;
  /**
   * A picture of the metric: an https URL of up to 3000 characters, a handle of `engine.images.put`, or the bytes of a PNG of up to
   * `limits.imageBytes`, which are kept if it rings.
   */
  readonly image?: string | Uint8Array | undefined;
  /** Where to look, in order; http and https URLs of up to 3000 characters. */
  readonly links?: readonly MessageLink[] | undefined;
  /** What else is known of the metric, to filter on. */
  readonly labels?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** What became of an anomaly. It names the anomaly by its metric and timestamp, or by its `anomalyId`. */
export interface AnomalyUpdateBase extends EventBase {
  /** The anomaly's metric. Needed without an `anomalyId`. */
  readonly metric?: string | undefined;
  /** The anomaly's timestamp, as it was given when it was detected. Needed without an `anomalyId`. */
  readonly timestamp?: number | undefined;
  /** The anomaly's `anomalyId`. Needed without a metric and timestamp. */
  readonly anomalyId?: string | undefined;
}

/** What is known of a features profile: what Skyline learnt to be normal for a metric. */
export interface FeaturesProfileBase extends AnomalyUpdateBase {
  /** 1 to 255 characters. */
  readonly profileId?: string | undefined;
  /** The page of the profile, an http or https URL of up to 3000 characters. */
  readonly link?: string | undefined;
}

/** Somebody labelled an anomaly. */
export interface AnomalyLabelledEvent extends AnomalyUpdateBase {
  readonly type: 'anomaly.labelled';
  /** The label, 1 to 255 characters. */
  readonly label: string;
}

/** Somebody looked at the training data of an anomaly. */
export interface TrainingDataViewedEvent extends AnomalyUpdateBase {
  readonly type: 'training-data.viewed';
  /** Who looked, 1 to 255 characters. */
  readonly viewer: string;
  /** The page of the training data, an http or https URL of up to 3000 characters. */
  readonly link?: string | undefined;
}

/** Somebody made a features profile of an anomaly. */
export interface FeaturesProfileCreatedEvent extends FeaturesProfileBase {
  readonly type: 'features-profile.created';
  readonly profileId: string;
  /** For how many days it may learn, from 0. */
  readonly learnDays?: number | undefined;
}

/** A features profile got layers. */
export interface FeaturesProfileLayersCreatedEvent extends FeaturesProfileBase {
  readonly type: 'features-profile.layers-created';
}

/** A features profile was learnt by the machine, and a person should validate it. */
export interface FeaturesProfileLearntEvent extends FeaturesProfileBase {
  readonly type: 'features-profile.learnt';
}

/** A features profile was disabled. */
export interface FeaturesProfileDisabledEvent extends FeaturesProfileBase {
  readonly type: 'features-profile.disabled';
}

/** Somebody validated features profiles of a metric. */
export interface FeaturesProfileValidatedEvent extends FeaturesProfileBase {
  readonly type: 'features-profile.validated';
  /** How many were validated, a whole number from 0. */
  readonly count: number;
}

/**
 * What became of an anomaly.
 *
 * @see Skyline, updates of a Slack thread.
 */
export type AnomalyUpdateEvent =
  | AnomalyLabelledEvent
  | TrainingDataViewedEvent
  | FeaturesProfileCreatedEvent
  | FeaturesProfileLayersCreatedEvent
  | FeaturesProfileLearntEvent
  | FeaturesProfileDisabledEvent
  | FeaturesProfileValidatedEvent;
