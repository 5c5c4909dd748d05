import type { Results } from '../harness/result.js';

/**
 * Puts new results among those of before: a run of some workloads replaces only those.
 *
 * @param before - The file as it was, if there was one.
 * @param order - The ids of all workloads, in their order.
 */
export function mergeResults(before: string | undefined, results: Results, order: readonly string[]): Results {
  const earlier = before === undefined ? [] : (JSON.parse(before) as Results).workloads;
  const kept = earlier.filter(({ id }) => order.includes(id) && !results.workloads.some((each) => each.id === id));
  const workloads = [...kept, ...results.workloads].sort(
    (left, right) => order.indexOf(left.id) - order.indexOf(right.id),
  );
  return { ...results, workloads };
}

/** The text of the file, one line for each figure. Four digits are more than a machine can repeat. */
export function resultsText(results: Results): string {
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  const text = JSON.stringify(results, rounded, 2);
  return `${text.replaceAll(innermostObject, onOneLine).replaceAll(innermostList, onOneLine)}\n`;
}

const innermostObject = /^( *)(.*)(\{)\n([^{}[\]]*)\n *(\})/gm;
const innermostList = /^( *)(.*)(\[)\n([^[\]]*)\n *(\])/gm;
const lineWidth = 120;

/** As the formatter would have it: on one line what fits there. */
function onOneLine(whole: string, indent: string, start: string, open: string, members: string, close: string): string {
  const space = open === '{' ? ' ' : '';
  const line = `${indent}${start}${open}${space}${members.trim().replaceAll(/\n */g, ' ')}${space}${close}`;
  return line.length < lineWidth ? line : whole;
}
