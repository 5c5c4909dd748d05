import type { EventType } from '../definition/event-type.js';
import type { WandbEventType } from './wire.js';

const fromWire: Readonly<Record<WandbEventType, EventType>> = {
  RUN_METRIC: 'run.metrics',
  RUN_METRIC_CHANGE: 'run.metrics',
  RUN_METRIC_ZSCORE: 'run.metrics',
  RUN_STATE: 'run.state',
  CREATE_ARTIFACT: 'artifact.created',
  LINK_MODEL: 'artifact.linked',
  UNLINK_ARTIFACT: 'artifact.unlinked',
  ADD_ARTIFACT_ALIAS: 'artifact.alias-added',
  ADD_ARTIFACT_TAG: 'artifact.tag-added',
  REMOVE_ARTIFACT_TAG: 'artifact.tag-removed',
  ADD_COLLECTION_TAG: 'collection.tag-added',
  REMOVE_COLLECTION_TAG: 'collection.tag-removed',
};

/** What W&B can say, but we do not have: what stands in its place waits, disabled, for somebody to look at it. */
const strangers: Readonly<Record<string, Stranger>> = {
  UPDATE_ARTIFACT_ALIAS: {
    type: 'artifact.alias-added',
    why: 'UPDATE_ARTIFACT_ALIAS is no longer made at W&B; artifact.alias-added stands in its place',
  },
  WEAVE_METRIC_THRESHOLD: {
    type: 'custom.weave-metric-threshold',
    why: 'Weave is not known here; custom.weave-metric-threshold stands in its place, and comes only if you emit it',
  },
};

/** What stands in the place of an event that we do not have. */
interface Stranger {
  readonly type: EventType;
  readonly why: string;
}

/** What a type of W&B's is here. */
export type EventTypeFromWandb =
  | { readonly known: true; readonly wire: WandbEventType; readonly type: EventType }
  | ({ readonly known: false } & Stranger);

/**
 * What a type of W&B's is here, in any case as in their SDK.
 *
 * @returns `undefined` for a type that nobody knows.
 */
export function eventTypeFromWandb(name: string): EventTypeFromWandb | undefined {
  const upper = name.toUpperCase();
  // Their documentation's name, and that of the template variable.
  const wire = upper === 'LINK_ARTIFACT' ? 'LINK_MODEL' : upper;
  if (Object.hasOwn(fromWire, wire)) {
    return { known: true, wire: wire as WandbEventType, type: fromWire[wire as WandbEventType] };
  }
  const stranger = Object.hasOwn(strangers, wire) ? strangers[wire] : undefined;
  return stranger && { known: false, ...stranger };
}

/** W&B's name of a type whose name does not depend on the filter; `undefined` where W&B has no such event. */
export function eventTypeToWandb(type: EventType): WandbEventType | undefined {
  return (Object.keys(fromWire) as WandbEventType[]).find((wire) => fromWire[wire] === type);
}
