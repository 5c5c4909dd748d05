import type { Comparison, Figure, Results, WorkloadResult } from '../harness/result.js';
import { formatBound, formatFigure, formatNumber, formatRatio, formatReached } from './format.js';

/** A Markdown table, its columns aligned so that it can be read as text too. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(3, ...escaped.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = escaped;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** Everything that a workload measured: what it promises, then every figure. */
export function workloadTables({ title, measures, against, comparisons, figures }: WorkloadResult): string {
  const promises = table(
    ['', 'tocsin', 'against', 'ratio', 'to reach', 'reached'],
    comparisons.map((comparison) => [comparison.label, ...comparisonCells(comparison)]),
  );
  const all = table(['', 'median', 'least', 'most', 'unit'], figures.map(figureCells));
  return `### ${title}\n\n${measures} Against: ${against}.\n\n${promises}\n\n${all}`;
}

/** One row for each promise of each workload. */
export function summaryTable({ workloads }: Results): string {
  const rows = workloads.flatMap(({ title, comparisons }) =>
    comparisons.map((comparison) => [`${title}: ${comparison.label}`, ...comparisonCells(comparison)]),
  );
  return table(['workload', 'tocsin', 'against', 'ratio', 'to reach', 'reached'], rows);
}

/** Where, when and with what it was measured. */
export function circumstances({ date, machine, peers }: Results): string {
  const { node, v8, platform, processor, processors } = machine;
  const versions = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  return `Measured on ${date} with Node ${node} (V8 ${v8}) on ${platform}, ${processors} × ${processor}; ${versions.join(', ')}.`;
}

function comparisonCells(comparison: Comparison): string[] {
  const { tocsin, against, ratio, shownAs } = comparison;
  return [
    formatFigure(tocsin),
    `${formatFigure(against)}: ${against.label}`,
    formatRatio(ratio, shownAs),
    formatBound(comparison),
    formatReached(comparison),
  ];
}

function figureCells({ label, value, least, most, unit }: Figure): string[] {
  const orEmpty = (number: number | undefined): string => (number === undefined ? '' : formatNumber(number));
  return [label, formatNumber(value), orEmpty(least), orEmpty(most), unit];
}
