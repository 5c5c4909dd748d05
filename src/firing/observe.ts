import { isRunEvent, type ParsedEvent, type ParsedRunEvent } from '../event/parsed-event.js';
import type { AutomationIndex } from '../match/automation-index.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { FactValues, MetricFact } from '../rule/fact.js';
import {
  applyMetrics,
  followPlan,
  type LiveRun,
  rememberRunInfo,
  type WindowPlan,
  windowValue,
} from '../window/live-run.js';
import type { LiveRuns } from '../window/live-runs.js';
import { readFacts } from './facts.js';

/** What the engine knows of the world, which an event changes. */
export interface World {
  readonly index: AutomationIndex;
  readonly liveRuns: LiveRuns;
  readonly windowPlan: (place: ParsedEvent['place']) => WindowPlan;
}

/** An automation whose gate let an event through, with the facts as they were at that moment. */
export interface Match {
  readonly compiled: CompiledAutomation;
  readonly facts: FactValues;
}

/** What an event did to the world, and whom it concerns. */
export interface Observation {
  readonly run: LiveRun | undefined;
  readonly matches: readonly Match[];
  /** The event ends its run. */
  readonly endsRun: boolean;
  /** Takes back what must not stand when the event could not be committed. */
  undo(): void;
  /** Puts back what {@link undo} took, when the event is emitted again. */
  redo(): void;
  /** Does what may be done only once the event is committed, also when it had been taken back. */
  settle(): void;
}

const nothing: Observation = Object.freeze({
  run: undefined,
  matches: [],
  endsRun: false,
  undo() {},
  redo() {},
  settle() {},
});

/**
 * Applies an event to the windows and finds what it matches: the synchronous part of an emit, done in the order of the
 * calls.
 *
 * @param sample - Whether the event's samples are to be applied; not when it is emitted again.
 */
export function observe(world: World, event: ParsedEvent, nowMs: number, sample: boolean): Observation {
  if (!isRunEvent(event)) {
    return { ...nothing, matches: matchesOf(world, event, undefined) };
  }
  const run = world.liveRuns.touch(event, nowMs);
  rememberRunInfo(run, event.run);
  if (!run.states.isOver) followPlan(run, world.windowPlan(event.place));
  if (event.type === 'run.metrics' && sample) applyMetrics(run, event);
  if (event.type === 'run.state') return observeState(world, event.state, run, event);
  return { ...nothing, run, matches: matchesOf(world, event, run) };
}

function observeState(world: World, state: string, run: LiveRun, event: ParsedRunEvent): Observation {
  if (run.states.current === state) return { ...nothing, run };
  const transition = run.states.begin(state);
  // One that goes on may end once more, and is told of once more.
  if (!run.states.hasEnded) run.isConcluded = false;
  followPlan(run, world.windowPlan(event.place));
  const matches = matchesOf(world, event, run);
  const endIfOver = (): void => {
    if (run.states.isOver) world.liveRuns.end(run);
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
      endIfOver();
    },
  };
}

function matchesOf({ index }: World, event: ParsedEvent, run: LiveRun | undefined): Match[] {
  const source = {
    event,
    run: run?.info,
    window: (fact: MetricFact) => (run === undefined ? undefined : windowValue(run, fact)),
  };
  const matches: Match[] = [];
  for (const compiled of index.candidates(event)) {
    const facts = readFacts(compiled.facts, source);
    if (compiled.gate(facts)) matches.push({ compiled, facts });
  }
  return matches;
}
