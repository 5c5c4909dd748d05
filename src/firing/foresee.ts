import type { Limits } from '../definition/limits.js';
import { metricValueOf } from '../event/metric-values.js';
import { parseEvent } from '../event/parse-event.js';
import { isRunEvent, type ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { Measure, MetricFact } from '../rule/fact.js';
import { type LiveRun, recentValues } from '../window/live-run.js';
import type { LiveRuns } from '../window/live-runs.js';
import { measureValues } from '../window/measure-values.js';
import { type Measured, valuesNeeded } from '../window/measured.js';
import { invalidEvent } from './emitter.js';
import { type EventIds, eventIdOf } from './event-ids.js';
import { explain, type Foresight } from './explain.js';
import type { Pictures } from './pictures.js';

/** What {@link createForesee} works with. */
export interface ForeseeOptions {
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly liveRuns: LiveRuns;
  readonly eventIds: EventIds;
  readonly pictures: Pictures;
}

/**
 * Says what an event would bring, if it were emitted now. Nothing is changed.
 *
 * @throws `invalid_event`.
 */
export type Foresee = (compiled: CompiledAutomation, input: unknown) => Foresight & { readonly event: ParsedEvent };

/** Makes the function that looks ahead. What the windows hold at the call is what counts. */
export function createForesee({ runtime, limits, liveRuns, eventIds, pictures }: ForeseeOptions): Foresee {
  return (compiled, input) => {
    const nowMs = runtime.now();
    const { event, issues } = parseEvent(pictures.accept(input)?.input ?? input, nowMs, limits);
    if (event === undefined) throw invalidEvent(issues);
    const run = isRunEvent(event) ? liveRuns.peek(event, nowMs) : undefined;
    const id = eventIdOf(event);
    const isDuplicate = id !== undefined && eventIds.get(id)?.type === 'committed';
    const reading = createReading(liveRuns, event, run, isDuplicate);
    return { event, ...explain({ compiled, event, run, isDuplicate, reading }) };
  };
}

/** What is measured of a metric as it would be after the event; the run's own windows are left as they are. */
function createReading(liveRuns: LiveRuns, event: ParsedEvent, run: LiveRun | undefined, isDuplicate: boolean) {
  return ({ name, measure }: MetricFact): Measured => {
    const isSampled = event.type === 'run.metrics' && !isDuplicate && run?.owner !== 'elsewhere';
    const value = isSampled ? metricValueOf(event.metrics, name) : undefined;
    const before = run === undefined ? [] : recentValues(run, name, valuesNeeded(measure));
    return measureValues(
      measure,
      value === undefined ? before : [...before, value],
      othersOf(liveRuns, event, name, measure),
    );
  };
}

/** The last values of the other runs of the project, where they are asked for. */
function othersOf(liveRuns: LiveRuns, event: ParsedEvent, name: string, measure: Measure): readonly number[] {
  const isAsked = measure.type === 'zscore' && measure.over === 'project';
  return isAsked && isRunEvent(event) ? liveRuns.projectMetric(event, name).others(measure.window) : [];
}
