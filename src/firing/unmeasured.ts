import type { EventType } from '../definition/event-type.js';
import type { FilterLeaf } from '../definition/filter.js';
import { filterLeaves, isMetricLeaf } from '../definition/filter-tree.js';
import { runKey } from '../event/parsed-event.js';
import { readFacts } from '../match/facts.js';
import { metricReaders } from '../match/scope-node.js';
import { filterWords } from '../notify/filter-words.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { type MetricFact, metricFact } from '../rule/fact.js';
import { type LiveRun, readMeasure } from '../window/live-run.js';
import { measureValues } from '../window/measure-values.js';
import type { Measured } from '../window/measured.js';
import { createAsk } from './ask-leaf.js';
import { type CandidateSource, candidateOf } from './candidate.js';
import { type AskLeaf, explainFilter } from './explain-filter.js';
import type { Observation, World } from './observe.js';
import type { Skip } from './skipper.js';

/**
 * The automations that could not be told of a run until its end, since a window never had enough values: each leaves a
 * record, so that silence is not mistaken for health.
 */
export function unmeasuredSkips({ index }: World, observation: Observation, source: CandidateSource): Skip[] {
  const { run, endsRun } = observation;
  const { event } = source;
  if (!endsRun || run === undefined || run.isConcluded || event.type !== 'run.state') return [];
  // It was told where its metrics are logged.
  if (run.owner === 'elsewhere') return [];
  return index
    .watching(metricReaders, event.place)
    .filter(({ automation }) => automation.enabled)
    .flatMap((compiled) => {
      const detail = unmeasuredDetail(compiled, run, source);
      if (detail === undefined) return [];
      return {
        candidate: candidateOf({ compiled, values: [] }, source),
        reason: 'never_enough_samples' as const,
        story: JSON.stringify([compiled.automation.id, runKey(event)]),
        // Never the same story again: a run that comes back ends anew.
        untilMs: 0,
        detail,
      };
    });
}

/** Which windows were short of values; `undefined` when the filter could be told without them. */
function unmeasuredDetail(compiled: CompiledAutomation, run: LiveRun, source: CandidateSource): string | undefined {
  const reading = (fact: MetricFact): Measured => readMeasure(run, fact) ?? measureValues(fact.measure, [], []);
  const short = filterLeaves(compiled.filter)
    .filter(isMetricLeaf)
    .map((leaf) => ({ leaf, ...reading(metricFact(leaf)) }))
    .filter(({ samples, samplesNeeded }) => samples < samplesNeeded);
  if (short.length === 0) return undefined;
  const facts = readFacts(compiled.facts, { ...source, window: (fact) => reading(fact).value });
  const ask = askAtEnd(createAsk({ facts, reading }), compiled.automation.event.type);
  if (explainFilter(compiled.filter, ask).outcome !== 'indeterminate') return undefined;
  return short
    .map(({ leaf, samples, samplesNeeded }) => {
      const of = leaf.type === 'zscore' && leaf.over === 'project' ? 'other runs' : 'values';
      return `${filterWords(leaf)}: ${samples} of ${samplesNeeded} ${of}`;
    })
    .join('; ');
}

/** What a run says of itself holds at its end as well; what only its metrics events say can't be told of them here. */
function askAtEnd(ask: AskLeaf, type: EventType): AskLeaf {
  return (leaf) => {
    const explained = ask(leaf);
    return type === 'run.state' || !isFieldOfEvent(leaf) ? explained : { ...explained, outcome: 'indeterminate' };
  };
}

const runFields = ['name', 'user', 'tag', 'runId', 'entity', 'project', 'registry', 'organization'];

function isFieldOfEvent(leaf: FilterLeaf): boolean {
  return leaf.type === 'field' && !runFields.includes(leaf.field) && !leaf.field.startsWith('config.');
}
