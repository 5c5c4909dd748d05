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
  /** The last that is committed; `undefined` when none is. */
  readonly committed: string | undefined;
  begin(state: string): Transition;
}

/** A state, with its place among the states of its run. */
interface Entry {
  readonly state: string | undefined;
  readonly order: number;
}

/** The states that end a run. */
const endStates: ReadonlySet<string | undefined> = new Set(['finished', 'failed', 'crashed', 'killed']);

const nothingSaid: Entry = Object.freeze({ state: undefined, order: 0 });
const noEntries: readonly Entry[] = Object.freeze([]);

/**
 * Makes the states of a run.
 *
 * Several can be on their way at once, and any of them may be refused, so each is kept by itself. What counts is the
 * order in which they were emitted, however late one of them is committed.
 *
 * @param committed - The state that it is in; `undefined` when it has not said any.
 */
export function createRunStates(committed?: string): RunStates {
  return new States(committed);
}

/**
 * A class, since every live run has one, and most say nothing: functions of its own would be most of what it takes. What it
 * says is worked out when that changes, since every event asks.
 */
class States implements RunStates {
  current: string | undefined = undefined;
  hasEnded = false;
  isOver = false;
  #begun = 0;
  #committed = nothingSaid;
  /** In the order in which they were emitted. */
  #uncommitted = noEntries;

  constructor(committed: string | undefined) {
    if (committed === undefined) return;
    this.#committed = { state: committed, order: 0 };
    this.#setUncommitted(noEntries);
  }

  get committed(): string | undefined {
    return this.#committed.state;
  }

  begin(state: string): Transition {
    this.#begun += 1;
    const entry: Entry = { state, order: this.#begun };
    this.#insert(entry);
    return {
      settle: () => {
        if (entry.order > this.#committed.order) this.#committed = entry;
        this.#remove(entry);
      },
      undo: () => this.#remove(entry),
      redo: () => {
        if (entry !== this.#committed) this.#insert(entry);
      },
    };
  }

  #remove(entry: Entry): void {
    this.#setUncommitted(this.#without(entry));
  }

  #insert(entry: Entry): void {
    const others = this.#without(entry);
    this.#setUncommitted(others.toSpliced(others.findLastIndex(({ order }) => order < entry.order) + 1, 0, entry));
  }

  #without(entry: Entry): readonly Entry[] {
    return this.#uncommitted.filter((each) => each !== entry);
  }

  #setUncommitted(uncommitted: readonly Entry[]): void {
    this.#uncommitted = uncommitted;
    const last = uncommitted.at(-1);
    const latest = last !== undefined && last.order > this.#committed.order ? last : this.#committed;
    this.current = latest.state;
    this.hasEnded = endStates.has(latest.state);
    this.isOver = this.hasEnded && latest === this.#committed;
  }
}
