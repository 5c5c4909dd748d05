import type { FieldFilter, MetricFilter, StateFilter } from '../definition/filter.js';
import { scopeKey, scopesOf } from '../definition/scope.js';
import { isRunEvent, type ParsedEvent, type RunInfo } from '../event/parsed-event.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { toConditions } from '../rule/conditions.js';
import { fieldFact, type MetricFact, metricFact, stateFact } from '../rule/fact.js';
import { compileLeaf } from '../rule/gate.js';
import { aggregateOf } from '../window/aggregate.js';
import type { LiveRun } from '../window/live-run.js';
import {
  type AskLeaf,
  type ExplainedFilter,
  type Explanation,
  type ExplanationReason,
  explainFilter,
} from './explanation.js';
import { readFacts } from './facts.js';

/** What an explanation is made from. Nothing of it is changed. */
export interface ExplainRequest {
  readonly compiled: CompiledAutomation;
  readonly event: ParsedEvent;
  /** The event's run as it is now, without the event; `undefined` when it has said nothing yet. */
  readonly run: LiveRun | undefined;
  readonly isDuplicate: boolean;
}

/** Says whether an automation would fire on an event but for its cooldown, and if not, what says no. */
export function explain(request: ExplainRequest): Explanation {
  const { compiled, event, run } = request;
  const info = isRunEvent(event) ? { ...run?.info, ...event.run } : undefined;
  const filter = explainFilter(compiled.filter, createAsk(request, info));
  const reasons = reasonsAgainst(request, filter, info);
  return { wouldFire: reasons.length === 0, reasons, filter };
}

function reasonsAgainst(
  request: ExplainRequest,
  filter: ExplainedFilter,
  info: RunInfo | undefined,
): ExplanationReason[] {
  const { compiled, event, run, isDuplicate } = request;
  const { automation, metricNames } = compiled;
  const { type, scope } = automation.event;
  const reasons: ExplanationReason[] = [];
  if (!automation.enabled) reasons.push({ code: 'disabled' });
  if (isDuplicate) reasons.push({ code: 'duplicate' });
  if (event.type !== type) reasons.push({ code: 'event_type', expected: type, got: event.type });
  const key = scopeKey(scope);
  if (!scopesOf(event.place).some((each) => scopeKey(each) === key)) reasons.push({ code: 'scope', expected: scope });
  if (event.type === 'run.metrics' && ![...metricNames].some((name) => event.metrics.has(name))) {
    reasons.push({ code: 'no_metric_of_filter', metrics: [...metricNames] });
  }
  if (event.type === 'run.state' && run?.states.current === event.state) {
    reasons.push({ code: 'state_unchanged', state: event.state });
  }
  if (filter.outcome === 'false') reasons.push({ code: 'filter_false' });
  else if (filter.outcome === 'indeterminate') reasons.push({ code: 'filter_indeterminate' });
  else if (event.type === 'run.state' && type === event.type && !compiled.gate(factsAfter(request, info))) {
    reasons.push({ code: 'state_never_fires', state: event.state });
  }
  return reasons;
}

function createAsk(request: ExplainRequest, info: RunInfo | undefined): AskLeaf {
  const facts = factsAfter(request, info);
  const holds = (leaf: FieldFilter | MetricFilter | StateFilter): 'true' | 'false' => {
    const condition = toConditions(leaf);
    return 'fact' in condition && compileLeaf(condition)(facts) ? 'true' : 'false';
  };
  return (leaf) => {
    switch (leaf.type) {
      case 'field': {
        const { type, field, operator, value } = leaf;
        return { type, outcome: holds(leaf), field, operator, left: facts[fieldFact(field).id], right: value };
      }
      case 'metric': {
        const { type, name, aggregation, comparison, threshold, minSamples, window } = leaf;
        const left = facts[metricFact(leaf).id] as number | undefined;
        return {
          type,
          outcome: left === undefined ? 'indeterminate' : holds(leaf),
          metric: name,
          aggregation,
          comparison,
          left,
          right: threshold,
          samples: valuesAfter(request, name, window).length,
          samplesNeeded: minSamples,
        };
      }
      case 'state': {
        const states = facts[stateFact.id] as readonly string[] | undefined;
        return { type: leaf.type, outcome: holds(leaf), left: states?.[0], right: leaf.states };
      }
      default:
        return leaf satisfies never;
    }
  };
}

/** The facts as they would be after the event. */
function factsAfter(request: ExplainRequest, info: RunInfo | undefined) {
  const { compiled, event } = request;
  return readFacts(compiled.facts, {
    event,
    run: info,
    window: ({ name, aggregation, window, minSamples }: MetricFact) => {
      const values = valuesAfter(request, name, window);
      if (values.length < minSamples) return undefined;
      const value = aggregateOf(aggregation, values);
      return Number.isNaN(value) ? undefined : value;
    },
  });
}

/** The last values of a metric as they would be after the event; the run's own windows are left as they are. */
function valuesAfter({ event, run, isDuplicate }: ExplainRequest, name: string, window: number): number[] {
  const value = event.type === 'run.metrics' && !isDuplicate ? event.metrics.get(name) : undefined;
  const before = run?.series.get(name)?.recent(window) ?? [];
  return (value === undefined ? before : [...before, value]).slice(-window);
}
