import type { ParsedEvent } from '../event/parsed-event.js';
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

/** Remembers the ids of events, as {@link eventIdOf} gives them, so that emitting one again does nothing twice. */
export interface EventIds {
  get(id: string): EventIdState | undefined;
  set(id: string, state: EventIdState): void;
}

/** An event's id among those of all entities: what one calls its events must not hush another's. */
export function eventIdOf({ id, place: { entity } }: ParsedEvent): string | undefined {
  return id === undefined ? undefined : `${entity.length}:${entity}${id}`;
}

/** How many evaluations are kept, each with its event; beyond, the oldest event is evaluated again. */
const mostEvaluations = 10_000;

/** A map can hold twice as many; one that is full throws. */
const largestGeneration = 2 ** 23;

/**
 * Makes an empty memory.
 *
 * The ids stand in two generations: when the present one is full, the one before it goes as a whole. To take out the
 * oldest id alone would cost a walk over all the holes that its forerunners left in the map.
 *
 * @param maxEventIds - How many ids are remembered at least, those that were set last; it is never more than twice as many.
 */
export function createEventIds(maxEventIds: number): EventIds {
  const generationSize = Math.min(maxEventIds, largestGeneration);
  let present = new Map<string, EventIdState>();
  let previous: typeof present = new Map();
  /** Whose evaluations are kept, oldest first; some may have gone with their generation, the oldest of all. */
  const evaluated = new Set<string>();

  const dropOldestEvaluation = (): void => {
    const [oldest] = evaluated;
    if (oldest === undefined) return;
    evaluated.delete(oldest);
    const generation = present.has(oldest) ? present : previous;
    if (generation.has(oldest)) generation.set(oldest, { type: 'sampled' });
  };

  return {
    get: (id) => present.get(id) ?? previous.get(id),
    set(id, state) {
      // Its evaluation must not stay behind in the generation before.
      if (evaluated.delete(id)) previous.delete(id);
      if (present.size >= generationSize) {
        previous = present;
        present = new Map();
      }
      present.set(id, state);
      if (state.type !== 'sampled' || state.evaluation === undefined) return;
      evaluated.add(id);
      if (evaluated.size > mostEvaluations) dropOldestEvaluation();
    },
  };
}
