import type { EventType } from '../definition/event-type.js';
import { type Scope, type ScopePlace, scopeKey } from '../definition/scope.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { createBoundedMemory } from './bounded-memory.js';
import { createRanks } from './ranks.js';
import { addWatcher, removeWatcher, watchOf, watchWithin } from './scope-node.js';
import { closeIfEmpty, createScopeTree, innermostNode, nodesOf, openNode, organizationNode } from './scope-tree.js';
import { byAge, createSearch } from './search.js';
import { noWatch, type PlaceWatch, type Watch } from './watch.js';

/** Finds the automations that an event can concern, without looking at the others. */
export interface AutomationIndex {
  /** Puts an automation in, in place of an earlier state of it. */
  set(compiled: CompiledAutomation): void;
  remove(automationId: string): void;
  get(automationId: string): CompiledAutomation | undefined;
  /** The automation that has a name in a scope, if any. */
  named(scope: Scope, name: string): CompiledAutomation | undefined;
  /** All automations, enabled or not, oldest first. */
  all(): IterableIterator<CompiledAutomation>;
  /** What the automations that watch a place make of what happens there. It is good until the next change. */
  watch(place: ScopePlace): Watch;
  /** The automations, enabled or not, that watch events of these types at a place, in the order they were created. */
  watching(types: readonly EventType[], place: ScopePlace): CompiledAutomation[];
}

/** How many texts of events are remembered, with the patterns that are found in them. */
const mostTexts = 20_000;

/** How many watches of places in an organization are kept; beyond, they are put together anew. */
const mostPlaces = 10_000;

/** Makes an empty index. */
export function createAutomationIndex(): AutomationIndex {
  const byId = new Map<string, CompiledAutomation>();
  const byName = new Map<string, CompiledAutomation>();
  const ranks = createRanks();
  const tree = createScopeTree();
  const search = createSearch();
  const texts = createBoundedMemory(mostTexts);
  const places = createBoundedMemory(mostPlaces);
  let version = 0;

  const take = (compiled: CompiledAutomation): void => {
    const node = openNode(tree, compiled.automation.event.scope);
    removeWatcher(node, compiled);
    closeIfEmpty(node);
  };

  /** Another may have it by now, when this one was renamed. */
  const giveBackName = (compiled: CompiledAutomation): void => {
    const key = nameKeyOf(compiled);
    if (byName.get(key) === compiled) byName.delete(key);
  };

  const watchAt = (place: ScopePlace): PlaceWatch => {
    const innermost = innermostNode(tree, place);
    const organization = organizationNode(tree, place);
    if (innermost !== undefined && organization !== undefined) {
      return watchWithin(organization, innermost, search, places);
    }
    const node = innermost ?? organization;
    return node === undefined ? noWatch : watchOf(node, search);
  };

  return {
    set(compiled) {
      const { id, event } = compiled.automation;
      const before = byId.get(id);
      if (before === compiled) return;
      // In the place of its earlier state, so that the order stays that of creation.
      byId.set(id, compiled);
      if (before !== undefined) giveBackName(before);
      byName.set(nameKeyOf(compiled), compiled);
      addWatcher(openNode(tree, event.scope), compiled, ranks.of(id), texts);
      // Last, so that what both ask for is asked for all the time.
      if (before !== undefined) take(before);
      version += 1;
    },
    remove(automationId) {
      const compiled = byId.get(automationId);
      if (compiled === undefined) return;
      byId.delete(automationId);
      ranks.forget(automationId);
      giveBackName(compiled);
      take(compiled);
      version += 1;
    },
    get: (automationId) => byId.get(automationId),
    named: (scope, name) => byName.get(nameKey(scope, name)),
    all: () => byId.values(),
    watch(place) {
      const watch = watchAt(place);
      watch.bringUpTo(version);
      return watch;
    },
    watching: (types, place) =>
      nodesOf(tree, place)
        .flatMap(({ watchers }) => types.flatMap((type) => [...(watchers.get(type)?.all ?? [])]))
        .sort(byAge),
  };
}

function nameKeyOf({ automation }: CompiledAutomation): string {
  return nameKey(automation.event.scope, automation.name);
}

/** A name is taken in its scope only. */
function nameKey(scope: Scope, name: string): string {
  return JSON.stringify([scopeKey(scope), name]);
}
