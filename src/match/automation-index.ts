import type { EventType } from '../definition/event-type.js';
import { type ScopePlace, scopeKey, scopesOf } from '../definition/scope.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';

/** Finds the automations that an event can concern, without looking at the others. */
export interface AutomationIndex {
  /** Puts an automation in, in place of an earlier state of it. */
  set(compiled: CompiledAutomation): void;
  remove(automationId: string): void;
  get(automationId: string): CompiledAutomation | undefined;
  /** All automations, enabled or not, oldest first. */
  all(): IterableIterator<CompiledAutomation>;
  /** The enabled automations whose event type, scope and metrics fit an event, in the order they were created. */
  candidates(event: ParsedEvent): CompiledAutomation[];
  /** The automations, enabled or not, that watch events of these types at a place. */
  watching(types: readonly EventType[], place: ScopePlace): CompiledAutomation[];
  /** Grows with every change. */
  readonly version: number;
}

/** Makes an empty index. */
export function createAutomationIndex(): AutomationIndex {
  const byId = new Map<string, CompiledAutomation>();
  const byTypeAndScope = new Map<string, Map<string, CompiledAutomation>>();
  let version = 0;

  const placeKey = (type: EventType, scope: string): string => `${type} ${scope}`;
  const keyOf = ({ automation: { event } }: CompiledAutomation): string => placeKey(event.type, scopeKey(event.scope));

  const leaveBucket = (compiled: CompiledAutomation): void => {
    const key = keyOf(compiled);
    const bucket = byTypeAndScope.get(key);
    bucket?.delete(compiled.automation.id);
    if (bucket?.size === 0) byTypeAndScope.delete(key);
  };

  const watching = (types: readonly EventType[], place: ScopePlace): CompiledAutomation[] => {
    const keys = scopesOf(place).map(scopeKey);
    const buckets = types.flatMap((type) => keys.map((key) => byTypeAndScope.get(placeKey(type, key))));
    return buckets.flatMap((bucket) => (bucket === undefined ? [] : [...bucket.values()])).sort(byAge);
  };

  return {
    set(compiled) {
      const before = byId.get(compiled.automation.id);
      if (before !== undefined) leaveBucket(before);
      // In the place of its earlier state, so that the order stays that of creation.
      byId.set(compiled.automation.id, compiled);
      const key = keyOf(compiled);
      const bucket = byTypeAndScope.get(key) ?? new Map<string, CompiledAutomation>();
      byTypeAndScope.set(key, bucket);
      bucket.set(compiled.automation.id, compiled);
      version += 1;
    },
    remove(automationId) {
      const compiled = byId.get(automationId);
      if (compiled === undefined) return;
      byId.delete(automationId);
      leaveBucket(compiled);
      version += 1;
    },
    get: (automationId) => byId.get(automationId),
    all: () => byId.values(),
    candidates: (event) =>
      watching([event.type], event.place).filter(
        ({ automation, metricNames }) =>
          automation.enabled && (event.type !== 'run.metrics' || namesOneOf(metricNames, event.metrics)),
      ),
    watching,
    get version() {
      return version;
    },
  };
}

function byAge(left: CompiledAutomation, right: CompiledAutomation): number {
  return left.automation.id < right.automation.id ? -1 : 1;
}

function namesOneOf(names: ReadonlySet<string>, metrics: ReadonlyMap<string, number>): boolean {
  for (const name of names) if (metrics.has(name)) return true;
  return false;
}
