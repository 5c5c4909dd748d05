import { LogicEngine } from 'json-logic-engine';
import { Engine } from 'json-rules-engine';
import { Query } from 'mingo';
import sift from 'sift';
import type { RunMetricsEvent } from 'tocsin';
import type { SteadyThreshold } from '../sets/steady.js';

/** Something else that can find out which thresholds on last values an event has passed. */
export interface Peer {
  readonly name: string;
  /** Names what an event matches. */
  find(event: RunMetricsEvent): Promise<readonly string[]>;
}

/** The rules of json-rules-engine alone: all in one engine, each with its project as a condition, facts at hand. */
export function jsonRulesEngine(thresholds: readonly SteadyThreshold[]): Peer {
  const rules = thresholds.map(({ name, project, metric, below }) => ({
    name,
    conditions: {
      all: [
        { fact: 'project', operator: 'equal', value: project },
        { fact: metric, operator: 'lessThan', value: below },
      ],
    },
    event: { type: name },
  }));
  const engine = new Engine(rules, { allowUndefinedFacts: true });
  return {
    name: 'json-rules-engine alone',
    async find({ project, metrics }) {
      const { events } = await engine.run({ project, ...metrics });
      return events.map(({ type }) => type);
    },
  };
}

/** json-logic-engine, each rule built once. */
export function jsonLogicEngine(thresholds: readonly SteadyThreshold[]): Peer {
  const engine = new LogicEngine();
  return scanning('json-logic-engine, compiled', thresholds, ({ project, metric, below }) => {
    const rule = { and: [{ '===': [{ var: 'project' }, project] }, { '<': [{ var: `metrics.${metric}` }, below] }] };
    return engine.build(rule) as (event: RunMetricsEvent) => unknown;
  });
}

/** sift, each filter made once. */
export function siftFilters(thresholds: readonly SteadyThreshold[]): Peer {
  return scanning('sift, filters made once', thresholds, ({ project, metric, below }) => {
    return sift.default({ project, [`metrics.${metric}`]: { $lt: below } }) as (event: RunMetricsEvent) => unknown;
  });
}

/** mingo, each query made once. */
export function mingoQueries(thresholds: readonly SteadyThreshold[]): Peer {
  return scanning('mingo, queries made once', thresholds, ({ project, metric, below }) => {
    const query = new Query({ project, [`metrics.${metric}`]: { $lt: below } }, {});
    return (event) => query.test(event as object as Record<string, never>);
  });
}

/** These know filters, not sets of filters: every event is put to every one. */
function scanning(
  name: string,
  thresholds: readonly SteadyThreshold[],
  compile: (threshold: SteadyThreshold) => (event: RunMetricsEvent) => unknown,
): Peer {
  const filters = thresholds.map((threshold) => ({ name: threshold.name, matches: compile(threshold) }));
  return {
    name,
    async find(event) {
      const found: string[] = [];
      for (const filter of filters) if (filter.matches(event)) found.push(filter.name);
      return found;
    },
  };
}
