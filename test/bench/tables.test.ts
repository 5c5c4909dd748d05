import { describe, expect, test } from 'vitest';
import { formatBound, formatNumber, formatReached } from '../../bench/report/format.js';
import { circumstances, summaryTable, workloadTables } from '../../bench/report/tables.js';
import { sampleResults } from './sample-results.js';

const [workload] = sampleResults.workloads;
const [comparison] = workload?.comparisons ?? [];
if (workload === undefined || comparison === undefined) throw new Error('Expected a sample');

test.each([
  [0, '0'],
  [0.000123, '0.00012'],
  [0.5, '0.50'],
  [1.234, '1.23'],
  [45.67, '45.7'],
  [999.6, '1,000'],
  [1_234_567, '1,234,567'],
])('%d is shown as %s', (value, shown) => {
  expect(formatNumber(value)).toBe(shown);
});

describe('what is to reach', () => {
  const atMost = { ...comparison, bound: 'at-most', toReach: 4, stretch: 2, isReached: true } as const;

  test.each([
    ['the stretch is reached', { ...atMost, ratio: 1.9 }, '≤ 4× (stretch ≤ 2×)', 'yes, the stretch too'],
    ['the bound is reached', { ...atMost, ratio: 3 }, '≤ 4× (stretch ≤ 2×)', 'yes'],
    ['nothing is reached', { ...atMost, ratio: 5, isReached: false }, '≤ 4× (stretch ≤ 2×)', '**no**'],
    ['there is no stretch', { ...atMost, ratio: 3, stretch: undefined }, '≤ 4×', 'yes'],
    ['it is a least ratio', { ...comparison, toReach: 100_000, isReached: true }, '≥ 100,000×', 'yes'],
    ['it is a share', { ...atMost, toReach: 0.01, stretch: undefined, shownAs: 'share' as const }, '≤ 1 %', 'yes'],
  ])('is shown when %s', (_, given, bound, reached) => {
    expect(formatBound(given)).toBe(bound);
    expect(formatReached(given)).toBe(reached);
  });
});

test('a summary has one row for each promise', () => {
  expect(summaryTable(sampleResults)).toBe(
    [
      '| workload                 | tocsin           | against                      | ratio  | to reach | reached |',
      '| ------------------------ | ---------------- | ---------------------------- | ------ | -------- | ------- |',
      '| P1 steady emit: an event | 1.23 µs an event | 1,235 µs an event: a \\| scan | 1,000× | ≥ 1,000× | yes     |',
      '| P1 steady emit: a part   | 1.23 µs an event | 1,235 µs an event: a \\| scan | 0.1 %  | ≤ 0.01 % | **no**  |',
    ].join('\n'),
  );
});

test('the tables of a workload have every figure, and leave out what was not measured', () => {
  const text = workloadTables(workload);
  expect(text).toContain('### P1 steady emit\n\nEmits. Against: a scan.\n');
  expect(text).toContain('| tocsin    | 1.23   | 1.00  | 2.00 | µs an event |');
  expect(text).toContain('| a \\| scan | 1,235  |       |      | µs an event |');
});

test('the circumstances name the machine and the versions', () => {
  expect(circumstances(sampleResults)).toBe(
    'Measured on 2026-01-02 with Node 20.20.2 (V8 11.3) on linux x64, 2 × Some CPU; mingo 7.2.7.',
  );
});
