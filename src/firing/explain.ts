import { scopeKey, scopesOf } from '../definition/scope.js';
import { isRunEvent, type ParsedEvent, type RunInfo } from '../event/parsed-event.js';
import { readFacts } from '../match/facts.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { FactValues, MetricFact } from '../rule/fact.js';
import type { LiveRun } from '../window/live-run.js';
import type { Measured } from '../window/measured.js';
import { mergeRunInfo } from '../window/run-info.js';
import { createAsk } from './ask-leaf.js';
import { explainFilter } from './explain-filter.js';
import type { ExplainedFilter, Explanation, ExplanationReason } from './explanation.js';

/** What an explanation is made from. Nothing of it is changed. */
export interface ExplainRequest {
  readonly compiled: CompiledAutomation;
  readonly event: ParsedEvent;
  /** The event's run as it is now, without the event; `undefined` when it has said nothing yet. */
  readonly run: LiveRun | undefined;
  readonly isDuplicate: boolean;
  /** What is measured of a metric as it would be after the event; the run's own windows are left as they are. */
  reading(fact: MetricFact): Measured;
}

/** What an event would bring, if it were emitted now. */
export interface Foresight {
  readonly explanation: Explanation;
  readonly run: RunInfo | undefined;
  readonly facts: FactValues;
}

/** Says whether an automation would fire on an event but for its policy, and if not, what says no. */
export function explain(request: ExplainRequest): Foresight {
  const { compiled, event, reading } = request;
  const run = isRunEvent(event) ? mergeRunInfo(request.run?.info ?? event.run, event.run) : undefined;
  const facts = readFacts(compiled.facts, { event, run, window: (fact) => reading(fact).value });
  const filter = explainFilter(compiled.filter, createAsk({ facts, reading }));
  const reasons = reasonsAgainst(request, filter, facts);
  return { explanation: { wouldFire: reasons.length === 0, reasons, filter }, run, facts };
}

function reasonsAgainst(request: ExplainRequest, filter: ExplainedFilter, facts: FactValues): ExplanationReason[] {
  const { compiled, event, run, isDuplicate } = request;
  const { automation, metricNames } = compiled;
  const { type, scope } = automation.event;
  const reasons: ExplanationReason[] = [];
  if (!automation.enabled) reasons.push({ code: 'disabled' });
  if (isDuplicate) reasons.push({ code: 'duplicate' });
  if (event.type !== type) reasons.push({ code: 'event_type', expected: type, got: event.type });
  const key = scopeKey(scope);
  if (!scopesOf(event.place).some((each) => scopeKey(each) === key)) reasons.push({ code: 'scope', expected: scope });
  if (event.type === 'run.metrics' && !event.metrics.names.some((name) => metricNames.has(name))) {
    reasons.push({ code: 'no_metric_of_filter', metrics: [...metricNames] });
  }
  if (event.type === 'run.state' && run?.states.current === event.state) {
    reasons.push({ code: 'state_unchanged', state: event.state });
  }
  if (filter.outcome === 'false') reasons.push({ code: 'filter_false' });
  else if (filter.outcome === 'indeterminate') reasons.push({ code: 'filter_indeterminate' });
  else if (
    event.type === 'run.state' &&
    type === event.type &&
    !compiled.gate(compiled.facts.map(({ id }) => facts[id]))
  ) {
    reasons.push({ code: 'state_never_fires', state: event.state });
  }
  return reasons;
}
