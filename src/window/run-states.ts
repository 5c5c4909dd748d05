/** One change of a run's state, which stands at once and counts for good when it is committed. */
interface Transition {
  /** It is committed; also when it had been taken back before. */
  settle(): void;
  /** Takes it back, and nothing else: emitting the state again is an event again. */
  undo(): void;
  /** Puts it back in its place, to be committed once more. */
  redo(): void;
}

/** The states of one run: the last that is committed, and those that are on their way. */
export interface RunStates {
  /** The latest, though it may not be committed yet. */
  readonly current: string | undefined;
  /** The latest ends the run, though it may not be committed yet. */
  readonly hasEnded: boolean;
  /** The run has ended, and that is committed. */
  readonly isOver: boolean;
  begin(state: string): Transition;
}

/** A state, with its place among the states of its run. */
interface Entry {
  readonly state: string | undefined;
  readonly order: number;
}

/** The states that end a run. */
const endStates: ReadonlySet<string | undefined> = new Set(['finished', 'failed', 'crashed', 'killed']);

/**
 * Makes the states of a run that has not said any.
 *
 * Several can be on their way at once, and any of them may be refused, so each is kept by itself. What counts is the
 * order in which they were emitted, however late one of them is committed.
 */
export function createRunStates(): RunStates {
  let begun = 0;
  let committed: Entry = { state: undefined, order: 0 };
  // In the order in which they were emitted.
  const uncommitted: Entry[] = [];

  const latest = (): Entry => {
    const last = uncommitted.at(-1);
    return last !== undefined && last.order > committed.order ? last : committed;
  };

  const remove = (entry: Entry): void => {
    const place = uncommitted.indexOf(entry);
    if (place >= 0) uncommitted.splice(place, 1);
  };

  const insert = (entry: Entry): void => {
    remove(entry);
    uncommitted.splice(uncommitted.findLastIndex(({ order }) => order < entry.order) + 1, 0, entry);
  };

  return {
    get current() {
      return latest().state;
    },
    get hasEnded() {
      return endStates.has(latest().state);
    },
    get isOver() {
      return latest() === committed && endStates.has(committed.state);
    },
    begin(state) {
      begun += 1;
      const entry: Entry = { state, order: begun };
      insert(entry);
      return {
        settle() {
          remove(entry);
          if (entry.order > committed.order) committed = entry;
        },
        undo: () => remove(entry),
        redo() {
          if (entry !== committed) insert(entry);
        },
      };
    },
  };
}
