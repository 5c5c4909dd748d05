import type { EventType } from '../definition/event-type.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { BoundedMemory } from './bounded-memory.js';
import type { FactSource } from './facts.js';
import { type AskedFacts, askFor, askNoMore, emptyPlan, planOf } from './plan.js';
import { addRule, createRuleSet, type RuleSet, removeRule, searchRules } from './rule-set.js';
import type { Search } from './search.js';
import { joinWatches, noWatch, type PlaceWatch, type WatchPart } from './watch.js';

/** The types of event whose filters may ask for metrics of a run. */
export const metricReaders: readonly EventType[] = ['run.metrics', 'run.state'];

/** A scope that an automation names, or that one is inside of. */
export interface ScopeNode {
  readonly name: string;
  /** The nodes that it stands among, by their names. */
  readonly siblings: Map<string, ScopeNode>;
  readonly parent: ScopeNode | undefined;
  // A project and a registry of one name are two.
  projects?: Map<string, ScopeNode>;
  registries?: Map<string, ScopeNode>;
  collections?: Map<string, ScopeNode>;
  /** How many automations have come or gone. */
  changes: number;
  readonly watchers: Map<EventType, Watchers>;
  /** The facts that its own automations ask of runs, enabled or not. */
  readonly asked: AskedFacts;
  /** What is asked has changed since a plan was made of it. */
  isAskedAnew: boolean;
  /** The watch of a place of which this is the innermost scope, once an event has happened there. */
  watch?: PlaceWatch;
  /** Of an organization: the watches of places that are in it and in another scope, by that. */
  within?: Map<ScopeNode, PlaceWatch>;
}

/** The automations of one scope that watch one type of event. */
interface Watchers {
  readonly all: Set<CompiledAutomation>;
  readonly enabled: RuleSet;
}

/** Makes a node that nothing watches yet, and puts it among its siblings. */
export function createScopeNode(
  siblings: Map<string, ScopeNode>,
  name: string,
  parent: ScopeNode | undefined,
): ScopeNode {
  const node: ScopeNode = {
    name,
    siblings,
    parent,
    changes: 0,
    watchers: new Map(),
    asked: new Map(),
    isAskedAnew: false,
  };
  siblings.set(name, node);
  return node;
}

/**
 * Puts an automation in.
 *
 * @param rank - Its rank by age; NaN: only its id tells.
 */
export function addWatcher(node: ScopeNode, compiled: CompiledAutomation, rank: number, memory: BoundedMemory): void {
  const { type } = compiled.automation.event;
  const watchers = node.watchers.get(type) ?? { all: new Set(), enabled: createRuleSet(memory) };
  node.watchers.set(type, watchers);
  watchers.all.add(compiled);
  node.changes += 1;
  if (compiled.automation.enabled) addRule(watchers.enabled, compiled, rank);
  askFor(node.asked, compiled.metricFacts);
  node.isAskedAnew ||= compiled.metricFacts.length > 0;
}

/** Takes an automation out. */
export function removeWatcher(node: ScopeNode, compiled: CompiledAutomation): void {
  const { type } = compiled.automation.event;
  const watchers = node.watchers.get(type);
  if (watchers === undefined || !watchers.all.delete(compiled)) return;
  removeRule(watchers.enabled, compiled);
  node.changes += 1;
  if (watchers.all.size === 0) node.watchers.delete(type);
  askNoMore(node.asked, compiled.metricFacts);
  node.isAskedAnew ||= compiled.metricFacts.length > 0;
}

/** The watch of a place of which this is the innermost scope. */
export function watchOf(node: ScopeNode, search: Search): PlaceWatch {
  if (node.watch === undefined) {
    const wider = node.parent === undefined ? noWatch : watchOf(node.parent, search);
    node.watch = joinWatches(search, wider, partOf(node, search));
  }
  return node.watch;
}

/** The watch of a place in an organization. */
export function watchWithin(
  organization: ScopeNode,
  innermost: ScopeNode,
  search: Search,
  memory: BoundedMemory,
): PlaceWatch {
  organization.within ??= new Map();
  const known = organization.within.get(innermost);
  if (known !== undefined) return known;
  const watch = joinWatches(search, watchOf(organization, search), watchOf(innermost, search));
  organization.within.set(innermost, watch);
  memory.keep(organization.within, innermost);
  return watch;
}

/** What its own automations watch. */
function partOf(node: ScopeNode, search: Search): WatchPart {
  const part = {
    plan: emptyPlan,
    since: 0,
    isEmpty: true,
    get changes() {
      return node.changes;
    },
    bringUpTo(version: number) {
      part.isEmpty = !metricReaders.some((type) => node.watchers.has(type));
      if (!node.isAskedAnew) return;
      node.isAskedAnew = false;
      part.plan = planOf(node.asked);
      part.since = version;
    },
    asks: (factId: string) => node.asked.has(factId),
    rulesOn(type: EventType) {
      const rules = node.watchers.get(type)?.enabled;
      return rules === undefined ? [] : [rules];
    },
    searchFor(source: FactSource) {
      const rules = node.watchers.get(source.event.type)?.enabled;
      if (rules !== undefined) searchRules(rules, source, search);
    },
  };
  return part;
}
