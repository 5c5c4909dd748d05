import * as z from 'zod';
import type { Issue } from '../errors.js';
import type { JsonValue } from '../json.js';
import { actionSchema } from './action.js';
import { isObject, withoutAliases } from './aliases.js';
import type { AutomationDefinition } from './automation.js';
import { closedObject } from './closed-object.js';
import { copyJson } from './copy-json.js';
import { crossIssues } from './cross-issues.js';
import { definitionWarnings } from './definition-warnings.js';
import { eventTypeSchema } from './event-type-schema.js';
import { createFilterSchema } from './filter-schema.js';
import { completeLimits, type Limits } from './limits.js';
import { patternIssues } from './pattern.js';
import { policySchema } from './policy.js';
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
  if ('issue' in copy) return { issues: [unfinishedFilter(copy.issue) ?? pictureInAction(copy.issue) ?? copy.issue] };
  const canonical = withoutAliases(copy.value);
  const parsed = schemaFor(bounds).safeParse(canonical, { reportInput: true });
  const patterns = patternIssues(filterOf(canonical), ['event', 'filter'], bounds);
  if (!parsed.success) return { issues: [...withoutEchoes(fromZodIssues(parsed.error.issues)), ...patterns] };
  const definition: AutomationDefinition = parsed.data;
  const issues = [...patterns, ...crossIssues(definition, bounds)];
  return issues.length > 0 ? { issues } : { value: freeze(definition), warnings: definitionWarnings(definition) };
}

function filterOf(definition: JsonValue): JsonValue | undefined {
  const event = isObject(definition) ? definition['event'] : undefined;
  return isObject(event) ? event['filter'] : undefined;
}

/** Where a builder's method stands in a filter, if somebody gave the builder as it is. */
const builderMethod =
  /^(event\.filter\b.*?)\.(?:gte?|lte?|eq|ne|n?in|exists|regex|contains|size|all|abs|isFinite|isNotFinite|zscore|\w+By|avg|mean|min|max)$/;

/** A builder that was not ended is an object of functions; to call it no JSON would help nobody. */
function unfinishedFilter({ code, path, message }: Issue): Issue | undefined {
  const at = message.endsWith('got a function') ? builderMethod.exec(path)?.[1] : undefined;
  if (at === undefined) return undefined;
  return { code, path: at, message: 'Expected a finished filter, got one without a comparison such as .gt(0.9)' };
}

/** A definition is JSON, so it can't have the bytes of a picture in it. */
function pictureInAction({ code, path, message }: Issue): Issue | undefined {
  if (path !== 'action.image') return undefined;
  const got = message.slice(message.indexOf(', got '));
  return { code, path, message: `Expected an https URL or a handle of engine.images.put()${got}` };
}

/** A host has one set of limits; a schema is expensive to make, so the last one is kept. */
let lastSchema: { readonly windowValues: number; readonly schema: ReturnType<typeof createSchema> } | undefined;

function schemaFor({ windowValues }: Limits): ReturnType<typeof createSchema> {
  if (lastSchema?.windowValues !== windowValues) lastSchema = { windowValues, schema: createSchema({ windowValues }) };
  return lastSchema.schema;
}

/** The zod schema of a definition, from which `automationJsonSchema` is made as well. */
export function createSchema(limits: Pick<Limits, 'windowValues'>) {
  return closedObject({
    version: z.literal(1).default(1),
    name: z.string().min(1).max(255),
    description: z.string().optional(),
    enabled: z.boolean().default(true),
    event: closedObject({
      type: eventTypeSchema,
      scope: scopeSchema,
      filter: createFilterSchema(limits).optional(),
    }),
    policy: policySchema.optional(),
    action: actionSchema,
  });
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}
