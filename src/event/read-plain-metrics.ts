import type { Limits } from '../definition/limits.js';
import { numberCharacters } from './metric-number.js';
import type { MetricValues } from './metric-values.js';
import type { ParsedRunMetrics, RunInfo } from './parsed-event.js';
import { PlainRunMetrics } from './plain-run-metrics.js';

/**
 * Reads the ordinary `run.metrics`: known keys, plain texts and numbers. A training loop emits one at every step, and
 * schemas cost more than everything else that is done with it.
 *
 * @returns The event; `undefined` when there is anything else about it, also anything wrong: then it is parsed in full,
 * with the same outcome (a property test holds the two together).
 */
export function readPlainMetrics(input: unknown, nowMs: number, limits: Limits): ParsedRunMetrics | undefined {
  if (limits.eventCharacters < mostCharacters || limits.eventDepth < 2 || !isOrdinary(input)) return undefined;
  // Each is read once: the host may have put getters there.
  const { type, id, at, organization, entity, project, registry, run: runInput, step, metrics: metricsInput } = input;
  if (type !== 'run.metrics' || !isName(entity) || !isNameOrNone(project) || !isNameOrNone(registry)) return undefined;
  if (!isNameOrNone(id) || !isNameOrNone(organization) || !isNumberOrNone(at) || !isNumberOrNone(step))
    return undefined;
  if (project !== undefined && registry !== undefined) return undefined;
  if (at !== undefined && Math.abs(at) > latestMs) return undefined;
  for (const key in input) if (!isKnownKey(key)) return undefined;
  const run = runOf(runInput);
  const metrics = run === undefined ? undefined : metricsOf(metricsInput, limits);
  if (run === undefined || metrics === undefined) return undefined;
  const place = { organization, entity, project, registry, collection: undefined };
  return new PlainRunMetrics(id, plainNumber(at) ?? nowMs, place, run, metrics, plainNumber(step));
}

const longestName = 255;

/** More than the texts of an ordinary event can have, its metrics apart. */
const mostCharacters = 8 * longestName;

/** The last instant that a date can have. */
const latestMs = 8.64e15;

/** An object with no class of its own: what others inherit, the full way tells from their own. */
function isOrdinary(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A switch, since it takes half the time of a set. */
function isKnownKey(key: string): boolean {
  switch (key) {
    case 'type':
    case 'id':
    case 'at':
    case 'organization':
    case 'entity':
    case 'project':
    case 'registry':
    case 'run':
    case 'step':
    case 'metrics':
      return true;
    default:
      return false;
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestName;
}

function isNameOrNone(value: unknown): value is string | undefined {
  return value === undefined || isName(value);
}

function isNumberOrNone(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isFinite(value));
}

/** JSON knows no negative zero. */
function plainNumber(value: number | undefined): number | undefined {
  return value === 0 ? 0 : value;
}

function runOf(input: unknown): RunInfo | undefined {
  if (!isOrdinary(input)) return undefined;
  const { id, name, user } = input;
  if (!isName(id) || !isNameOrNone(name) || !isNameOrNone(user)) return undefined;
  for (const key in input) if (key !== 'id' && key !== 'name' && key !== 'user') return undefined;
  if (name === undefined) return user === undefined ? { id } : { id, user };
  return user === undefined ? { id, name } : { id, name, user };
}

function metricsOf(input: unknown, limits: Limits): MetricValues | undefined {
  if (!isOrdinary(input)) return undefined;
  const names = Object.keys(input);
  if (names.length > limits.eventMetrics) return undefined;
  const values = Object.values(input);
  // A getter may have added or removed one.
  if (values.length !== names.length || !areNumbers(values)) return undefined;
  let characters = numberCharacters * names.length;
  for (const name of names) characters += name.length;
  return characters > limits.eventCharacters ? undefined : { names, values };
}

function areNumbers(values: readonly unknown[]): values is readonly number[] {
  for (const value of values) if (typeof value !== 'number') return false;
  return true;
}
