import { readFileSync } from 'node:fs';
import {
  type AutomationDefinition,
  collection,
  fromWandb,
  type Issue,
  project,
  registry,
  type Scope,
  toWandb,
} from 'tocsin';
import { expect } from 'vitest';

/** JSON whose shape is what a test is about. */
// biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
export type Wire = any;

/** One thing that W&B's SDK says or does. */
export interface Case {
  readonly id: string;
  readonly kind: 'event' | 'filter' | 'action' | 'scope' | 'automation' | 'invalid';
  readonly outcome: 'accept' | 'reject' | 'behaviour';
  readonly wire: Wire;
  readonly raw?: string;
  readonly input?: Wire;
  readonly normalised?: Wire;
  readonly vectors?: readonly { readonly [key: string]: Wire }[];
}

export const cases = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8')) as readonly Case[];

/** The case of an id. */
export function caseOf(id: string): Case {
  const found = cases.find((each) => each.id === id);
  if (found === undefined) throw new Error(`No such case: ${id}`);
  return found;
}

/** The scopes of the cases, by their ids at W&B. */
const scopes = {
  'QXJ0aWZhY3RDb2xsZWN0aW9uOjEwMQ==': collection(registry('my-team', 'test-registry'), 'test-collection'),
  'UHJvamVjdDoyMDI=': project('my-team', 'test-project'),
  'UHJvamVjdDozMDM=': registry('my-team', 'test-registry'),
  'RW50aXR5OjQwNA==': { type: 'team', entity: 'test-team-entity' },
  'RW50aXR5OjUwNg==': { type: 'organization', organization: 'my-org' },
  UHJvamVjdDox: project('my-team', 'my-project'),
} as const satisfies Record<string, Scope>;

/** Which scope of the cases is meant where a case has only its kind. */
export const scopeIds = {
  ARTIFACT_COLLECTION: 'QXJ0aWZhY3RDb2xsZWN0aW9uOjEwMQ==',
  PROJECT: 'UHJvamVjdDoyMDI=',
  REGISTRY: 'UHJvamVjdDozMDM=',
  ENTITY: 'RW50aXR5OjQwNA==',
  ORGANIZATION: 'RW50aXR5OjUwNg==',
} as const;

export const integrationId = 'SW50ZWdyYXRpb246Nw==';

/** What the wire form of the cases leaves open. */
export const options = {
  entity: 'my-team',
  organization: 'my-org',
  scopes,
  integrations: { [integrationId]: 'integration-7' },
} as const;

/** A create form that is fine, with other parts. */
export function createForm(parts: Wire = {}): Wire {
  return {
    name: 'test-name',
    enabled: true,
    scopeType: 'PROJECT',
    scopeID: scopeIds.PROJECT,
    triggeringEventType: 'LINK_MODEL',
    eventFilter: '{"$or":[{"$and":[]}]}',
    triggeredActionType: 'NO_OP',
    triggeredActionConfig: { noOpActionInput: { noOp: true } },
    ...parts,
  };
}

/** A create form with one event of the cases. */
export function withEvent({ eventType, scopeType = 'PROJECT', filter }: Wire, text?: Wire): Wire {
  return createForm({
    triggeringEventType: eventType,
    scopeType,
    scopeID: scopeIds[scopeType as keyof typeof scopeIds],
    eventFilter: text ?? JSON.stringify(filter),
  });
}

/** A create form with a filter on fields: on runs where it names one's name, else on artifacts. */
export function withFields(filter: Wire): Wire {
  if (JSON.stringify(filter).includes('display_name') || JSON.stringify(filter).includes('"config.')) {
    const run_metric_filter = {
      threshold_filter: { name: 'm', agg_op: null, window_size: 1, cmp_op: '$gt', threshold: 0 },
    };
    const run_filter = JSON.stringify({ $and: [filter] });
    return withEvent({ eventType: 'RUN_METRIC', filter: { run_filter, run_metric_filter, metric_filter: null } });
  }
  return createForm({ eventFilter: JSON.stringify({ $or: [{ $and: filter.$and ?? [filter] }] }) });
}

/** A create form with an action as the SDK dumps it. */
export function withAction({ actionType, config }: Wire): Wire {
  return createForm({ triggeredActionType: actionType, triggeredActionConfig: config });
}

/** The definition of something that must be fine. */
export function read(wire: Wire): AutomationDefinition {
  return readWithWarnings(wire).value;
}

/** The same, with what was said about it. */
export function readWithWarnings(wire: Wire): { value: AutomationDefinition; warnings: readonly Issue[] } {
  const result = fromWandb(wire, options);
  if (result.issues !== undefined) throw new Error(`Expected it to be read, got ${JSON.stringify(result.issues)}`);
  return result;
}

/** What is wrong with something, as `code path`. */
export function faults(wire: Wire): string[] {
  return told(fromWandb(wire, options).issues ?? []);
}

/** What is written of a definition that W&B can say. */
export function write(definition: AutomationDefinition): Wire {
  const { value, issues } = toWandb(definition, options);
  if (value === undefined) throw new Error(`Expected it to be written, got ${JSON.stringify(issues)}`);
  return JSON.parse(JSON.stringify(value));
}

/** What W&B can't say of a definition, as `code path`. */
export function unsayable(definition: unknown): string[] {
  return told(toWandb(definition as AutomationDefinition, options).issues ?? []);
}

export function told(issues: readonly Issue[]): string[] {
  return issues.map(({ code, path }) => `${code} ${path}`);
}

/** JSON with all texts inside that are JSON themselves as what they say. */
export function unfolded(value: Wire): Wire {
  if (typeof value === 'string' && /^\s*[{[]/.test(value)) return unfolded(JSON.parse(value));
  if (Array.isArray(value)) return value.map(unfolded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unfolded(each)]));
}

/** Checks that a create form is read, and written again as it was; and gives what it means. */
export function roundTrip(wire: Wire, expected: Wire = wire): AutomationDefinition {
  const definition = read(wire);
  const written = write(definition);
  expect(unfolded(written)).toEqual(unfolded(expected));
  expect(read(written)).toEqual(definition);
  return definition;
}
