import type { CustomEventType } from '../definition/event-type.js';
import type { EventBase } from './event-base.js';

/**
 * Something of the host's own happened. It may carry any other field that JSON can say; an interface that extends this
 * one names them.
 */
export interface CustomEvent extends EventBase {
  /** `custom.` and a name, up to 255 characters in all. */
  readonly type: CustomEventType;
  /** The collection it is about, 1 to 255 characters; in a scope only with a project or a registry. */
  readonly collection?: string | undefined;
}
