import type { Action, Automation, EventType, FilterJson, JsonObject } from 'tocsin';
import { eventFamily } from '../../src/definition/event-type.js';
import { toFilter } from '../../src/definition/filter-tree.js';
import type { ParsedEvent } from '../../src/event/parsed-event.js';
import type { MatchSource } from '../../src/notify/message.js';
import { metricValues } from '../support/metric-values.js';

/** What a test says of a match; the rest is the same for all. */
export interface MatchSketch {
  readonly type: EventType;
  readonly filter?: FilterJson;
  readonly json?: JsonObject;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly action?: Action;
}

const metric = { name: 'accuracy', agg: 'avg', window: 5, $lt: 0.85 } as const;

/** A match of an automation on an event, both as they are after parsing. */
export function matchOf(sketch: MatchSketch): MatchSource {
  const { type, filter, facts = {}, action = { type: 'none' } } = sketch;
  const event = eventOf(type, sketch.json);
  const automation: Automation = {
    version: 1,
    id: 'automation-1',
    revision: 1,
    createdAt: 0,
    updatedAt: 0,
    name: 'low-accuracy',
    enabled: true,
    event: { type, scope: { type: 'team', entity: 'my-team' }, ...(filter === undefined ? {} : { filter }) },
    action,
  };
  return {
    compiled: { automation, filter: toFilter(filter) },
    event,
    run: event.family === 'run' ? event.run : undefined,
    facts,
  };
}

/** An event as it is after parsing. */
function eventOf(type: EventType, more: JsonObject = {}): ParsedEvent {
  const own = samples[eventFamily(type)];
  const json: JsonObject = { type, entity: 'my-team', project: 'my-project', at: 0, ...own, ...more };
  const place = { entity: 'my-team', project: json['project'], registry: json['registry'] };
  const metrics = Object.entries((json['metrics'] ?? {}) as Record<string, number | string>);
  const numbers = metricValues(metrics.map(([name, value]) => [name, Number(value)]));
  const parsed = { ...json, type, family: eventFamily(type), id: undefined, atMs: 0, place, json, metrics: numbers };
  return parsed as unknown as ParsedEvent;
}

const artifact = {
  id: 'QXJ0aWZhY3Q6MTI=',
  type: 'model',
  version: 'v12',
  metadata: { framework: 'torch', 'val.loss': 0.25, nested: { depth: 3 } },
} as const;

/** What events of each family carry. */
const samples = {
  run: { run: { id: 'run-1', name: 'brisk-sun-7', user: 'ada' } },
  artifact: { collection: 'digits', artifact, author: 'ada' },
  collection: { collection: 'digits', author: 'ada' },
  anomaly: { metric: 'server-1.cpu.user', value: 97.5, timestamp: 1_760_000_000, source: 'mirage' },
  'anomaly-update': { metric: 'server-1.cpu.user', timestamp: 1_760_000_000 },
  custom: { queue: 'training', depth: 12 },
} as const satisfies Record<ReturnType<typeof eventFamily>, JsonObject>;

/** A match of `avg(accuracy, 5) < 0.85` at 0.83. */
export const lowAccuracy: MatchSketch = {
  type: 'run.metrics',
  filter: { $metric: metric },
  facts: { 'metric:avg:5:accuracy': 0.83 },
  json: { metrics: { accuracy: 0.81 }, step: 40 },
};

/** A reference to a variable, as a template has it. */
export function v(name: string): string {
  return `\${${name}}`;
}
