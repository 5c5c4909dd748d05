import * as z from 'zod';
import { closedObject } from './closed-object.js';

const name = z.string().min(1).max(255);

export const scopeSchema = z.discriminatedUnion('type', [
  closedObject({ type: z.literal('organization'), organization: name }),
  closedObject({ type: z.literal('team'), entity: name }),
  closedObject({ type: z.literal('project'), entity: name, project: name }),
  closedObject({ type: z.literal('registry'), entity: name, registry: name }),
  closedObject({
    type: z.literal('collection'),
    entity: name,
    project: name.optional(),
    registry: name.optional(),
    collection: name,
  }).refine((scope) => (scope.project === undefined) !== (scope.registry === undefined), {
    error: ({ input }) =>
      `Expected a project or a registry, got ${(input as CollectionScope).project === undefined ? 'neither' : 'both'}`,
  }),
]);

/** All that happens in an organization. */
export interface OrganizationScope {
  readonly type: 'organization';
  readonly organization: string;
}

/** All that happens in a team. */
export interface TeamScope {
  readonly type: 'team';
  readonly entity: string;
}

/** All that happens in a project. */
export interface ProjectScope {
  readonly type: 'project';
  readonly entity: string;
  readonly project: string;
}

/** All that happens in a registry. */
export interface RegistryScope {
  readonly type: 'registry';
  readonly entity: string;
  readonly registry: string;
}

/** All that happens to one collection of artifacts, in a project or a registry. */
export interface CollectionScope {
  readonly type: 'collection';
  readonly entity: string;
  readonly project?: string | undefined;
  readonly registry?: string | undefined;
  readonly collection: string;
}

/**
 * Where something must happen. Scopes are hierarchical: organization ⊃ team ⊃ project or registry ⊃ collection, and
 * what is created later inside one belongs to it.
 */
export type Scope = OrganizationScope | TeamScope | ProjectScope | RegistryScope | CollectionScope;

/**
 * The scope of a whole organization. Only events that name their `organization` are in it.
 *
 * @param name - The organization's name, 1 to 255 characters.
 */
export function organization(name: string): OrganizationScope {
  return Object.freeze({ type: 'organization', organization: name });
}

/**
 * The scope of a team.
 *
 * @param entity - The team's name, 1 to 255 characters.
 */
export function team(entity: string): TeamScope {
  return Object.freeze({ type: 'team', entity });
}

/**
 * The scope of a project.
 *
 * @param entity - The team that owns it.
 * @param name - The project's name, 1 to 255 characters.
 */
export function project(entity: string, name: string): ProjectScope {
  return Object.freeze({ type: 'project', entity, project: name });
}

/**
 * The scope of a registry.
 *
 * @param entity - The team that owns it.
 * @param name - The registry's name, 1 to 255 characters.
 */
export function registry(entity: string, name: string): RegistryScope {
  return Object.freeze({ type: 'registry', entity, registry: name });
}

/**
 * The scope of one collection of artifacts.
 *
 * @param parent - The project or registry it is in.
 * @param name - The collection's name, 1 to 255 characters.
 * @example
 * `collection(registry('my-team', 'models'), 'digits')`
 */
export function collection(parent: ProjectScope | RegistryScope, name: string): CollectionScope {
  return Object.freeze(
    parent.type === 'project'
      ? { type: 'collection', entity: parent.entity, project: parent.project, collection: name }
      : { type: 'collection', entity: parent.entity, registry: parent.registry, collection: name },
  );
}

/** The parts of a place that a scope can name. */
export interface ScopePlace {
  readonly organization?: string | undefined;
  readonly entity?: string | undefined;
  readonly project?: string | undefined;
  readonly registry?: string | undefined;
  readonly collection?: string | undefined;
}

/**
 * A text that is the same for equal scopes and different for all others.
 *
 * Names are written as JSON, so no name can pass for another scope's key.
 */
export function scopeKey(scope: Scope): string {
  switch (scope.type) {
    case 'organization':
      return JSON.stringify(['organization', scope.organization]);
    case 'team':
      return JSON.stringify(['team', scope.entity]);
    case 'project':
      return JSON.stringify(['project', scope.entity, scope.project]);
    case 'registry':
      return JSON.stringify(['registry', scope.entity, scope.registry]);
    case 'collection':
      return scope.project === undefined
        ? JSON.stringify(['registry', scope.entity, scope.registry, scope.collection])
        : JSON.stringify(['project', scope.entity, scope.project, scope.collection]);
    default:
      return scope satisfies never;
  }
}

/** The scopes that a place is in, widest first. */
export function scopesOf(place: ScopePlace): Scope[] {
  const scopes: Scope[] = [];
  if (place.organization !== undefined) scopes.push(organization(place.organization));
  if (place.entity === undefined) return scopes;
  scopes.push(team(place.entity));
  const parent =
    place.project !== undefined
      ? project(place.entity, place.project)
      : place.registry !== undefined
        ? registry(place.entity, place.registry)
        : undefined;
  if (parent === undefined) return scopes;
  scopes.push(parent);
  if (place.collection !== undefined) scopes.push(collection(parent, place.collection));
  return scopes;
}

/** Whether everything in `inner` is also in `outer`, as far as their names tell. */
export function scopeContains(outer: Scope, inner: Scope): boolean {
  const key = scopeKey(outer);
  return scopesOf(inner).some((scope) => scopeKey(scope) === key);
}
