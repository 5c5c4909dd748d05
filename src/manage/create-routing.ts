import { describeIssues } from '../definition/describe-issues.js';
import { describeValue } from '../definition/path.js';
import { parseRouting } from '../definition/routing/parse-routing.js';
import type { Routing, SavedRouting } from '../definition/routing/routing.js';
import { type Issue, TocsinError } from '../errors.js';
import { type RoutingStore, routingId } from '../record/routing-store.js';
import { isSmallObject } from './refused-input.js';
import type { RoutingManager } from './routing.js';
import { routingIssues } from './routing-issues.js';
import { type RoutingVerifierOptions, verifyRouting } from './verify-routing.js';

/** What {@link createRouting} works with. */
export interface RoutingOptions extends RoutingVerifierOptions {
  readonly store: RoutingStore;
}

/** Makes the part of the engine that manages routings. */
export function createRouting(options: RoutingOptions): RoutingManager {
  const { store, integrations, runtime, deliveries } = options;

  const find = (entity: string | undefined): SavedRouting => {
    const routing = store.get(ownerOf(entity));
    if (routing === undefined) throw notFound(entity);
    return routing;
  };

  return {
    async set(input) {
      const { value, issues } = parseRouting(withoutState(input));
      if (value === undefined) throw invalidRouting(issues);
      // Another process may have made it, or given it to another entity.
      const integration = await integrations.lookUp(value.integrationId);
      const further = routingIssues(value, integration, deliveries);
      if (further.length > 0) throw invalidRouting(further);
      const entity = integration?.entity;
      const nowMs = runtime.now();
      const stored = await store.put(entity, (before) =>
        before !== undefined && isEqual(before, value) ? undefined : savedRouting(value, entity, before, nowMs),
      );
      return stored ?? find(entity);
    },
    get: async (entity) => find(entity),
    list: async () => store.all(),
    async delete(entity) {
      if (!(await store.delete(ownerOf(entity)))) throw notFound(entity);
    },
    verify: async (entity) => verifyRouting(find(entity), options),
  };
}

/** How the routings that post by an integration are told to who deletes it. */
export function routingUses(store: RoutingStore, integrationId: string): readonly string[] {
  return store.using(integrationId).map(({ entity }) => nameOf(entity));
}

function savedRouting(
  routing: Routing,
  entity: string | undefined,
  before: SavedRouting | undefined,
  nowMs: number,
): SavedRouting {
  return {
    ...routing,
    id: routingId(entity),
    ...(entity === undefined ? {} : { entity }),
    revision: (before?.revision ?? 0) + 1,
    createdAt: before?.createdAt ?? nowMs,
    updatedAt: nowMs,
  };
}

const stateKeys: ReadonlySet<string> = new Set(['id', 'entity', 'revision', 'createdAt', 'updatedAt'] satisfies Exclude<
  keyof SavedRouting,
  keyof Routing
>[]);

/** What was stored can be stored again. */
function withoutState(input: unknown): unknown {
  if (!isSmallObject(input) || !Object.hasOwn(input, 'revision')) return input;
  return Object.fromEntries(Object.entries(input).filter(([key]) => !stateKeys.has(key)));
}

/** Both are as parsing wrote them, whatever the order in which a storage gives the keys back. */
function isEqual(saved: SavedRouting, routing: Routing): boolean {
  return canonical(parseRouting(withoutState(saved)).value) === canonical(routing);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Without types it may be anything, and what is no name must not pass for the shared one. */
function ownerOf(entity: unknown): string | undefined {
  if (entity === undefined || typeof entity === 'string') return entity;
  const message = `Expected the name of an entity, or nothing for the shared routing, got ${describeValue(entity)}`;
  throw new TocsinError({ code: 'not_found', message });
}

function nameOf(entity: string | undefined): string {
  return entity === undefined ? 'the shared routing' : `the routing of ${entity}`;
}

function notFound(entity: string | undefined): TocsinError {
  const message = entity === undefined ? 'There is no shared routing' : `There is no routing of ${entity}`;
  return new TocsinError({ code: 'not_found', message });
}

function invalidRouting(issues: readonly Issue[]): TocsinError {
  return new TocsinError({ code: 'invalid_options', message: `routing.set: ${describeIssues(issues)}`, issues });
}
