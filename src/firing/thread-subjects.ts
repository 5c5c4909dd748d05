import type { ParsedAnomaly, ParsedAnomalyUpdate } from '../event/parsed-event.js';
import type { MessageField } from '../ports/message.js';
import { storageKey } from '../record/keys.js';

type AnomalyEvent = ParsedAnomaly | ParsedAnomalyUpdate;

/** The subject of an anomaly's thread: its metric and timestamp, where it happened; `undefined` when the event names only an id. */
export function anomalySubject({ place, metric, timestamp }: AnomalyEvent): string | undefined {
  if (metric === undefined || timestamp === undefined) return undefined;
  return JSON.stringify([...placeOf(place), metric, timestamp]);
}

/** What the subject of an anomaly's thread says: its metric and timestamp. */
export function anomalyOfSubject(subject: string): { readonly metric: string; readonly timestamp: number } {
  const [, , , metric, timestamp] = JSON.parse(subject) as [string, unknown, unknown, string, number];
  return { metric, timestamp };
}

/**
 * The keys under which stands which thread an anomaly has, but for its subject: by its id, and by either without the project, which
 * later events need not give. The closest first.
 */
export function anomalyNameKeys({ place, metric, timestamp, anomalyId }: AnomalyEvent): readonly string[] {
  const { entity } = place;
  const isNarrow = place.project !== undefined || place.registry !== undefined;
  const names: (readonly unknown[])[] = [
    ...(anomalyId === undefined ? [] : [[...placeOf(place), { anomalyId }]]),
    ...(metric === undefined || timestamp === undefined ? [] : [[entity, metric, timestamp]]),
    ...(anomalyId === undefined || !isNarrow ? [] : [[entity, null, null, { anomalyId }]]),
  ];
  return names.map((name) => storageKey('anomaly', JSON.stringify(name)));
}

/** Under this key stands which execution an automation alerted of an anomaly with last. */
export function lastAlertKey(automationId: string, subject: string): string {
  return storageKey('anomaly-alert', automationId, subject);
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
