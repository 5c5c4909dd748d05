/** `npm run bench:report`: makes the README's table, the tables of docs/performance.md and the charts of `bench/results.json`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Results } from './harness/result.js';
import { pagesOf } from './report/pages.js';

const top = new URL('../', import.meta.url);
const results = JSON.parse(await readFile(new URL('bench/results.json', top), 'utf8')) as Results;
await mkdir(new URL('docs/charts/', top), { recursive: true });
for (const { path, make } of pagesOf(results)) {
  const before = await readFile(new URL(path, top), 'utf8').catch(() => '');
  await writeFile(new URL(path, top), make(before));
  console.log(path);
}
