import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Results } from '../../bench/harness/result.js';
import { replaceMarkedBlock } from '../../bench/report/marked-block.js';
import { pagesOf } from '../../bench/report/pages.js';
import { mergeResults, resultsText } from '../../bench/report/results-file.js';
import { workloads } from '../../bench/workloads.js';
import { sampleResults } from './sample-results.js';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('bench/results.json', async () => {
  const results = JSON.parse(await read('bench/results.json')) as Results;
  const pages = pagesOf(results);

  test.each(pages)('$path is what `npm run bench:report` makes of it', async ({ path, make }) => {
    const page = await read(path);
    expect(page).toBe(make(page));
  });

  test('has every workload', () => {
    expect(results.workloads.map(({ id }) => id)).toEqual(workloads.map(({ id }) => id));
  });

  test('docs/charts has no chart of something else', async () => {
    const charts = await readdir(new URL('../../docs/charts', import.meta.url));
    expect(charts.map((chart) => `docs/charts/${chart}`).sort()).toEqual(
      pages
        .map(({ path }) => path)
        .filter((path) => path.endsWith('.svg'))
        .sort(),
    );
  });
});

test('each workload says what it is', async () => {
  // P7 brings TensorFlow.js, which takes its time to load.
  for (const { id, load } of workloads.filter(({ id }) => id !== 'P7')) {
    const { title, measures } = await load();
    expect(title.startsWith(`${id} `)).toBe(true);
    expect(measures).toMatch(/\.$/);
  }
});

describe('a marked block', () => {
  const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';

  test('is replaced, and what is around it stays; doing it again changes nothing', () => {
    const replaced = replaceMarkedBlock(page, '$& new');
    expect(replaced).toBe('before\n<!-- bench:begin -->\n\n$& new\n\n<!-- bench:end -->\nafter\n');
    expect(replaceMarkedBlock(replaced, '$& new')).toBe(replaced);
  });

  test.each([
    ['', 'none'],
    ['<!-- bench:begin -->', 'no end'],
    ['<!-- bench:end --><!-- bench:begin -->', 'the end first'],
    [page + page, 'two'],
  ])('%j has %2$s and is refused', (wrong) => {
    expect(() => replaceMarkedBlock(wrong, 'new')).toThrow('once each');
  });
});

describe('the file of results', () => {
  const [workload] = sampleResults.workloads;
  const of = (...ids: string[]): Results => ({
    ...sampleResults,
    workloads: workload === undefined ? [] : ids.map((id) => ({ ...workload, id })),
  });

  test('a run of some workloads replaces only those, and drops what is no workload any more', () => {
    const before = resultsText({ ...of('P1', 'P2', 'P0'), date: '2025-01-01' });
    const merged = mergeResults(before, of('P10', 'P2'), ['P1', 'P2', 'P10']);
    expect(merged.workloads.map(({ id }) => id)).toEqual(['P1', 'P2', 'P10']);
    expect(merged.date).toBe('2026-01-02');
  });

  test('keeps four digits of a measured number', () => {
    expect(resultsText(of('P1'))).toContain('"value": 1.234,');
    expect(resultsText({ ...of(), peers: { a: 1.234_567 as never } })).toContain('"a": 1.235');
  });
});
