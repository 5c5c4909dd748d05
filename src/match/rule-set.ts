import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { accessesOf, mostAccesses } from './access.js';
import type { BoundedMemory } from './bounded-memory.js';
import type { FactSource } from './facts.js';
import type { FieldAccess } from './field-access.js';
import {
  addToField,
  createFieldTable,
  crowdBehind,
  type FieldTable,
  isUnasked,
  removeFromField,
  searchField,
} from './field-table.js';
import type { Entry, Search } from './search.js';
import {
  addToTriggers,
  createTriggerTable,
  removeFromTriggers,
  searchTriggers,
  type TriggerTable,
  type Wait,
} from './trigger-table.js';

/**
 * Enabled automations of one event type and scope, each behind what it can't match without: first a value or a pattern
 * of a field, then a metric that the event names, then what a measure of a metric must be.
 */
export interface RuleSet {
  /** Those that are not behind a field. */
  readonly direct: TriggerTable;
  readonly fields: Map<string, FieldTable>;
  readonly positions: Map<CompiledAutomation, Position>;
  /** Bounds what is remembered of the texts of events. */
  readonly memory: BoundedMemory;
}

/** Where an automation stands. */
interface Position {
  readonly entry: Entry;
  /** Behind each of these; `undefined`: behind none. */
  readonly fields: readonly FieldAccess[] | undefined;
  readonly wait: Wait;
}

/** To read one more field, or to search for a pattern, costs an event about as much as so many automations more. */
const detour = 8;

/** Every field is read for every event, so beyond these only an automation without a metric gets one of its own. */
const manyFields = 64;

/** Makes an empty set. */
export function createRuleSet(memory: BoundedMemory): RuleSet {
  return { direct: createTriggerTable(), fields: new Map(), positions: new Map(), memory };
}

/**
 * Puts an automation in.
 *
 * @param rank - Its rank by age; NaN: only its id tells.
 */
export function addRule(rules: RuleSet, compiled: CompiledAutomation, rank: number): void {
  const position = positionFor(rules, compiled, rank);
  rules.positions.set(compiled, position);
  const { entry, fields, wait } = position;
  if (fields === undefined) addToTriggers(rules.direct, wait, entry);
  for (const access of fields ?? []) {
    const field = rules.fields.get(access.fact.id) ?? createFieldTable(access.fact, rules.memory);
    rules.fields.set(access.fact.id, field);
    addToField(field, access, wait, entry);
  }
}

/** Takes an automation out, if it is in. */
export function removeRule(rules: RuleSet, compiled: CompiledAutomation): void {
  const position = rules.positions.get(compiled);
  if (position === undefined) return;
  rules.positions.delete(compiled);
  const { entry, fields, wait } = position;
  if (fields === undefined) removeFromTriggers(rules.direct, wait, entry);
  for (const access of fields ?? []) {
    const field = rules.fields.get(access.fact.id);
    if (field === undefined) continue;
    removeFromField(field, access, wait, entry);
    if (isUnasked(field)) rules.fields.delete(access.fact.id);
  }
}

/** Finds the automations that an event may make match. */
export function searchRules(rules: RuleSet, source: FactSource, search: Search): void {
  if (!search.isDirectDone) searchTriggers(rules.direct, source, search);
  for (const field of rules.fields.values()) searchField(field, source, search);
}

/** An automation stands at few places, however long its filter: one for each field, trigger and metric access. */
function positionFor(rules: RuleSet, compiled: CompiledAutomation, rank: number): Position {
  const { fields, metrics, isDecided } = accessesOf(compiled);
  const triggers = compiled.automation.event.type === 'run.metrics' ? [...compiled.metricNames] : undefined;
  const everyTrigger = triggers?.length ?? 1;
  const everyMetric = everyTrigger * (metrics?.length ?? 1);
  const wait = { triggers, metrics: everyMetric > mostAccesses ? undefined : metrics };
  const placesEach = wait.metrics === undefined ? everyTrigger : everyMetric;
  const choices = fields.filter((each) => each.length <= 1 || each.length * placesEach <= mostAccesses);
  return {
    entry: { compiled, rank, isDecided, foundIn: 0 },
    fields: leastCrowded(rules, choices, wait.metrics !== undefined),
    wait,
  };
}

/**
 * The accesses behind which the fewest stand: if all ask for the same type of artifact, and each for its own alias, the
 * alias is what tells them apart.
 */
function leastCrowded(
  rules: RuleSet,
  choices: readonly (readonly FieldAccess[])[],
  hasMetric: boolean,
): readonly FieldAccess[] | undefined {
  let best: readonly FieldAccess[] | undefined;
  let leastCrowd = Number.POSITIVE_INFINITY;
  for (const choice of choices) {
    if (hasMetric && rules.fields.size >= manyFields && choice.some(({ fact }) => !rules.fields.has(fact.id))) continue;
    const crowd = choice.reduce((sum, access) => sum + crowdOf(rules, access), 0);
    if (crowd >= leastCrowd) continue;
    leastCrowd = crowd;
    best = choice;
  }
  return best;
}

function crowdOf({ fields }: RuleSet, access: FieldAccess): number {
  const field = fields.get(access.fact.id);
  const detours = (field === undefined ? 1 : 0) + (access.type === 'pattern' ? 1 : 0);
  return detours * detour + (field === undefined ? 0 : crowdBehind(field, access));
}
