import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { behaviours } from './behaviours.js';
import { acceptedDeliberately, disabled, equalInMeaning, refusedDeliberately } from './case-lists.js';
import { caseOf, cases } from './cases.js';
import { facts } from './facts.js';
import { misuse } from './misuse.js';
import { rejections } from './rejections.js';

describe('facts about W&B', () => {
  test.each(Object.entries(facts))('%s', async (id, check) => {
    const { outcome, wire } = caseOf(id);
    expect(outcome).toBe('accept');
    await check(wire);
  });
});

describe('how W&B behaves', () => {
  test.each(Object.entries(behaviours).filter(([, check]) => typeof check !== 'string'))('%s', async (id, check) => {
    if (typeof check !== 'string') await check(caseOf(id));
  });

  test.each(Object.entries(behaviours).filter(([, check]) => typeof check === 'string'))(
    '%s: not here, as %s',
    (id) => {
      expect(caseOf(id).outcome).toBe('behaviour');
    },
  );
});

describe('every case of W&B’s', () => {
  const lists = {
    acceptedDeliberately,
    disabled,
    equalInMeaning,
    refusedDeliberately,
    rejections,
    misuse,
    facts,
    behaviours,
  };
  const listed = Object.values(lists).flatMap((list) => Object.keys(list));

  test('is run once: it is in one list, or an accepted one that is read and written as it is', () => {
    expect(new Set(listed).size).toBe(listed.length);
    for (const id of listed) caseOf(id);
    const others = cases.filter(({ id }) => !listed.includes(id));
    expect(others.filter(({ outcome }) => outcome !== 'accept').map(({ id }) => id)).toEqual([]);
    expect(others.every(({ kind }) => ['event', 'filter', 'action', 'automation'].includes(kind))).toBe(true);
    const counts = {
      accept: cases.filter(({ outcome }) => outcome === 'accept').length,
      reject: cases.filter(({ outcome }) => outcome === 'reject').length,
      behaviour: cases.filter(({ outcome }) => outcome === 'behaviour').length,
      readAndWrittenAsItIs: others.length,
      ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, Object.keys(list).length])),
    };
    console.log(`W&B's cases: ${cases.length}`, counts);
    expect(counts.accept + counts.reject + counts.behaviour).toBe(326);
    expect(counts.readAndWrittenAsItIs + listed.length).toBe(326);
  });

  const fixture = new URL('../../../shared/fixtures/wandb.json', import.meta.url);
  const isThere = existsSync(fixture);
  if (!isThere) console.log("Skipped: W&B's fixture is not beside the project, so cases.json is not compared with it");

  test.skipIf(!isThere)('is in the project as the fixture has it', () => {
    const original = JSON.parse(readFileSync(fixture, 'utf8')).cases as { id: string; [key: string]: unknown }[];
    expect(cases.map(({ id }) => id)).toEqual(original.map(({ id }) => id));
    for (const [index, { id, ...each }] of cases.entries()) {
      // The text of an answer is not kept.
      const isAnswer = id === 'automation-duplicate-name';
      expect(original[index]).toMatchObject(isAnswer ? { kind: each.kind, outcome: each.outcome } : each);
    }
  });
});
