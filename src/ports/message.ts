import type { Severity } from '../definition/action.js';
import type { ImageReference } from '../definition/image.js';

/**
 * A notification as every channel gets it: plain, unescaped text. An adapter escapes, shortens and lays it out in its
 * own format, and leaves nothing out that fits.
 */
export interface Message {
  /** The headline. May be empty, when the automation gives none. */
  readonly title: string;
  /** The body. May be empty. */
  readonly text: string;
  readonly severity: Severity;
  /** Facts worth reading, in order: where, which run, which value against which threshold. */
  readonly fields: readonly MessageField[];
  /** Where to go from here, in order. */
  readonly links: readonly MessageLink[];
  /** A picture. */
  readonly image?: MessageImage | undefined;
  /** The automation that rang. */
  readonly automationName: string;
  /** When it happened, in epoch milliseconds: the event's `at`. */
  readonly atMs: number;
}

/** One fact of a {@link Message}. */
export interface MessageField {
  readonly name: string;
  readonly value: string;
}

/** A link of a {@link Message}. */
export interface MessageLink {
  /** What it says; not empty. */
  readonly text: string;
  /** An absolute http or https URL. */
  readonly url: string;
}

/** The picture of a {@link Message}: somewhere on the web, or one that the host gave to `engine.images`. */
export type MessageImage = ImageReference;
