import { matchesMetric } from '../definition/metric-pattern.js';
import type { Mute, MuteMatcher } from '../definition/mute.js';

/** What of an event a mute can ask for. */
interface MutableEvent {
  readonly type: string;
  readonly place: {
    readonly entity: string;
    readonly project?: string | undefined;
    readonly registry?: string | undefined;
  };
  readonly run?: { readonly id: string } | undefined;
}

/** A match that may be muted. */
export interface MutableMatch {
  readonly event: MutableEvent;
  readonly automationId: string;
  /** The metric of the anomaly, or those that the automation's filter names. */
  readonly metrics: readonly string[];
}

/** Finds what mutes a match. */
export interface FindMute {
  /**
   * Finds the mute that silences a match at an instant; of several, the one that ends last.
   *
   * @param nowMs - The instant, in epoch milliseconds: a mute that ends then silences it no more.
   */
  find(match: MutableMatch, nowMs: number): Mute | undefined;
  /** Whether there is none at all. */
  readonly isEmpty: boolean;
}

/** The mutes, found by what they ask for. */
export interface MuteTable extends FindMute {
  get(id: string): Mute | undefined;
  /** In the order in which they came. */
  all(): IterableIterator<Mute>;
  ids(): Iterable<string>;
  /** Adds a mute; one that is there already stays. */
  add(mute: Mute): void;
  remove(id: string): void;
}

/** The mutes that stand under one text each. */
type Shelves = Map<string, Set<Mute>>;

/**
 * Makes an empty table. Every mute stands under one part of its matcher, that which fewest events have; only what stands under
 * something that an event has is looked at. Patterns with wildcards alone are tried one by one.
 *
 * @param matches - Whether a pattern matches a metric.
 */
export function createMuteTable(matches: typeof matchesMetric = matchesMetric): MuteTable {
  const mutes = new Map<string, Mute>();
  const byMetric: Shelves = new Map();
  const byPart: Shelves = new Map();
  /** No text is longer under which a mute stands, or has stood, in `byMetric`. */
  let longestStart = 0;

  const fits = ({ matcher }: Mute, { event, automationId, metrics }: MutableMatch): boolean => {
    const { metric, run, entity, project, registry, eventType } = matcher;
    if (matcher.automationId !== undefined && matcher.automationId !== automationId) return false;
    if (run !== undefined && run !== event.run?.id) return false;
    if (entity !== undefined && entity !== event.place.entity) return false;
    if (project !== undefined && project !== event.place.project) return false;
    if (registry !== undefined && registry !== event.place.registry) return false;
    if (eventType !== undefined && eventType !== event.type) return false;
    return metric === undefined || metrics.some((each) => matches(metric, each));
  };

  function* candidatesFor(match: MutableMatch): Generator<Mute> {
    for (const label of partsOf(match)) yield* byPart.get(label) ?? [];
    if (byMetric.size === 0) return;
    for (const metric of match.metrics) {
      for (const start of startsOf(metric, longestStart)) yield* byMetric.get(start) ?? [];
    }
  }

  const placeOf = ({ matcher }: Mute): { readonly shelves: Shelves; readonly label: string } => {
    const part = partOf(matcher);
    return part === undefined ? { shelves: byMetric, label: startOf(matcher) } : { shelves: byPart, label: part };
  };

  return {
    find(match, nowMs) {
      if (mutes.size === 0) return undefined;
      let found: Mute | undefined;
      for (const mute of candidatesFor(match)) {
        if (mute.until > nowMs && isBefore(found, mute) && fits(mute, match)) found = mute;
      }
      return found;
    },
    get isEmpty() {
      return mutes.size === 0;
    },
    get: (id) => mutes.get(id),
    all: () => mutes.values(),
    ids: () => mutes.keys(),
    add(mute) {
      if (mutes.has(mute.id)) return;
      const { shelves, label } = placeOf(mute);
      mutes.set(mute.id, mute);
      if (shelves === byMetric) longestStart = Math.max(longestStart, label.length);
      const shelf = shelves.get(label);
      if (shelf === undefined) shelves.set(label, new Set([mute]));
      else shelf.add(mute);
    },
    remove(id) {
      const mute = mutes.get(id);
      if (mute === undefined) return;
      mutes.delete(id);
      const { shelves, label } = placeOf(mute);
      const shelf = shelves.get(label);
      shelf?.delete(mute);
      if (shelf?.size === 0) shelves.delete(label);
    },
  };
}

/** Whether a mute ends later than another, or was made later where both end at once. */
function isBefore(other: Mute | undefined, mute: Mute): boolean {
  return other === undefined || other.until < mute.until || (other.until === mute.until && other.id < mute.id);
}

/** Where mutes stand of which only a pattern with wildcards is known. */
const wildcards = 'wildcards';

/** Under which part a mute stands; `undefined` when that is the start of its metric. */
function partOf({ metric, automationId, run, entity, project, registry, eventType }: MuteMatcher): string | undefined {
  if (run !== undefined) return `run ${run}`;
  if (automationId !== undefined) return `automation ${automationId}`;
  if (metric !== undefined && !hasWildcards(metric)) return undefined;
  if (project !== undefined) return `project ${project}`;
  if (registry !== undefined) return `registry ${registry}`;
  if (entity !== undefined) return `entity ${entity}`;
  return eventType === undefined ? wildcards : `type ${eventType}`;
}

/** Every part under which a mute may stand that silences a match. */
function partsOf({ event, automationId }: MutableMatch): string[] {
  const { entity, project, registry } = event.place;
  const parts = [wildcards, `automation ${automationId}`, `entity ${entity}`, `type ${event.type}`];
  if (event.run !== undefined) parts.push(`run ${event.run.id}`);
  if (project !== undefined) parts.push(`project ${project}`);
  if (registry !== undefined) parts.push(`registry ${registry}`);
  return parts;
}

/** What is not one name or its first elements: a glob, or RE2 between slashes. */
function hasWildcards(pattern: string): boolean {
  return /[*?]/.test(pattern) || (pattern.startsWith('/') && pattern.endsWith('/'));
}

/** `a.` matches what begins as `a` does, but for the metric `a` itself; that is found out when it is compared. */
function startOf({ metric = '' }: MuteMatcher): string {
  return metric.endsWith('.') ? metric.slice(0, -1) : metric;
}

/** A metric's name, and all the starts of it that end before a dot, up to a length. */
function* startsOf(metric: string, mostCharacters: number): Generator<string> {
  yield metric;
  for (let dot = metric.indexOf('.'); dot >= 0 && dot <= mostCharacters; dot = metric.indexOf('.', dot + 1)) {
    yield metric.slice(0, dot);
  }
}
