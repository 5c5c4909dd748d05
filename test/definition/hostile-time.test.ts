import { parseAutomation } from 'tocsin';
import { expect, test } from 'vitest';
import { type Json, onArtifacts } from '../support/definitions.js';
import { fastest } from '../support/fastest.js';
import { nested, withKey } from '../support/hostile.js';

const webhook = (payload: unknown): Json => ({
  ...onArtifacts({}),
  action: { type: 'webhook', integrationId: 'i', payload },
});
const pattern = ($regex: string): Json => onArtifacts({ alias: { $regex } });
const patterns = (count: number, each: (index: number) => string): Json =>
  onArtifacts({ $or: Array.from({ length: count }, (_, index) => ({ alias: { $regex: each(index) } })) });

test.each([
  ['depth 10,000', onArtifacts(nested(10_000, ($not) => ({ $not })))],
  ['10 MB in one text', onArtifacts({ alias: 'x'.repeat(1e7) })],
  ['10 MB in many texts', onArtifacts({ alias: { $in: Array.from({ length: 1000 }, () => 'x'.repeat(10_000)) } })],
  ['a key __proto__', onArtifacts(withKey('__proto__'))],
  ['a key constructor', onArtifacts(withKey('constructor'))],
  ['the pattern (.*){1,1000}', pattern('(.*){1,1000}')],
  ['patterns of 439,000 steps', pattern('(.*){999}'.repeat(110))],
  ['patterns that nest', pattern(`${'(x{1,1000}|'.repeat(80)}${')'.repeat(80)}`)],
  ['300 patterns of Unicode classes', patterns(300, () => '[\\pL\\pN\\pS\\pP\\pM\\pZ\\pC]'.repeat(38))],
  ['300 patterns that can not be compiled', patterns(300, (index) => `(?i)${'\\pL'.repeat(8)}${index}(`)],
  ['100,000 list members', onArtifacts({ alias: { $in: Array.from({ length: 100_000 }, (_, index) => index) } })],
  ['a value that looks like a fact', onArtifacts({ alias: { $eq: { fact: 'x' } } })],
  [
    'a template of nested ${',
    { ...onArtifacts({}), action: { type: 'notification', integrationId: 'i', title: '${'.repeat(5000) } },
  ],
  ['a payload 10,000 deep', webhook(nested(10_000, (inner) => [inner]))],
])('a definition with %s is refused within 50 ms', (_, definition) => {
  expect(fastest(() => expect(parseAutomation(definition).issues?.length).toBeGreaterThan(0))).toBeLessThan(50);
});
