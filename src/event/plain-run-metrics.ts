import type { JsonObject, JsonValue } from '../json.js';
import { metricsJson } from './metric-number.js';
import type { MetricValues } from './metric-values.js';
import type { ParsedRunMetrics, RunInfo } from './parsed-event.js';

/**
 * An ordinary `run.metrics`. Most of them ring nothing, so its JSON is written only when something asks for it; a class,
 * since a getter of an object literal costs more than the rest of the event.
 */
export class PlainRunMetrics implements ParsedRunMetrics {
  readonly family = 'run';
  readonly type = 'run.metrics';
  readonly id: string | undefined;
  readonly atMs: number;
  readonly place: ParsedRunMetrics['place'];
  readonly run: RunInfo;
  readonly metrics: MetricValues;
  readonly #step: number | undefined;
  #json: JsonObject | undefined;

  /** One by one, since an object of them would be made for every event. */
  constructor(
    id: string | undefined,
    atMs: number,
    place: ParsedRunMetrics['place'],
    run: RunInfo,
    metrics: MetricValues,
    step: number | undefined,
  ) {
    this.id = id;
    this.atMs = atMs;
    this.place = place;
    this.run = run;
    this.metrics = metrics;
    this.#step = step;
    this.#json = undefined;
  }

  get json(): JsonObject {
    this.#json ??= this.#write();
    return this.#json;
  }

  #write(): JsonObject {
    const { organization, entity, project, registry } = this.place;
    const fields: Record<string, unknown> = {
      type: this.type,
      id: this.id,
      at: this.atMs,
      organization,
      entity,
      project,
      registry,
      run: this.run,
      step: this.#step,
      metrics: metricsJson(this.metrics),
    };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
      string,
      JsonValue
    >;
  }
}
