/** What every event has. Fields that tocsin does not know are kept, and filters can ask for them. */
export interface EventBase {
  /** Makes the emit idempotent: an event with an id that has been committed does nothing again. 1 to 255 characters. */
  readonly id?: string | undefined;
  /** When it happened, in epoch milliseconds, -8.64e15 to 8.64e15. Data only; policies use the clock. @default now */
  readonly at?: number | undefined;
  /** The organization it happened in, 1 to 255 characters; without it no scope of an organization has the event. */
  readonly organization?: string | undefined;
  /** The team that owns what the event is about, 1 to 255 characters. */
  readonly entity: string;
  /** The project it happened in; an event has a project or a registry, not both. 1 to 255 characters. */
  readonly project?: string | undefined;
  /** The registry it happened in, 1 to 255 characters. */
  readonly registry?: string | undefined;
}
