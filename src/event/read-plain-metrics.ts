import { isPlainObject } from '../definition/copy-json.js';
import type { Limits } from '../definition/limits.js';
import type { JsonValue } from '../json.js';
import { jsonNumber, numberCharacters } from './metric-number.js';
import type { ParsedRunMetrics } from './parsed-event.js';

/**
 * Reads the ordinary `run.metrics`: known keys, plain texts and numbers, nothing but the run's id. A training loop emits
 * one at every step, and schemas cost more than everything else that is done with it.
 *
 * @returns The event; `undefined` when there is anything else about it, also anything wrong: then it is parsed in full,
 * with the same outcome (a property test holds the two together).
 */
export function readPlainMetrics(input: unknown, nowMs: number, limits: Limits): ParsedRunMetrics | undefined {
  if (limits.eventCharacters < mostCharacters || limits.eventDepth < 2 || !isPlainObject(input)) return undefined;
  const json: Record<string, JsonValue> = {};
  let runId: string | undefined;
  let metrics: ReadonlyMap<string, number> | undefined;
  for (const key of Object.keys(input)) {
    const value = input[key];
    if (value === undefined) continue;
    switch (key) {
      case 'type':
        if (value !== 'run.metrics') return undefined;
        json[key] = value;
        break;
      case 'id':
      case 'entity':
      case 'project':
      case 'registry':
      case 'organization':
        if (!isName(value)) return undefined;
        json[key] = value;
        break;
      case 'step':
        if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
        // JSON knows no negative zero.
        json[key] = value === 0 ? 0 : value;
        break;
      case 'run':
        runId = idOf(value);
        if (runId === undefined) return undefined;
        break;
      case 'metrics':
        metrics = numbersOf(value, limits);
        if (metrics === undefined) return undefined;
        break;
      default:
        return undefined;
    }
  }
  const { id, entity, project, registry, organization } = json as Record<string, string | undefined>;
  if (json['type'] === undefined || entity === undefined || runId === undefined || metrics === undefined)
    return undefined;
  if (project !== undefined && registry !== undefined) return undefined;
  const run = { id: runId };
  json['at'] = nowMs;
  json['run'] = run;
  json['metrics'] = Object.fromEntries([...metrics].map(([name, value]) => [name, jsonNumber(value)]));
  const place = { organization, entity, project, registry, collection: undefined };
  return { family: 'run', type: 'run.metrics', id, atMs: nowMs, place, run, metrics, json };
}

const longestName = 255;

/** More than the texts of an ordinary event can have, its metrics apart. */
const mostCharacters = 8 * longestName;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestName;
}

function idOf(run: unknown): string | undefined {
  if (!isPlainObject(run)) return undefined;
  for (const key of Object.keys(run)) if (key !== 'id' && run[key] !== undefined) return undefined;
  const { id } = run;
  return isName(id) ? id : undefined;
}

function numbersOf(metrics: unknown, limits: Limits): ReadonlyMap<string, number> | undefined {
  if (!isPlainObject(metrics)) return undefined;
  const names = Object.keys(metrics);
  if (names.length > limits.eventMetrics) return undefined;
  const numbers = new Map<string, number>();
  let characters = 0;
  for (const name of names) {
    const value = metrics[name];
    if (typeof value !== 'number') return undefined;
    characters += name.length + numberCharacters;
    numbers.set(name, value);
  }
  return characters > limits.eventCharacters ? undefined : numbers;
}
