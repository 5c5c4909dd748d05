import type { Scope, ScopePlace } from '../definition/scope.js';
import { createScopeNode, type ScopeNode } from './scope-node.js';

/** The scopes that automations name, each with those that it is inside of. What only events name takes no place. */
export interface ScopeTree {
  readonly organizations: Map<string, ScopeNode>;
  readonly teams: Map<string, ScopeNode>;
}

/** Makes an empty tree. */
export function createScopeTree(): ScopeTree {
  return { organizations: new Map(), teams: new Map() };
}

/** The node of a scope; it is made if it is not there. */
export function openNode(tree: ScopeTree, scope: Scope): ScopeNode {
  switch (scope.type) {
    case 'organization':
      return open(tree.organizations, scope.organization, undefined);
    case 'team':
      return open(tree.teams, scope.entity, undefined);
    case 'project':
      return openProject(tree, scope.entity, scope.project);
    case 'registry':
      return openRegistry(tree, scope.entity, scope.registry);
    case 'collection': {
      const { entity, project, registry = '' } = scope;
      const parent = project === undefined ? openRegistry(tree, entity, registry) : openProject(tree, entity, project);
      parent.collections ??= new Map();
      return open(parent.collections, scope.collection, parent);
    }
    default:
      return scope satisfies never;
  }
}

function openProject(tree: ScopeTree, entity: string, name: string): ScopeNode {
  const team = open(tree.teams, entity, undefined);
  team.projects ??= new Map();
  return open(team.projects, name, team);
}

function openRegistry(tree: ScopeTree, entity: string, name: string): ScopeNode {
  const team = open(tree.teams, entity, undefined);
  team.registries ??= new Map();
  return open(team.registries, name, team);
}

function open(siblings: Map<string, ScopeNode>, name: string, parent: ScopeNode | undefined): ScopeNode {
  return siblings.get(name) ?? createScopeNode(siblings, name, parent);
}

/** Takes a node away, and those it is inside of, as far as nothing is left of them. */
export function closeIfEmpty(node: ScopeNode): void {
  const { watchers, projects, registries, collections, siblings, name, parent } = node;
  const isEmpty = watchers.size === 0 && isNone(projects) && isNone(registries) && isNone(collections);
  if (!isEmpty) return;
  siblings.delete(name);
  if (parent !== undefined) closeIfEmpty(parent);
}

function isNone(nodes: ReadonlyMap<string, ScopeNode> | undefined): boolean {
  return nodes === undefined || nodes.size === 0;
}

/** The innermost node of the team, project or registry, and collection that a place is in. */
export function innermostNode({ teams }: ScopeTree, place: ScopePlace): ScopeNode | undefined {
  const { entity, project, registry, collection } = place;
  const team = entity === undefined ? undefined : teams.get(entity);
  if (team === undefined) return undefined;
  const parent =
    project !== undefined
      ? team.projects?.get(project)
      : registry !== undefined
        ? team.registries?.get(registry)
        : undefined;
  if (parent === undefined) return team;
  return (collection === undefined ? undefined : parent.collections?.get(collection)) ?? parent;
}

/** The node of the organization that a place is in. */
export function organizationNode({ organizations }: ScopeTree, place: ScopePlace): ScopeNode | undefined {
  return place.organization === undefined ? undefined : organizations.get(place.organization);
}

/** All nodes that a place is in. */
export function nodesOf(tree: ScopeTree, place: ScopePlace): ScopeNode[] {
  const nodes: ScopeNode[] = [];
  for (let node = innermostNode(tree, place); node !== undefined; node = node.parent) nodes.push(node);
  const organization = organizationNode(tree, place);
  return organization === undefined ? nodes : [...nodes, organization];
}
