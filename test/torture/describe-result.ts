import type { TortureResult } from './run-torture.js';

/** How many faults of a kind are told in words. */
const mostTold = 20;

/** Whether nothing was lost, nothing was doubled, and nothing else was wrong. */
export function isSound({ verdict: { lost, doubled, wrong } }: TortureResult): boolean {
  return lost.length === 0 && doubled.length === 0 && wrong.length === 0;
}

/** What to print; the last line has it in short. */
export function describeResult({ figures, verdict }: TortureResult): string[] {
  const { lost, doubled, excused, wrong } = verdict;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    ...[...told('lost', lost), ...told('doubled', doubled), ...told('wrong', wrong)],
    `processes started ${figures.processes}, emits ${figures.emits}, sent again ${figures.sentAgain}`,
    `answered as duplicates ${figures.duplicates}, deliveries ${figures.deliveries}`,
    `ambiguous attempts ${figures.ambiguous}, found in Slack instead of sent again ${figures.found}`,
    `slowest opening ${seconds(figures.slowestOpeningMs)}, slowest recovery ${seconds(figures.slowestRecoveryMs)}`,
    `took ${seconds(figures.durationMs)}`,
    ...(excused.length > 0 ? [`sent twice because nobody was to look: ${excused.length}`] : []),
    ...(wrong.length > 0 ? [`wrong besides: ${wrong.length}`] : []),
    `kills ${figures.kills}, executions ${figures.executions}, lost ${lost.length}, doubled ${doubled.length}`,
  ];
}

function told(kind: string, faults: readonly string[]): string[] {
  const left = faults.length - mostTold;
  const lines = faults.slice(0, mostTold).map((fault) => `${kind}: ${fault}`);
  return left > 0 ? [...lines, `${kind}: ${left} more`] : lines;
}
