import { isRunEvent, type ParsedEvent, type ParsedRunEvent, type RunInfo } from '../event/parsed-event.js';
import type { AutomationIndex } from '../match/automation-index.js';
import { readFactValues } from '../match/facts.js';
import type { FoundAutomation, Watch } from '../match/watch.js';
import { applyMetrics, followPlan, type LiveRun, rememberRunInfo } from '../window/live-run.js';
import type { LiveRuns } from '../window/live-runs.js';
import { EventFacts } from './event-facts.js';

/** What the engine knows of the world, which an event changes. */
export interface World {
  readonly index: AutomationIndex;
  readonly liveRuns: LiveRuns;
}

/** What an event did to the world, and whom it concerns. */
export interface Observation {
  /** The run of the event; none where there is nothing to remember of it. */
  readonly run: LiveRun | undefined;
  /** The automations whose gate let the event through, oldest first. */
  readonly matches: readonly FoundAutomation[];
  /** The event ends its run. */
  readonly endsRun: boolean;
  /** Takes back what must not stand when the event could not be committed. */
  undo(): void;
  /** Puts back what {@link undo} took, when the event is emitted again. */
  redo(): void;
  /** Does what may be done only once the event is committed, also when it had been taken back. */
  settle(): void;
}

const leaveAsItIs = (): void => {};
const noMatches: readonly FoundAutomation[] = Object.freeze([]);
const nothing = observed(undefined, noMatches);

/** An event that changes nothing but windows, which stay as they are whatever becomes of it. */
function observed(run: LiveRun | undefined, matches: readonly FoundAutomation[]): Observation {
  return { run, matches, endsRun: false, undo: leaveAsItIs, redo: leaveAsItIs, settle: leaveAsItIs };
}

/**
 * Applies an event to the windows and finds what it matches: the synchronous part of an emit, done in the order of the
 * calls.
 *
 * @param sample - Whether the event's samples are to be applied; not when it is emitted again.
 */
export function observe({ index, liveRuns }: World, event: ParsedEvent, nowMs: number, sample: boolean): Observation {
  const watch = index.watch(event.place);
  if (!isRunEvent(event)) return observed(undefined, matchesOf(watch, event, undefined));
  const isForgettable = event.type === 'run.metrics' && watch.isEmpty && saysNothingOf(event.run);
  const run = isForgettable ? liveRuns.touchKnown(event, nowMs) : liveRuns.touch(event, nowMs);
  if (run === undefined) return nothing;
  rememberRunInfo(run, event.run);
  if (!run.states.isOver) followPlan(run, watch.plan);
  if (event.type === 'run.state') return observeState(liveRuns, watch, event.state, run, event);
  if (event.type === 'run.metrics' && sample) applyMetrics(run, event);
  return observed(run, matchesOf(watch, event, run));
}

/** Nothing is remembered of a run that nobody watches and that has not even a name: it takes no other's place. */
function saysNothingOf({ name, user, tags, config }: RunInfo): boolean {
  return name === undefined && user === undefined && tags === undefined && config === undefined;
}

function observeState(
  liveRuns: LiveRuns,
  watch: Watch,
  state: string,
  run: LiveRun,
  event: ParsedRunEvent,
): Observation {
  if (run.states.current === state) return observed(run, noMatches);
  const transition = run.states.begin(state);
  // One that goes on may end once more, and is told of once more.
  if (!run.states.hasEnded) run.isConcluded = false;
  followPlan(run, watch.plan);
  const matches = matchesOf(watch, event, run);
  const endIfOver = (): void => {
    if (run.states.isOver) liveRuns.end(run);
  };
  return {
    run,
    matches,
    endsRun: run.states.hasEnded,
    undo() {
      transition.undo();
      endIfOver();
    },
    redo: transition.redo,
    settle() {
      transition.settle();
      liveRuns.changed(run);
      endIfOver();
    },
  };
}

function matchesOf(watch: Watch, event: ParsedEvent, run: LiveRun | undefined): readonly FoundAutomation[] {
  const source = new EventFacts(event, run);
  const candidates = watch.candidates(source, run);
  if (candidates.every(isDecided)) return candidates;
  return candidates.filter(
    ({ compiled, isDecided }) => isDecided || compiled.gate(readFactValues(compiled.facts, source)),
  );
}

function isDecided(candidate: FoundAutomation): boolean {
  return candidate.isDecided;
}
