import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesMetric } from '../../src/definition/metric-pattern.js';
import type { Mute, MuteMatcher } from '../../src/definition/mute.js';
import { createMuteTable, type MutableMatch } from '../../src/record/mute-table.js';

/** A match with everything that a mute can ask for. */
const match: MutableMatch = {
  event: { type: 'run.metrics', place: { entity: 'my-team', project: 'my-project' }, run: { id: 'run-1' } },
  automationId: 'automation-1',
  metrics: ['payments.checkout.errors', 'loss'],
};

function mute(matcher: MuteMatcher, more: Partial<Mute> = {}): Mute {
  return { id: 'mute-1', matcher, until: 1000, reason: 'deploy', createdAt: 0, ...more };
}

/** Whether a mute alone silences a match. */
function silences(matcher: MuteMatcher, changes: Partial<MutableMatch> = {}): boolean {
  const table = createMuteTable();
  table.add(mute(matcher));
  return table.find({ ...match, ...changes }, 999) !== undefined;
}

/** The same without an index. */
function findNaively(mutes: readonly Mute[], { event, automationId, metrics }: MutableMatch, nowMs: number) {
  const { entity, project, registry } = event.place;
  const has = { automationId, run: event.run?.id, entity, project, registry, eventType: event.type };
  return mutes
    .filter(({ until }) => until > nowMs)
    .filter(({ matcher: { metric, ...rest } }) => {
      if (metric !== undefined && !metrics.some((each) => matchesMetric(metric, each))) return false;
      return Object.entries(rest).every(([part, value]) => value === undefined || Reflect.get(has, part) === value);
    })
    .toSorted((a, b) => b.until - a.until || (a.id < b.id ? 1 : -1))
    .at(0);
}

describe('a mute', () => {
  test.each<[string, MuteMatcher]>([
    ['its automation', { automationId: 'automation-1' }],
    ['its run', { run: 'run-1' }],
    ['its team', { entity: 'my-team' }],
    ['its project', { project: 'my-project' }],
    ['its type', { eventType: 'run.metrics' }],
    ['one of its metrics', { metric: 'loss' }],
    ['the first elements of a metric', { metric: 'payments' }],
    ['the first elements of a metric with a dot', { metric: 'payments.' }],
    ['a glob', { metric: 'payments.*' }],
    ['RE2', { metric: '/payments\\.(checkout|cart)\\..+/' }],
    [
      'all parts',
      { metric: 'loss', automationId: 'automation-1', run: 'run-1', entity: 'my-team', project: 'my-project' },
    ],
  ])('silences a match by %s', (_, matcher) => {
    expect(silences(matcher)).toBe(true);
  });

  test('silences what happens in its registry', () => {
    const event = { type: 'artifact.created', place: { entity: 'my-team', registry: 'models' } };
    expect(silences({ registry: 'models' }, { event })).toBe(true);
    expect(silences({ registry: 'datasets' }, { event })).toBe(false);
    expect(silences({ registry: 'models' })).toBe(false);
  });

  test.each<[string, MuteMatcher]>([
    ['automation', { automationId: 'automation-2' }],
    ['run', { run: 'run-2' }],
    ['team', { entity: 'other-team' }],
    ['project', { project: 'other-project' }],
    ['type', { eventType: 'run.state' }],
    ['metric', { metric: 'accuracy' }],
    ['element', { metric: 'pay' }],
    ['longer metric', { metric: 'payments.checkout.errors.eu' }],
    ['glob', { metric: 'payments.*.latency' }],
    ['registry', { registry: 'my-project' }],
  ])('silences no other %s', (_, matcher) => {
    expect(silences(matcher)).toBe(false);
    expect(silences({ ...matcher, entity: matcher.entity ?? 'my-team' })).toBe(false);
  });

  test('with several parts silences only what fits all of them', () => {
    const matcher = { metric: 'loss', project: 'my-project', run: 'run-1' };
    expect(silences(matcher)).toBe(true);
    expect(silences({ ...matcher, run: 'run-2' })).toBe(false);
    expect(silences({ ...matcher, project: 'other' })).toBe(false);
    expect(silences(matcher, { metrics: ['accuracy'] })).toBe(false);
    expect(silences(matcher, { metrics: [] })).toBe(false);
  });

  test('of a run silences nothing that is about no run', () => {
    expect(silences({ run: 'run-1' }, { event: { type: 'custom.alarm', place: { entity: 'my-team' } } })).toBe(false);
  });

  test('ends at its millisecond, whether or not it has been removed', () => {
    const table = createMuteTable();
    table.add(mute({ metric: 'loss' }));
    expect(table.find(match, 999)?.id).toBe('mute-1');
    expect(table.find(match, 1000)).toBeUndefined();
    expect(table.find(match, 999.999)?.id).toBe('mute-1');
  });

  test('that ends last is the one that is told', () => {
    const table = createMuteTable();
    table.add(mute({ metric: 'loss' }, { id: 'a', until: 500 }));
    table.add(mute({ entity: 'my-team' }, { id: 'b', until: 700 }));
    table.add(mute({ metric: '*' }, { id: 'c', until: 600 }));
    expect(table.find(match, 0)?.id).toBe('b');
    expect(table.find(match, 650)?.id).toBe('b');
    table.remove('b');
    expect(table.find(match, 0)?.id).toBe('c');
    table.remove('c');
    table.remove('c');
    expect(table.find(match, 0)?.id).toBe('a');
    table.remove('a');
    expect(table.find(match, 0)).toBeUndefined();
    expect([...table.all()]).toEqual([]);
  });

  test('whose metric has dots anywhere is found as its pattern says', () => {
    for (const metric of ['.', '..', 'a.', '.a', 'a..b', 'a..', '/', '/a', 'a/']) {
      for (const pattern of ['.', '..', 'a', 'a.', '.a', 'a..', 'a..b', '/', '/a', 'a/']) {
        expect(silences({ metric: pattern }, { metrics: [metric] }), `${pattern} ${metric}`).toBe(
          matchesMetric(pattern, metric),
        );
      }
    }
  });
});

