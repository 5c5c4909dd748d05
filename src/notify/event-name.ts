import type { EventType } from '../definition/event-type.js';
import type { Filter } from '../definition/filter.js';
import { askedMetrics } from './metric-words.js';

/** W&B's names of the events that it has. It documents LINK_ARTIFACT for what its wire form calls LINK_MODEL. */
const wandbNames: Partial<Readonly<Record<EventType, string>>> = {
  'run.state': 'RUN_STATE',
  'artifact.created': 'CREATE_ARTIFACT',
  'artifact.linked': 'LINK_ARTIFACT',
  'artifact.unlinked': 'UNLINK_ARTIFACT',
  'artifact.alias-added': 'ADD_ARTIFACT_ALIAS',
  'artifact.tag-added': 'ADD_ARTIFACT_TAG',
  'artifact.tag-removed': 'REMOVE_ARTIFACT_TAG',
  'collection.tag-added': 'ADD_COLLECTION_TAG',
  'collection.tag-removed': 'REMOVE_COLLECTION_TAG',
};

/**
 * Names a type of event as W&B does, or by our own type where W&B has none.
 *
 * @param type - The type of event.
 * @param filter - W&B calls an event on metrics by what is asked of them; the first question decides.
 */
export function eventName(type: EventType, filter: Filter): string {
  if (type !== 'run.metrics') return wandbNames[type] ?? type;
  switch (askedMetrics(filter)[0]?.leaf.type) {
    case 'change':
      return 'RUN_METRIC_CHANGE';
    case 'zscore':
      return 'RUN_METRIC_ZSCORE';
    default:
      return 'RUN_METRIC';
  }
}
