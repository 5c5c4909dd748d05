import * as z from 'zod';
import type { Issue } from '../errors.js';
import { actionSchema } from './action.js';
import { withoutAliases } from './aliases.js';
import type { AutomationDefinition } from './automation.js';
import { copyJson } from './copy-json.js';
import { eventTypes, isRunEventType } from './event-type.js';
import { type Filter, filterLeaves, toFilter } from './filter.js';
import { createFilterSchema } from './filter-schema.js';
import { completeLimits, type Limits } from './limits.js';
import { formatPath } from './path.js';
import { policyFits, policySchema } from './policy.js';
import { scopeSchema } from './scope.js';
import { fromZodIssues, withoutEchoes } from './zod-issues.js';

/** What {@link parseAutomation} answers. */
export type ParseResult<Value> =
  | { readonly value: Value; readonly warnings: readonly Issue[]; readonly issues?: undefined }
  | { readonly issues: readonly Issue[]; readonly value?: undefined };

/**
 * Checks a definition and writes it in its one canonical form.
 *
 * It looks at the definition alone; `engine.automations.create` checks besides that the integration and the handler
 * exist and may be used.
 *
 * @param input - Anything: JSON from a user, or what the builders made.
 * @param limits - How large its parts may be. @default `defaultLimits`
 * @returns The definition, deeply frozen, with warnings; or what is wrong with it, each fault with its path.
 * @example
 * {@includeCode ../../examples/parse-automation.ts}
 */
export function parseAutomation(input: unknown, limits: Partial<Limits> = {}): ParseResult<AutomationDefinition> {
  const bounds = completeLimits(limits);
  const copy = copyJson(input, {
    depth: bounds.definitionDepth,
    nodes: bounds.definitionNodes,
    listMembers: bounds.listMembers,
    textCharacters: bounds.textCharacters,
    characters: bounds.definitionNodes * bounds.textCharacters,
  });
  if ('issue' in copy) return { issues: [unfinishedFilter(copy.issue) ?? copy.issue] };
  const parsed = schemaFor(bounds).safeParse(withoutAliases(copy.value), { reportInput: true });
  if (!parsed.success) return { issues: withoutEchoes(fromZodIssues(parsed.error.issues)) };
  const definition: AutomationDefinition = parsed.data;
  const issues = crossIssues(definition);
  return issues.length > 0 ? { issues } : { value: freeze(definition), warnings: [] };
}

/** Where a builder's method stands in a filter, if somebody gave the builder as it is. */
const builderMethod = /^(event\.filter\b.*?)\.(?:gte?|lte?|eq|ne|avg|mean|min|max|n?in|exists|regex|contains)$/;

/** A builder that was not ended is an object of functions; to call it no JSON would help nobody. */
function unfinishedFilter({ code, path, message }: Issue): Issue | undefined {
  const at = message.endsWith('got a function') ? builderMethod.exec(path)?.[1] : undefined;
  if (at === undefined) return undefined;
  return { code, path: at, message: 'Expected a finished filter, got one without a comparison such as .gt(0.9)' };
}

/** A host has one set of limits; a schema is expensive to make, so the last one is kept. */
let lastSchema: { readonly key: string; readonly schema: ReturnType<typeof createSchema> } | undefined;

function schemaFor(limits: Limits): ReturnType<typeof createSchema> {
  const key = JSON.stringify([limits.windowValues, limits.patternCharacters, limits.patternProgramSteps]);
  if (lastSchema?.key !== key) lastSchema = { key, schema: createSchema(limits) };
  return lastSchema.schema;
}

function createSchema(limits: Limits) {
  return z.strictObject({
    version: z.literal(1).default(1),
    name: z.string().min(1).max(255),
    description: z.string().optional(),
    enabled: z.boolean().default(true),
    event: z.strictObject({
      type: z.enum(eventTypes),
      scope: scopeSchema,
      filter: createFilterSchema(limits).optional(),
    }),
    policy: policySchema.optional(),
    action: actionSchema,
  });
}

/** What no single part of a definition can tell. */
function crossIssues({ event, policy }: AutomationDefinition): Issue[] {
  const issues: Issue[] = [];
  const filter = toFilter(event.filter);
  const leaves = filterLeaves(filter);
  if (isRunEventType(event.type) && event.scope.type === 'collection') {
    issues.push({
      code: 'scope_not_supported',
      path: 'event.scope',
      message: `Expected an organization, team, project or registry for ${event.type}, got a collection`,
    });
  }
  if (event.type === 'run.metrics' && !leaves.some((leaf) => leaf.type === 'metric')) {
    issues.push({
      code: 'metric_required',
      path: 'event.filter',
      message: 'Expected a condition on a metric for run.metrics, got none',
    });
  }
  issues.push(...unsupportedLeaves(leaves, event.type));
  if (policy?.per !== undefined && !policyFits(policy.per, event.type)) {
    issues.push({
      code: 'invalid_value',
      path: formatPath(['policy', 'per']),
      message: `Expected something that ${event.type} events have, got "${policy.per}"`,
    });
  }
  return issues;
}

function unsupportedLeaves(leaves: readonly Filter[], type: AutomationDefinition['event']['type']): Issue[] {
  const issues: Issue[] = [];
  if (type !== 'run.metrics' && type !== 'run.state' && leaves.some((leaf) => leaf.type === 'metric')) {
    issues.push({
      code: 'filter_not_supported',
      path: 'event.filter',
      message: `Expected $metric only on run.metrics and run.state, got it on ${type}`,
    });
  }
  if (type !== 'run.state' && leaves.some((leaf) => leaf.type === 'state')) {
    issues.push({
      code: 'filter_not_supported',
      path: 'event.filter',
      message: `Expected $state only on run.state, got it on ${type}`,
    });
  }
  return issues;
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}