const word = fc.constantFrom('a', 'b', 'c');
const metricName = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'));
const pattern = fc.oneof(
  metricName,
  metricName.map((name) => `${name}.`),
  metricName.map((name) => name.replace('a', '*')),
  metricName.map((name) => name.replace('b', '?')),
  metricName.map((name) => `/${name.replaceAll('.', '\\.')}.*/`),
);
const matcherOf = fc.record(
  {
    metric: pattern,
    automationId: word,
    run: word,
    entity: word,
    project: word,
    registry: word,
    eventType: fc.constantFrom('run.metrics' as const, 'custom.a' as const),
  },
  { requiredKeys: [] },
);
const matchOf: fc.Arbitrary<MutableMatch> = fc.record({
  event: fc.record(
    {
      type: fc.constantFrom('run.metrics', 'custom.a'),
      place: fc.record({ entity: word, project: word, registry: word }, { requiredKeys: ['entity'] }),
      run: fc.record({ id: word }),
    },
    { requiredKeys: ['type', 'place'] },
  ),
  automationId: word,
  metrics: fc.array(metricName, { maxLength: 3 }),
});

test('the index finds what a search of all mutes finds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ matcher: matcherOf, until: fc.integer({ min: 0, max: 5 }), isRemoved: fc.boolean() }), {
        maxLength: 12,
      }),
      fc.array(matchOf, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 5 }),
      (made, matches, nowMs) => {
        const table = createMuteTable();
        const mutes = made.map(({ matcher, until }, place) => mute(matcher, { id: `mute-${100 + place}`, until }));
        for (const each of mutes) table.add(each);
        const left = mutes.filter((_, place) => made[place]?.isRemoved === false);
        for (const each of mutes) if (!left.includes(each)) table.remove(each.id);
        for (const each of matches) {
          expect(table.find(each, nowMs)).toEqual(findNaively(left, each, nowMs));
        }
        expect([...table.ids()]).toEqual(left.map(({ id }) => id));
      },
    ),
  );
});

describe('many mutes', () => {
  /** A table with 1,000 mutes of metrics, which counts how many patterns it compares. */
  function openLarge() {
    let compared = 0;
    const table = createMuteTable((metricPattern, metric) => {
      compared += 1;
      return matchesMetric(metricPattern, metric);
    });
    for (let number = 0; number < 1000; number += 1) {
      table.add(mute({ metric: `server-${number}.cpu` }, { id: `mute-${number}` }));
    }
    return { table, comparisons: () => compared };
  }

  test('cost 10,000 events as many comparisons as mutes are near', () => {
    const { table, comparisons } = openLarge();
    let muted = 0;
    for (let number = 0; number < 10_000; number += 1) {
      const metrics = [`server-${number}.cpu.user`];
      if (table.find({ ...match, metrics }, 0) !== undefined) muted += 1;
    }
    expect(muted).toBe(1000);
    expect(comparisons()).toBe(1000);
  });

  test('are never compared with what asks for something else', () => {
    const { table, comparisons } = openLarge();
    for (let number = 0; number < 1000; number += 1) {
      table.add(mute({ metric: '*', project: `project-${number}` }, { id: `glob-${number}` }));
      table.add(mute({ metric: '*', run: `run-${number + 10}` }, { id: `run-glob-${number}` }));
    }
    for (let number = 0; number < 1000; number += 1) table.find(match, 0);
    expect(comparisons()).toBe(0);
  });

  test('are not searched for every dot of a metric that is nothing but dots', () => {
    const table = createMuteTable();
    table.add(mute({ metric: 'a' }));
    const metrics = Array.from({ length: 1000 }, () => '.'.repeat(1000));
    expect(table.find({ ...match, metrics }, 0)).toBeUndefined();
  });
});
