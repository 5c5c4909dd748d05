/**
 * `npm run bench`: every workload in a process of its own, one table each, and all of it in `bench/results.json`. A bound that is
 * missed fails nothing, since machines differ and are noisy; an error, or matches that differ, do.
 *
 * `--quick` runs small sizes, `--only P1,P4` some workloads; with either `--write` writes the results all the same.
 */
import { fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readArguments } from './arguments.js';
import { thisMachine } from './harness/machine.js';
import { peerVersions } from './harness/peer-versions.js';
import type { Results, WorkloadResult } from './harness/result.js';
import { mergeResults, resultsText } from './report/results-file.js';
import { workloadTables } from './report/tables.js';
import { workloads } from './workloads.js';

const resultsFile = new URL('results.json', import.meta.url);

/** Runs a workload; `undefined` when it failed, and the process has said why. */
async function runWorkload(id: string, isQuick: boolean): Promise<WorkloadResult | undefined> {
  const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), [id, isQuick ? 'quick' : 'full'], {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  let result: WorkloadResult | undefined;
  child.on('message', (message) => {
    result = message as WorkloadResult;
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  return status === 0 ? result : undefined;
}

const { isQuick, ids, isWritten } = readArguments(
  process.argv.slice(2),
  workloads.map(({ id }) => id),
);
const machine = thisMachine();
console.log(`Node ${machine.node}, ${machine.platform}, ${machine.processors} × ${machine.processor}`);
if (isQuick) console.log('Small sizes: these times mean little.');

const measured: WorkloadResult[] = [];
const failed: string[] = [];
for (const id of ids) {
  const startedMs = performance.now();
  const result = await runWorkload(id, isQuick);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (result === undefined) {
    failed.push(id);
    console.log(`\n${id} failed after ${seconds} s`);
    continue;
  }
  measured.push(result);
  console.log(`\n${workloadTables(result)}\n\n(${seconds} s)`);
}

if (isWritten && failed.length === 0) {
  const date = new Date().toISOString().slice(0, 10);
  const results: Results = { date, machine, peers: await peerVersions(), workloads: measured };
  const before = await readFile(resultsFile, 'utf8').catch(() => undefined);
  const order = workloads.map(({ id }) => id);
  await writeFile(resultsFile, resultsText(mergeResults(before, results, order)));
  console.log('\nWritten to bench/results.json; `npm run bench:report` makes the tables and charts of it.');
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
