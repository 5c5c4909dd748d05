import { type Automation, type AutomationDefinition, type FilterJson, type Issue, parseAutomation } from 'tocsin';

/** A plain object, as JSON has it. */
export type Json = Record<string, unknown>;

/** The smallest definition that is fine: `accuracy` below 0.85 in one project. */
export const smallest = {
  name: 'low-accuracy',
  event: {
    type: 'run.metrics',
    scope: { type: 'project', entity: 'my-team', project: 'my-project' },
    filter: { $metric: { name: 'accuracy', $lt: 0.85 } },
  },
  action: { type: 'none' },
} as const;

/** The smallest definition with another filter, on events of another type. */
export function withFilter(filter: unknown, type: string = smallest.event.type): Json {
  return { ...smallest, event: { ...smallest.event, type, filter } };
}

/** What is wrong with a definition, as `code path`. */
export function faultsOf(input: unknown): string[] {
  return issuesOf(input).map(({ code, path }) => `${code} ${path}`);
}

/** What is wrong with a definition. */
export function issuesOf(input: unknown): readonly Issue[] {
  return parseAutomation(input).issues ?? [];
}

/** The canonical form of a definition that must be fine. */
export function parsed(input: unknown): AutomationDefinition {
  const { value, issues } = parseAutomation(input);
  if (value === undefined) throw new Error(`Expected a fine definition, got ${JSON.stringify(issues)}`);
  return value;
}

/** The canonical form of a filter that must be fine. */
export function parsedFilter(filter: unknown, type?: string): FilterJson | undefined {
  return parsed(withFilter(filter, type)).event.filter;
}

/** A stored automation. */
export function stored(definition: unknown, id = 'automation-1'): Automation {
  return { ...parsed(definition), id, revision: 1, createdAt: 0, updatedAt: 0 };
}

/** What is given, and the one issue that it has. */
export type IssueCase = readonly [given: string, input: unknown, code: string, path: string, message: string];

/** The smallest definition with a condition on the metric `a`. */
export function withMetric(fields: Json): Json {
  return withFilter({ $metric: { name: 'a', ...fields } });
}

/** The smallest definition on artifacts, with a filter. */
export function onArtifacts(filter: unknown): Json {
  return withFilter(filter, 'artifact.created');
}
