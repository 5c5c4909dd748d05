import type { Curve, Results } from '../harness/result.js';
import { chart } from './chart.js';
import { replaceMarkedBlock } from './marked-block.js';
import { circumstances, summaryTable, workloadTables } from './tables.js';

/** A file that is made from the results, in whole or in part. */
export interface Page {
  /** From the top of the project. */
  readonly path: string;
  /** @param before - The file as it is; empty when there is none. */
  make(before: string): string;
}

/** Every file that is made from the results. */
export function pagesOf(results: Results): Page[] {
  const curves = results.workloads.flatMap((workload) => workload.curves);
  return [
    { path: 'README.md', make: (before) => replaceMarkedBlock(before, summary(results)) },
    { path: 'docs/performance.md', make: (before) => replaceMarkedBlock(before, everything(results)) },
    ...curves.map((curve) => ({ path: `docs/${chartPath(curve)}`, make: () => chart(curve) })),
  ];
}

function summary(results: Results): string {
  return `${summaryTable(results)}\n\n${circumstances(results)}`;
}

function everything(results: Results): string {
  const workloads = results.workloads.map((workload) => {
    const charts = workload.curves.map((curve) => `![${curve.title}](${chartPath(curve)})`);
    return [workloadTables(workload), ...charts].join('\n\n');
  });
  return [circumstances(results), ...workloads].join('\n\n');
}

function chartPath({ name }: Curve): string {
  return `charts/${name}.svg`;
}
