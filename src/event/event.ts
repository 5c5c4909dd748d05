import type { AnomalyDetectedEvent, AnomalyUpdateEvent } from './anomaly-event.js';
import type {
  ArtifactAliasAddedEvent,
  ArtifactAliasRemovedEvent,
  ArtifactCreatedEvent,
  ArtifactLinkedEvent,
  ArtifactTagAddedEvent,
  ArtifactTagRemovedEvent,
  ArtifactUnlinkedEvent,
  CollectionTagAddedEvent,
  CollectionTagRemovedEvent,
} from './artifact-event.js';
import type { CustomEvent } from './custom-event.js';
import type { RunAlertEvent, RunMetricsEvent, RunStateEvent } from './run-event.js';

/** What a host can emit. */
export type TocsinEvent =
  | RunMetricsEvent
  | RunStateEvent
  | RunAlertEvent
  | ArtifactCreatedEvent
  | ArtifactLinkedEvent
  | ArtifactUnlinkedEvent
  | ArtifactAliasAddedEvent
  | ArtifactAliasRemovedEvent
  | ArtifactTagAddedEvent
  | ArtifactTagRemovedEvent
  | CollectionTagAddedEvent
  | CollectionTagRemovedEvent
  | AnomalyDetectedEvent
  | AnomalyUpdateEvent
  | CustomEvent;
