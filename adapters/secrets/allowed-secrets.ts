import type { IntegrationType } from '../../src/index.js';

/** Names of secrets that integrations of some types alone may read. */
export interface AllowedSecret {
  /** A name, or the beginning of names with `*` behind it. */
  readonly name: string;
  /** The types of integration that may read it: a Slack token is of no use to a webhook. @default any */
  readonly integrationTypes?: readonly IntegrationType[] | undefined;
}

const types: ReadonlySet<unknown> = new Set<IntegrationType>(['slack', 'webhook', 'console', 'custom']);
const parts: ReadonlySet<string> = new Set<keyof AllowedSecret>(['name', 'integrationTypes']);

/**
 * Reads an allow list.
 *
 * @returns A copy, or `undefined` when it is none. An entry that was misread could allow too much, so nothing is passed over.
 */
export function readAllowed(allow: unknown): readonly AllowedSecret[] | undefined {
  if (!Array.isArray(allow)) return undefined;
  const read = allow.map(readEntry);
  return read.every((entry) => entry !== undefined) ? read : undefined;
}

/** Whether an entry of the list lets an integration of this type read this name. */
export function mayRead({ name, integrationTypes }: AllowedSecret, asked: string, type: IntegrationType): boolean {
  if (integrationTypes !== undefined && !integrationTypes.includes(type)) return false;
  return name.endsWith('*') ? asked.startsWith(name.slice(0, -1)) : asked === name;
}

function readEntry(entry: unknown): AllowedSecret | undefined {
  if (typeof entry === 'string') return isName(entry) ? { name: entry } : undefined;
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { name, integrationTypes } = entry as Partial<AllowedSecret>;
  if (!isName(name) || Object.keys(entry).some((part) => !parts.has(part))) return undefined;
  if (integrationTypes === undefined) return { name };
  const areTypes = Array.isArray(integrationTypes) && integrationTypes.every((type) => types.has(type));
  return areTypes ? { name, integrationTypes: [...integrationTypes] } : undefined;
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name !== '*';
}
