import { expect, test } from 'vitest';
import { checkSameMatches } from '../../bench/harness/same-matches.js';

const makeEvents = (): number[] => [1, 2, 3, 4, 5, 6];
const byHand = (event: number): string[] => (event % 2 === 0 ? ['even'] : []).concat(event % 6 === 0 ? ['six'] : []);

test('counts the pairs when all find the same, in whatever order', async () => {
  const reversed = async (event: number) => byHand(event).reverse();
  expect(await checkSameMatches(makeEvents, { byHand, reversed })).toBe(4);
});

test.each([
  ['misses one', (event: number) => byHand(event).filter((name) => name !== 'six')],
  ['finds one more', (event: number) => [...byHand(event), ...(event === 6 ? ['third'] : [])]],
  ['finds one twice', (event: number) => [...byHand(event), ...(event === 6 ? ['six'] : [])]],
])('fails when one %s, naming who and where', async (_, other) => {
  const check = checkSameMatches(makeEvents, { byHand, other });
  await expect(check).rejects.toThrow(/same matches, got of event 5: \[even six\] by byHand, \[.*\] by other/);
});

test.each([
  ['nothing', () => []],
  ['everything', () => ['all']],
])('fails when %s matches: it would check nothing', async (_, finder) => {
  await expect(checkSameMatches(makeEvents, { finder })).rejects.toThrow('got 6 events alike');
});

test('gives everyone events of their own', async () => {
  const seen = new Set<object>();
  const finder = (event: { readonly value: number }) => {
    seen.add(event);
    return byHand(event.value);
  };
  await checkSameMatches(() => makeEvents().map((value) => ({ value })), { first: finder, second: finder });
  expect(seen.size).toBe(12);
});
