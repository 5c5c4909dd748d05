/**
 * Runs one workload, in a process that has nothing else in its heap, and tells the parent what it measured.
 *
 * To see where the time goes, without a parent: `node --import tsx --expose-gc --cpu-prof bench/child.ts P1 quick`.
 */
import type { WorkloadResult } from './harness/result.js';
import { workloadTables } from './report/tables.js';
import { workloads } from './workloads.js';

const [id = '', extent = ''] = process.argv.slice(2);
const entry = workloads.find((each) => each.id === id);
if (entry === undefined) throw new Error(`Expected a workload, got ${id}`);
const { title, measures, against, run } = await entry.load();
const result: WorkloadResult = { id, title, measures, against, ...(await run({ isQuick: extent === 'quick' })) };
if (process.send === undefined) console.log(workloadTables(result));
else process.send(result, () => process.disconnect());
