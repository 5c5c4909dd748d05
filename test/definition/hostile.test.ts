import { parseAutomation } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { faultsOf, issuesOf, type Json, onArtifacts, parsed, smallest, withFilter } from '../support/definitions.js';
import { cycle, growingList, nested, notJson, prototypeKeys, withKey } from '../support/hostile.js';

/** The smallest definition with a value in the place of one of its parts. */
const places: Readonly<Record<string, (value: unknown) => unknown>> = {
  '': (value) => value,
  name: (name) => ({ ...smallest, name }),
  event: (event) => ({ ...smallest, event }),
  'event.scope': (scope) => ({ ...smallest, event: { ...smallest.event, scope } }),
  'event.filter': (filter) => withFilter(filter),
  'event.filter.alias': (alias) => withFilter({ alias }),
  'event.filter.alias.$in': ($in) => withFilter({ alias: { $in } }),
  'event.filter.$and': ($and) => withFilter({ $and }),
  'event.filter.$metric': ($metric) => withFilter({ $metric }),
  'event.filter.$metric.$gt': ($gt) => withFilter({ $metric: { name: 'a', $gt } }),
  action: (action) => ({ ...smallest, action }),
  policy: (policy) => ({ ...smallest, policy }),
};

const aliases = (members: number): Json => ({ alias: { $in: Array.from({ length: members }, (_, index) => index) } });
const webhook = (payload: unknown, headers?: Json): Json => ({
  type: 'webhook',
  integrationId: 'i',
  payload,
  ...(headers === undefined ? {} : { headers }),
});
const pattern = ($regex: string): Json => onArtifacts({ alias: { $regex } });

