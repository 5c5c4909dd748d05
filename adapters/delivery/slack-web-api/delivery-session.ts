import type { SlackSession } from './call-slack.js';
import type { ListPosition } from './list-channels.js';
import { createLookPatience, type LookPatience } from './look-patience.js';
import { createMemory, type Memory } from './memory.js';

const tenMinutes = 600_000;
const oneDay = 86_400_000;

/** What is learnt while messages are delivered. */
export interface LearntOfSlack {
  /** Tokens that may not post under another name, by the name `persona`. */
  readonly refusedPersonas: Memory<true>;
  /** Channels by their names. */
  readonly channels: Memory<LearntChannel>;
  /** Where messages to a channel's name went: good for looking for another, too old for posting there. */
  readonly postedTo: Memory<string>;
  /** How far the list of channels was read for a name, when there was no time to read it to the end. */
  readonly lists: Memory<ListPosition>;
  /** Deliveries of which a copy was sent that may stand beside another. */
  readonly copied: Memory<true>;
  /** Deliveries all of whose attempts were made here, and whose picture Slack has certainly not got. */
  readonly notUploaded: Memory<true>;
  /** With which deliveries can't be looked for. */
  readonly patience: LookPatience;
}

/** A channel that was given by its name. */
interface LearntChannel {
  readonly id: string;
  /** Slack takes no message by its name, mostly because it is private. */
  readonly needsId: boolean;
}

/** What every call of one delivery shares, and what outlives it. */
export interface DeliverySession extends SlackSession {
  readonly learnt: LearntOfSlack;
  /** Whether to look for a message where an earlier attempt may have posted it. */
  readonly lookUp: boolean;
}

/**
 * Makes the memory of one adapter.
 *
 * @param now - A clock in milliseconds that never goes back.
 */
export function createLearntOfSlack(now?: () => number): LearntOfSlack {
  return {
    // Scopes and names can change, so nothing is believed for long.
    refusedPersonas: createMemory({ forMs: tenMinutes, maxEntries: 1_000 }, now),
    channels: createMemory({ forMs: tenMinutes, maxEntries: 10_000 }, now),
    postedTo: createMemory({ forMs: Number.POSITIVE_INFINITY, maxEntries: 10_000 }, now),
    lists: createMemory({ forMs: tenMinutes, maxEntries: 1_000 }, now),
    copied: createMemory({ forMs: oneDay, maxEntries: 10_000 }, now),
    notUploaded: createMemory({ forMs: 6 * tenMinutes, maxEntries: 10_000 }, now),
    patience: createLookPatience(now),
  };
}
