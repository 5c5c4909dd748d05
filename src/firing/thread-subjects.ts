import type { ParsedAnomaly, ParsedAnomalyUpdate } from '../event/parsed-event.js';
import type { MessageField } from '../ports/message.js';
import { storageKey } from '../record/keys.js';

type AnomalyEvent = ParsedAnomaly | ParsedAnomalyUpdate;

/** The subject of an anomaly's thread: its metric and timestamp, where it happened; `undefined` when the event names only an id. */
export function anomalySubject({ place, metric, timestamp }: AnomalyEvent): string | undefined {
  if (metric === undefined || timestamp === undefined) return undefined;
  return JSON.stringify([...placeOf(place), metric, timestamp]);
}

/** Under this key stands which thread an anomaly's id leads to; `undefined` when the event has none. */
export function anomalyNameKey({ place, anomalyId }: AnomalyEvent): string | undefined {
  return anomalyId === undefined ? undefined : storageKey('anomaly-id', JSON.stringify([...placeOf(place), anomalyId]));
}

/** What tells anomalies apart for guards: the same for all updates that name it in the same way. */
export function anomalyName(event: AnomalyEvent): string {
  return anomalySubject(event) ?? JSON.stringify([...placeOf(event.place), { anomalyId: event.anomalyId }]);
}

/** What an update refers to, for where it stands alone. */
export function anomalyReference({ metric, timestamp, anomalyId }: AnomalyEvent): MessageField[] {
  const fields = [
    ['Metric', metric],
    ['Timestamp', timestamp],
    ['Anomaly', anomalyId],
  ] as const;
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }]));
}

function placeOf({ entity, project, registry }: AnomalyEvent['place']): readonly (string | null)[] {
  return [entity, project ?? null, registry ?? null];
}