describe('a definition from a stranger', () => {
  describe.each(notJson)('that holds %s', (_, value) => {
    test.each(Object.entries(places))('at "%s" has an issue there', (path, put) => {
      const issues = issuesOf(put(value));
      expect(issues.length).toBeGreaterThan(0);
      for (const issue of issues) expect(issue.path.startsWith(path)).toBe(true);
    });
  });

  test.each(prototypeKeys)('may not have the key %s anywhere', (key) => {
    expect(faultsOf(withKey(key))).toEqual([`forbidden_key ${key}`]);
    for (const [path, put] of Object.entries(places)) {
      if (path !== '') expect(faultsOf(put(withKey(key)))).toEqual([`forbidden_key ${path}.${key}`]);
    }
    expect(faultsOf(withFilter({ $and: [{}, withKey(key)] }))).toEqual([`forbidden_key event.filter.$and[1].${key}`]);
    expect('polluted' in {}).toBe(false);
  });

  test.each(prototypeKeys)('may have %s as a name or a value', (key) => {
    const filter = { $metric: { name: key, $gt: 1 }, tag: { $in: [key] } };
    expect(parsed({ ...withFilter(filter), name: key })).toMatchObject({ name: key, event: { filter } });
  });

  test('is not read for what it inherits', () => {
    const inherited = Object.create({ ...smallest }) as unknown;
    expect(faultsOf(inherited)).toEqual(['invalid_type ']);
    expect(parsed(Object.assign(Object.create(null), smallest))).toEqual(parsed(smallest));
  });

  test('may be 32 levels deep and no deeper', () => {
    // The filter stands at level 2, and each $not takes one.
    const ofDepth = (depth: number): unknown => nested(depth - 2, ($not) => ({ $not }));
    expect(parsed(onArtifacts(ofDepth(32)))).toBeDefined();
    expect(faultsOf(onArtifacts(ofDepth(33)))).toEqual([`limit_exceeded event.filter${'.$not'.repeat(31)}`]);
  });

  test('of depth 10,000 has an issue', () => {
    const expected = [`limit_exceeded event.filter${'.$not'.repeat(31)}`];
    expect(faultsOf(onArtifacts(nested(10_000, ($not) => ({ $not }))))).toEqual(expected);
    expect(faultsOf(nested(10_000, (inner) => [inner]))).toEqual([`limit_exceeded ${'[0]'.repeat(33)}`]);
    expect(faultsOf(onArtifacts(nested(10_000, (inner) => ({ $and: [inner] }))))).toHaveLength(1);
    const text = `${'{"$not":'.repeat(10_000)}{}${'}'.repeat(10_000)}`;
    expect(faultsOf(onArtifacts(JSON.parse(text)))).toEqual(expected);
  });

  test('that holds itself has an issue', () => {
    expect(issuesOf(cycle())[0]).toMatchObject({
      code: 'limit_exceeded',
      message: 'Expected at most 32 levels, got more',
    });
  });

  test('may have lists of 1,000 members if it has no more than 1,000 values in all', () => {
    const around = parseAutomation(onArtifacts(aliases(985)));
    expect(around.issues).toBeUndefined();
    expect(faultsOf(onArtifacts(aliases(1000)))).toEqual(['limit_exceeded event.filter.alias.$in']);
  });

  test('of 100,000 list members or values has an issue', () => {
    expect(issuesOf(onArtifacts(aliases(100_000)))).toEqual([
      {
        code: 'limit_exceeded',
        path: 'event.filter.alias.$in',
        message: 'Expected at most 1000 members, got more',
      },
    ]);
    const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${index}`, 1]));
    expect(faultsOf(onArtifacts(keys))).toEqual(['limit_exceeded event.filter']);
    const lists = Array.from({ length: 900 }, () => ({ $and: new Array<unknown>(900).fill({}) }));
    expect(issuesOf(onArtifacts({ $and: lists }))[0]?.code).toBe('limit_exceeded');
  });

  test('whose list grows while it is read is read as it was at first', () => {
    const { value } = parseAutomation(onArtifacts({ alias: { $in: growingList() } }));
    expect(value?.event.filter).toEqual({ alias: { $in: [1] } });
  });

  test('of 10 MB has an issue, as one text or many', () => {
    const long = 'x'.repeat(10_000_000);
    expect(faultsOf({ ...smallest, name: long })).toEqual(['limit_exceeded name']);
    expect(faultsOf({ ...smallest, [long]: 1 })).toEqual(['limit_exceeded ']);
    expect(faultsOf(onArtifacts({ alias: long }))).toEqual(['limit_exceeded event.filter.alias']);
    const many = Array.from({ length: 1000 }, () => 'x'.repeat(10_000));
    expect(faultsOf(onArtifacts({ alias: { $in: many } }))[0]).toMatch(/^limit_exceeded event/);
    const texts = { name: 'x'.repeat(10_000), description: 'x'.repeat(10_000) };
    const { issues } = parseAutomation({ ...smallest, ...texts }, { definitionNodes: 12, textCharacters: 1000 });
    expect(issues?.map(({ code }) => code)).toEqual(['limit_exceeded']);
  });

  test.each([
    ['(.*){1,1000}'],
    ['(.*){1,1000}{1,1000}'],
    ['((.*){1,1000}){1,1000}'],
    ['(((x{30}){30}){30}){30}'],
    ['.{1000}'.repeat(100)],
    ['(a?){999}'.repeat(110)],
    [`${'(x{1,1000}|'.repeat(80)}${')'.repeat(80)}`],
    [`(?i)${'\\pL'.repeat(330)}`],
    ['(\\pL{1,100}){1,10}'.repeat(50)],
    ['a'.repeat(1001)],
    ['('.repeat(1000)],
    ['(?=look-ahead)'],
    ['(?<!behind)x'],
    ['(a)\\1'],
    ['['],
    ['*'],
    ['a{1001}'],
    ['\\'],
  ])('with the pattern %s has an issue', ($regex) => {
    const [issue, ...more] = issuesOf(pattern($regex));
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ code: 'invalid_pattern', path: 'event.filter.alias.$regex' });
    expect(issue?.message).toMatch(/^Expected an? (RE2 )?pattern/);
  });

  test('may not have many patterns that are each allowed: together they would take seconds to compile', () => {
    const each = Array.from({ length: 300 }, (_, index) => ({ alias: { $regex: `(a${index}.{1,30}){1,30}` } }));
    const issues = issuesOf(onArtifacts({ $or: each }));
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ code: 'invalid_pattern', path: 'event.filter.$or[2].alias.$regex' });
    expect(issues[0]?.message).toMatch(/^Expected patterns of at most 5000 RE2 steps in all the filter/);
    const endless = { alias: { $regex: `a${'{999999999}'.repeat(40)}` } };
    expect(faultsOf(onArtifacts({ $or: [endless, ...each] }))).toEqual([
      'invalid_pattern event.filter.$or[0].alias.$regex',
    ]);
    const ordinary = Array.from({ length: 300 }, (_, index) => ({ alias: { $regex: `^prod-${index}$` } }));
    expect(issuesOf(onArtifacts({ $or: ordinary }))).toEqual([]);
  });

  test.each([
    ['a title of ${ in ${', { type: 'notification', integrationId: 'i', title: '${'.repeat(5000) }, 'action.title'],
    ['a payload 10,000 deep', webhook(nested(10_000, (inner) => [inner])), 'action.payload[0]'],
    ['a payload of 100,000 members', webhook(new Array(100_000).fill(1)), 'action.payload'],
    ['a payload of 10 MB', webhook('x'.repeat(1e7)), 'action.payload'],
    ['a payload with a prototype key', webhook({ a: [withKey('__proto__')] }), 'action.payload.a[0].__proto__'],
    ['a header that breaks its line', webhook(1, { a: 'b\r\nHost: x' }), 'action.headers.a'],
    ['a header that says who sent it', webhook(1, { Authorization: 'x' }), 'action.headers.Authorization'],
  ])('with %s has an issue there', (_, action, path) => {
    const [issue, ...more] = issuesOf({ ...onArtifacts({}), action });
    expect(more).toEqual([]);
    expect(issue?.path.startsWith(path)).toBe(true);
  });

  test('may have a value that a rule engine would take for a fact nowhere but in a payload', () => {
    for (const value of [{ fact: 'x' }, { fact: 'field:alias', path: '$..x' }]) {
      expect(issuesOf(onArtifacts({ alias: { $eq: value } })).length).toBeGreaterThan(0);
      expect(issuesOf(onArtifacts({ alias: { $in: [value] } })).length).toBeGreaterThan(0);
      expect(issuesOf({ ...onArtifacts({}), action: webhook(value) })).toEqual([]);
    }
  });

  test.each([
    [''],
    ['('.repeat(500) + ')'.repeat(500)],
    ['(a*)*$'],
    ['(a|aa)+$'],
    ['a'.repeat(1000)],
    ['(?i)^PROD-\\d+$'],
  ])('may have the pattern %s', ($regex) => {
    expect(parsed(pattern($regex)).event.filter).toEqual({ alias: { $regex } });
  });
});
