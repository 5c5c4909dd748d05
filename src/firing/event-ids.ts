import type { Evaluation } from './evaluation.js';

/** What has become of an event with an id. */
type EventIdState =
  /** It is on its way. */
  | { readonly type: 'pending'; readonly outcome: Promise<unknown> }
  /**
   * Its samples are in the windows, but it was not committed: it may be emitted again. Then it fires what it matched at
   * first, though the windows have gone on.
   */
  | { readonly type: 'sampled'; readonly evaluation?: Evaluation }
  /** It is done with. */
  | { readonly type: 'committed' };

/** Remembers the ids of events, so that emitting one again does nothing twice. */
export interface EventIds {
  get(id: string): EventIdState | undefined;
  set(id: string, state: EventIdState): void;
}

/** How many evaluations are kept, each with its event; beyond, the oldest event is evaluated again. */
const mostEvaluations = 10_000;

/** Makes an empty memory of at most `maxEventIds`; the oldest go. */
export function createEventIds(maxEventIds: number): EventIds {
  const states = new Map<string, EventIdState>();
  const evaluated = new Set<string>();
  return {
    get: (id) => states.get(id),
    set(id, state) {
      states.delete(id);
      states.set(id, state);
      evaluated.delete(id);
      if (state.type === 'sampled' && state.evaluation !== undefined) evaluated.add(id);
      if (evaluated.size > mostEvaluations) {
        const [oldest] = evaluated;
        if (oldest !== undefined) {
          evaluated.delete(oldest);
          states.set(oldest, { type: 'sampled' });
        }
      }
      if (states.size <= maxEventIds) return;
      const [oldest] = states.keys();
      if (oldest === undefined) return;
      states.delete(oldest);
      evaluated.delete(oldest);
    },
  };
}
