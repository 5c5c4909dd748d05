import { fromWandb, toWandb } from 'tocsin';
import { expect, test } from 'vitest';
import { createForm, options, read } from './cases.js';

const allowed = 'there may be entity organization scopes integrations limits';

const directions = [
  ['fromWandb', (given?: unknown) => fromWandb(createForm(), given as never)],
  ['toWandb', (given?: unknown) => toWandb(read(createForm()), given as never)],
] as const;

test.each(directions)('%s tells an option that it does not have, in either direction', (_, convert) => {
  expect(convert({ ...options, entitty: 'my-team', 'to string': 1 })).toEqual({
    issues: [
      { code: 'unknown_key', path: 'options.entitty', message: `Expected no key "entitty" here; ${allowed}` },
      { code: 'unknown_key', path: 'options["to string"]', message: `Expected no key "to string" here; ${allowed}` },
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

test.each(directions)('%s tells scopes and integrations that are none', (_, convert) => {
  const paths = (given: object): readonly string[] =>
    (convert({ ...options, ...given }).issues ?? []).map(({ path }) => path);
  expect(paths({ scopes: null })).toEqual(['options.scopes']);
  expect(paths({ scopes: { a: null } })).toEqual(['options.scopes.a']);
  expect(paths({ scopes: { a: { type: 'project', entity: 'e' } } })).toEqual(['options.scopes.a.project']);
  expect(paths({ integrations: null })).toEqual(['options.integrations']);
  expect(paths({ integrations: { a: 5 } })).toEqual(['options.integrations.a']);
  expect(paths({ limits: { definitionDepth: 'x' } })).toEqual(['options.limits.definitionDepth']);
});
