import type { ThreadUpdate, ThreadUpdateType } from './thread-update.js';

/** A pattern of metric names, and the channels of the metrics that it matches; at least one. */
export type Route = readonly [pattern: string, channels: readonly string[]];

/**
 * Which metric's alerts go to which channels, as plain frozen JSON with everything filled in: what {@link slackRouting} makes and
 * `engine.routing` stores. Channels are `#name` in lower case, or an id.
 */
export interface Routing {
  /** In order; the first one whose pattern matches decides. */
  readonly channels: readonly Route[];
  /** Whose token posts. */
  readonly integrationId: string;
  /** Where a metric goes that no pattern matches, and what is about no metric. Left out: nowhere. */
  readonly defaultChannel?: string | undefined;
  /** Its id. */
  readonly defaultChannelId?: string | undefined;
  /** The ids of channels, by their names. */
  readonly channelIds: Readonly<Record<string, string>>;
  /** The name to post as. */
  readonly username?: string | undefined;
  /** The emoji to post with, in colons. */
  readonly iconEmoji?: string | undefined;
  /** Whether what became of an anomaly is told. */
  readonly threadUpdates: boolean;
  /** What each type of event does, if it is told. */
  readonly on: Readonly<Record<ThreadUpdateType, ThreadUpdate>>;
}

/** A stored routing. */
export interface SavedRouting extends Routing {
  readonly id: string;
  /** The team whose automations use it: the one that its integration belonged to. Left out: shared by all. */
  readonly entity?: string | undefined;
  /** Grows by 1 with every change. */
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}
