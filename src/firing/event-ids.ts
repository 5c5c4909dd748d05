/** What has become of an event with an id. */
type EventIdState =
  /** It is on its way. */
  | { readonly type: 'pending'; readonly outcome: Promise<unknown> }
  /** Its samples are in the windows, but it was not committed: it may be emitted again. */
  | { readonly type: 'sampled' }
  /** It is done with. */
  | { readonly type: 'committed' };

/** Remembers the ids of events, so that emitting one again does nothing twice. */
export interface EventIds {
  get(id: string): EventIdState | undefined;
  set(id: string, state: EventIdState): void;
}

/** Makes an empty memory of at most `maxEventIds`; the oldest go. */
export function createEventIds(maxEventIds: number): EventIds {
  const states = new Map<string, EventIdState>();
  return {
    get: (id) => states.get(id),
    set(id, state) {
      states.delete(id);
      states.set(id, state);
      if (states.size <= maxEventIds) return;
      const [oldest] = states.keys();
      if (oldest !== undefined) states.delete(oldest);
    },
  };
}
