import type { ArtifactAliasAddedEvent, ArtifactTagAddedEvent, RunMetricsEvent, RunStateEvent } from 'tocsin';

/** What an automation of P10 asks, from which every contender makes its own. */
export type DenseRule =
  | {
      readonly type: 'threshold';
      readonly name: string;
      readonly metric: string;
      readonly aggregate: 'last' | 'avg' | 'min' | 'max';
      readonly window: number;
      readonly comparison: 'above' | 'below';
      readonly limit: number;
    }
  /** The metric's condition always holds, so the name decides. */
  | { readonly type: 'run-name'; readonly name: string; readonly metric: string; readonly pattern: string }
  | { readonly type: 'run-tag'; readonly name: string; readonly metric: string; readonly tag: string }
  | { readonly type: 'alias'; readonly name: string; readonly alias: string }
  | { readonly type: 'artifact-tag'; readonly name: string; readonly tag: string };

/** The events of P10. */
export type DenseEvent = RunMetricsEvent | RunStateEvent | ArtifactAliasAddedEvent | ArtifactTagAddedEvent;

/** Below everything that is logged: the condition beside a name or tag. */
export const alwaysAbove = -100;

/** The longest window of a threshold. */
export const longestWindow = 10;

/** Where everything happens. */
export const densePlace = { entity: 'team', project: 'dense' } as const;

const metricCount = 100;
const metricsEach = 5;
const aggregates = [
  { aggregate: 'last', window: 1 },
  { aggregate: 'avg', window: 5 },
  { aggregate: 'min', window: longestWindow },
  { aggregate: 'max', window: longestWindow },
] as const;

/** Half thresholds, a quarter names and tags of runs, a quarter aliases and tags of artifacts. */
export function denseRules(count: number): DenseRule[] {
  return Array.from({ length: count }, (_, index) => {
    const number = Math.floor(index / 8);
    const metric = metricName(number);
    switch (index % 8) {
      case 0:
        return { type: 'run-name', name: `name-${number}`, metric, pattern: `^group-\\d+-(sweep|baseline)-${number}$` };
      case 1:
        return { type: 'run-tag', name: `tag-${number}`, metric, tag: `release-${number}` };
      case 2:
        return { type: 'alias', name: `alias-${number}`, alias: `production-${number}` };
      case 3:
        return { type: 'artifact-tag', name: `artifact-tag-${number}`, tag: `approved-${number}` };
      default:
        return thresholdRule(number * 4 + (index % 8) - 4);
    }
  });
}

/** Every metric gets every aggregate, both ways, with values that no other has; quiet values are from 0 to 1. */
function thresholdRule(number: number): DenseRule {
  const turn = Math.floor(number / metricCount);
  const { aggregate, window } = aggregates[(number + turn) % aggregates.length] as (typeof aggregates)[number];
  const beyond = 1 + number / 1000;
  const isAbove = (turn + Math.floor(number / 4)) % 2 === 0;
  const common = {
    type: 'threshold',
    name: `threshold-${number}`,
    metric: metricName(number),
    aggregate,
    window,
  } as const;
  return isAbove
    ? { ...common, comparison: 'above', limit: beyond }
    : { ...common, comparison: 'below', limit: -beyond };
}

function metricName(number: number): string {
  return `metric-${number % metricCount}`;
}

/** A run says its name and tags. There are 100 names; none of them, and no tag, is asked for but of `loud` runs. */
export function runningEvent(number: number, kind: 'quiet' | 'loud'): RunStateEvent {
  const group = number % 100;
  const name = kind === 'quiet' ? `group-${group}-ablation-${group}` : `group-${group}-sweep-${number % 7}`;
  const tags = kind === 'quiet' ? ['nightly', `owner-${number % 50}`] : ['nightly', `release-${number % 5}`];
  return { type: 'run.state', ...densePlace, run: { id: `${kind}-run-${number}`, name, tags }, state: 'running' };
}

/** A run logs its five metrics; runs by turns. */
export function metricsEvent(index: number, runs: number, kind: 'quiet' | 'loud'): RunMetricsEvent {
  const number = index % runs;
  const metrics: Record<string, number> = {};
  for (let at = 0; at < metricsEach; at += 1) {
    const value = ((index * 37 + at * 11) % 100) / 100;
    metrics[metricName(number * metricsEach + at)] = kind === 'quiet' ? value : value * 16 - 8;
  }
  return { type: 'run.metrics', ...densePlace, run: { id: `${kind}-run-${number}` }, metrics, step: index };
}

/** A version of a model gets an alias, or a tag. */
export function aliasEvent(index: number, kind: 'quiet' | 'loud'): ArtifactAliasAddedEvent | ArtifactTagAddedEvent {
  const artifact = { id: `model-${index % 50}`, type: 'model', version: `v${index % 20}` };
  const common = { ...densePlace, collection: `models-${index % 10}`, artifact };
  return index % 2 === 0
    ? { type: 'artifact.alias-added', ...common, alias: `${kind === 'quiet' ? 'candidate' : 'production'}-${index}` }
    : { type: 'artifact.tag-added', ...common, tag: `${kind === 'quiet' ? 'reviewed' : 'approved'}-${index}` };
}
