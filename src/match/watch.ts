import type { EventType } from '../definition/event-type.js';
import type { ParsedRunMetrics } from '../event/parsed-event.js';
import type { LiveRun, WindowPlan } from '../window/live-run.js';
import type { FactSource } from './facts.js';
import { emptyPlan, joinPlans, type PlanSource } from './plan.js';
import { searchReach } from './reach.js';
import { createReaches } from './reaches.js';
import type { RuleSet } from './rule-set.js';
import { beginSearch, type Entry, endSearch, type Search } from './search.js';

/** An automation that an event may make match. */
export type FoundAutomation = Pick<Entry, 'compiled' | 'isDecided'>;

/** What the automations that watch a place make of what happens there. */
export interface Watch {
  /**
   * Which windows the runs there need: those of every automation on metrics or states, enabled or not, so that enabling
   * one in mid-run works at once. It is the same object until these automations ask for other facts.
   */
  readonly plan: WindowPlan;
  /** No automation, enabled or not, watches the metrics or the states of runs there. */
  readonly isEmpty: boolean;
  /**
   * The enabled automations whose event type, scope and metrics fit an event there, in the order they were created.
   * Automations that certainly do not match are left out; of those that are not decided, the gates must tell.
   *
   * @param run - The run of the event, if it is at hand: most events are seen at a glance to be of no interest.
   */
  candidates(source: FactSource, run?: LiveRun): readonly FoundAutomation[];
}

/** A part of what watches a place. */
export interface WatchPart extends Pick<Watch, 'isEmpty'>, PlanSource {
  /** How many automations have come or gone, in all. */
  readonly changes: number;
  /** Takes up what has changed. */
  bringUpTo(version: number): void;
  /** The enabled automations on events of a type. */
  rulesOn(type: EventType): readonly RuleSet[];
  /** Adds what may match to what the search of the index has found. */
  searchFor(source: FactSource): void;
}

/** A watch that an index keeps. */
export interface PlaceWatch extends WatchPart, Watch {}

const nobody: readonly FoundAutomation[] = Object.freeze([]);

/** The watch of a place that no automation watches. */
export const noWatch: PlaceWatch = Object.freeze({
  plan: emptyPlan,
  since: 0,
  isEmpty: true,
  asks: () => false,
  changes: 0,
  bringUpTo() {},
  rulesOn: () => [],
  searchFor() {},
  candidates: () => nobody,
});

/**
 * Makes the watch of a place.
 *
 * @param search - The search of the index.
 * @param wider - What watches more than this place.
 * @param own - What comes to that here.
 */
export function joinWatches(search: Search, wider: WatchPart, own: WatchPart): PlaceWatch {
  let upTo = -1;
  let widerPlan = emptyPlan;
  let ownPlan = emptyPlan;
  const reaches = createReaches(() => watch.rulesOn('run.metrics'), search.reaches);
  const watch = {
    plan: emptyPlan,
    since: 0,
    isEmpty: true,
    changes: -1,
    bringUpTo(version: number) {
      if (upTo === version) return;
      upTo = version;
      wider.bringUpTo(version);
      own.bringUpTo(version);
      const changes = wider.changes + own.changes;
      if (watch.changes !== changes) reaches.clear();
      watch.changes = changes;
      watch.isEmpty = wider.isEmpty && own.isEmpty;
      if (widerPlan === wider.plan && ownPlan === own.plan) return;
      widerPlan = wider.plan;
      ownPlan = own.plan;
      const plan = joinPlans(wider, own, watch.plan);
      if (plan === watch.plan) return;
      watch.since = plan === wider.plan ? wider.since : plan === own.plan ? own.since : version;
      watch.plan = plan;
    },
    asks: (factId: string) => wider.asks(factId) || own.asks(factId),
    rulesOn: (type: EventType) => [...wider.rulesOn(type), ...own.rulesOn(type)],
    searchFor(source: FactSource) {
      wider.searchFor(source);
      own.searchFor(source);
    },
    candidates(source: FactSource, run?: LiveRun) {
      const { event } = source;
      const reach = event.type === 'run.metrics' ? reaches.of(run?.layout) : undefined;
      beginSearch(search, reach !== undefined);
      if (reach !== undefined) searchReach(reach, event as ParsedRunMetrics, run as LiveRun, search);
      if (reach?.isWhole !== true) watch.searchFor(source);
      return endSearch(search);
    },
  };
  return watch;
}
