/** What every event has. Fields that tocsin does not know are kept, and filters can ask for them. */
export interface EventBase {
  /** Makes the emit idempotent: an event with an id that has been committed does nothing again. 1 to 255 characters. */
  readonly id?: string | undefined;
  /** When it happened, in epoch milliseconds. Data only; policies use the clock. @default now */
  readonly at?: number | undefined;
  readonly organization?: string | undefined;
  /** The team that owns what the event is about. */
  readonly entity: string;
  /** The project it happened in; an event has a project or a registry, not both. */
  readonly project?: string | undefined;
  /** The registry it happened in. */
  readonly registry?: string | undefined;
}
