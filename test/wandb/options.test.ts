import { fromWandb, toWandb } from 'tocsin';
import { expect, test } from 'vitest';
import { createForm, options, read } from './cases.js';

const expected = 'Expected one of entity, organization, scopes, integrations, limits';

const directions = [
  ['fromWandb', (given?: unknown) => fromWandb(createForm(), given as never)],
  ['toWandb', (given?: unknown) => toWandb(read(createForm()), given as never)],
] as const;

test.each(directions)('%s tells an option that it does not have, in either direction', (_, convert) => {
  expect(convert({ ...options, entitty: 'my-team', 'to string': 1 })).toEqual({
    issues: [
      { code: 'unknown_key', path: 'options.entitty', message: `${expected}, got entitty` },
      { code: 'unknown_key', path: 'options["to string"]', message: `${expected}, got ["to string"]` },
    ],
  });
  expect(convert({ ...options, organization: undefined }).issues).toBeUndefined();
});

test.each(directions)('%s tells what are no options', (_, convert) => {
  for (const [given, got] of [
    [null, 'null'],
    ['my-team', '"my-team"'],
    [[], 'a list'],
  ] as const) {
    expect(convert(given)).toEqual({
      issues: [{ code: 'invalid_type', path: 'options', message: `Expected an object, got ${got}` }],
    });
  }
});
