import type { RunMetricsEvent, RunStateEvent } from 'tocsin';
import { alwaysAbove, type DenseEvent, type DenseRule, longestWindow } from '../sets/dense.js';

/** What a scan knows of a run. */
interface ScannedRun {
  name: string;
  tags: readonly string[];
  /** The last values of each metric, the newest last. */
  readonly values: Map<string, number[]>;
}

type Test = (event: DenseEvent, run: ScannedRun | undefined) => boolean;

interface Filter {
  readonly name: string;
  readonly matches: Test;
}

/** What a scan can do. */
export interface PlainScan {
  /** Only remembers what an event says of its run, as the start of {@link PlainScan.find} does. */
  observe(event: DenseEvent): void;
  /** Names what an event matches. */
  find(event: DenseEvent): readonly string[];
}

/**
 * What one writes first: a closure for each automation, and every event is put to all of its type.
 *
 * @param rules - The automations.
 */
export function plainScan(rules: readonly DenseRule[]): PlainScan {
  const filters = new Map<string, Filter[]>();
  for (const rule of rules) {
    const type = eventTypeOf(rule);
    const own = filters.get(type) ?? [];
    own.push({ name: rule.name, matches: testOf(rule) });
    filters.set(type, own);
  }
  const runs = new Map<string, ScannedRun>();

  const observe = (event: DenseEvent): ScannedRun | undefined => {
    if (event.type !== 'run.metrics' && event.type !== 'run.state') return undefined;
    const run = runs.get(event.run.id) ?? { name: '', tags: [], values: new Map() };
    runs.set(event.run.id, run);
    remember(run, event);
    return run;
  };

  return {
    observe,
    find(event) {
      const run = observe(event);
      const found: string[] = [];
      for (const filter of filters.get(event.type) ?? []) if (filter.matches(event, run)) found.push(filter.name);
      return found;
    },
  };
}

function remember(run: ScannedRun, event: RunMetricsEvent | RunStateEvent): void {
  if (event.type === 'run.state') {
    run.name = event.run.name ?? '';
    run.tags = event.run.tags ?? [];
    return;
  }
  for (const metric in event.metrics) {
    const values = run.values.get(metric) ?? [];
    if (values.length === 0) run.values.set(metric, values);
    if (values.length === longestWindow) values.shift();
    values.push(event.metrics[metric] as number);
  }
}

function eventTypeOf({ type }: DenseRule): DenseEvent['type'] {
  switch (type) {
    case 'alias':
      return 'artifact.alias-added';
    case 'artifact-tag':
      return 'artifact.tag-added';
    case 'threshold':
    case 'run-name':
    case 'run-tag':
      return 'run.metrics';
    default:
      return type satisfies never;
  }
}

function testOf(rule: DenseRule): Test {
  switch (rule.type) {
    case 'alias':
      return (event) => event.type === 'artifact.alias-added' && event.alias === rule.alias;
    case 'artifact-tag':
      return (event) => event.type === 'artifact.tag-added' && event.tag === rule.tag;
    case 'run-name': {
      const pattern = new RegExp(rule.pattern);
      return (event, run) => isLogged(event, rule.metric) && pattern.test(run?.name ?? '');
    }
    case 'run-tag':
      return (event, run) => isLogged(event, rule.metric) && (run?.tags.includes(rule.tag) ?? false);
    case 'threshold': {
      const { metric, aggregate, window, comparison, limit } = rule;
      return (event, run) => {
        if (event.type !== 'run.metrics' || event.metrics[metric] === undefined) return false;
        const values = run?.values.get(metric) ?? [];
        if (values.length < window) return false;
        const measured = measure(values, aggregate, window);
        return comparison === 'above' ? measured > limit : measured < limit;
      };
    }
    default:
      return rule satisfies never;
  }
}

function isLogged(event: DenseEvent, metric: string): boolean {
  return event.type === 'run.metrics' && Number(event.metrics[metric]) > alwaysAbove;
}

type Aggregate = Extract<DenseRule, { type: 'threshold' }>['aggregate'];

function measure(values: readonly number[], aggregate: Aggregate, window: number): number {
  let result = values.at(-1) as number;
  if (aggregate === 'last') return result;
  for (let index = values.length - window; index < values.length - 1; index += 1) {
    const value = values[index] as number;
    if (aggregate === 'avg') result += value;
    else result = aggregate === 'min' ? Math.min(result, value) : Math.max(result, value);
  }
  return aggregate === 'avg' ? result / window : result;
}
