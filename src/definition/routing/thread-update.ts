import type { KnownEventType } from '../event-type.js';

/** The types of event that tell what became of an anomaly. */
export const threadUpdateTypes = [
  'training-data.viewed',
  'features-profile.created',
  'features-profile.layers-created',
  'features-profile.learnt',
  'features-profile.disabled',
  'features-profile.validated',
  'anomaly.labelled',
] as const satisfies readonly (KnownEventType & ThreadUpdateType)[];

/** A type of event that tells what became of an anomaly. */
export type ThreadUpdateType =
  | 'training-data.viewed'
  | 'features-profile.created'
  | 'features-profile.layers-created'
  | 'features-profile.learnt'
  | 'features-profile.disabled'
  | 'features-profile.validated'
  | 'anomaly.labelled';

/** What one type of event does in the thread of its anomaly. */
export interface ThreadUpdate {
  /** Whether it is told, by a reply or a message of its own. */
  readonly message: boolean;
  /** The reaction that the alert gets, the name of an emoji without colons; `false`: none. */
  readonly reaction: string | false;
}

/**
 * What each type of event does where nothing else is said.
 *
 * @see Skyline, "Skyline slack settings".
 */
export const defaultThreadUpdates: Readonly<Record<ThreadUpdateType, ThreadUpdate>> = Object.freeze({
  'training-data.viewed': Object.freeze({ message: true, reaction: 'eyes' }),
  'features-profile.created': Object.freeze({ message: true, reaction: 'thumbsup' }),
  'features-profile.layers-created': Object.freeze({ message: true, reaction: 'thumbsup' }),
  'features-profile.learnt': Object.freeze({ message: true, reaction: 'heavy_check_mark' }),
  'features-profile.disabled': Object.freeze({ message: true, reaction: 'x' }),
  'features-profile.validated': Object.freeze({ message: true, reaction: false }),
  'anomaly.labelled': Object.freeze({ message: true, reaction: false }),
});

/** What a routing says of updates. */
interface UpdateChoices {
  readonly threadUpdates: boolean;
  readonly on: Readonly<Partial<Record<ThreadUpdateType, ThreadUpdate>>>;
}

const nothing: ThreadUpdate = Object.freeze({ message: false, reaction: false });

/** What a type of event is to do; without routing, what is usual. */
export function threadUpdateOf(routing: UpdateChoices | undefined, type: ThreadUpdateType): ThreadUpdate {
  if (routing === undefined) return defaultThreadUpdates[type];
  // One that was stored before this type of event was known does not name it.
  return routing.threadUpdates ? (routing.on[type] ?? defaultThreadUpdates[type]) : nothing;
}
