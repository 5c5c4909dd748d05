import { readFile } from 'node:fs/promises';

/** What a logged training says about one step. */
export interface LoggedStep {
  /** The step, an integer of 0 or more. */
  readonly step: number;
  /** The metrics logged at this step by name, in the unit they were logged in; what was not logged is absent. */
  readonly metrics: Record<string, number>;
}

// Number() alone would also take '', ' 1', '0x10' and '1_0' turned NaN, so a cell has to look like a number first.
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const wholeNumber = /^\d+$/;
const spelledOut = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const malformed = (path: string, line: number, column: string | undefined, problem: string): Error =>
  new Error(`${path}, line ${line}${column === undefined ? '' : `, column "${column}"`}: ${problem}`);

const readMetricNames = (path: string, header: string): readonly string[] => {
  const [first, ...names] = header.split(',');
  if (first !== 'step') throw malformed(path, 1, first, 'Expected the first column to be "step"');
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') throw malformed(path, 1, name, `Expected a name for column ${index + 2}`);
    if (names.indexOf(name) !== index) throw malformed(path, 1, name, 'Expected every column once');
  }
  return names;
};

const readNumber = (cell: string): number | undefined => {
  const value = spelledOut.get(cell) ?? (decimal.test(cell) ? Number(cell) : undefined);
  // A cell such as 1e999 looks like a number but is too large to be one.
  return value === undefined || Number.isFinite(value) || spelledOut.has(cell) ? value : undefined;
};

/**
 * Reads a logged training: a header `step,<metric>,<metric>…`, then a line for each step, in the order of the file.
 *
 * An empty cell means that the metric was not logged at that step. `NaN`, `Infinity` and `-Infinity` are kept as
 * these numbers, because a diverged loss is worth an alert.
 *
 * @param path - The file; UTF-8, cells separated by commas and not quoted.
 * @returns One entry for each line after the header.
 * @throws Error when a line is malformed, naming the line (from 1) and the column, or when the file cannot be read.
 */
export const readTrainingCsv = async (path: string): Promise<LoggedStep[]> => {
  const lines = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const names = readMetricNames(path, lines[0] ?? '');

  return lines.slice(1).map((text, index) => {
    const line = index + 2;
    const [step = '', ...cells] = text.split(',');
    if (!wholeNumber.test(step) || !Number.isSafeInteger(Number(step))) {
      throw malformed(path, line, 'step', `Expected a whole number, got "${step}"`);
    }
    if (cells.length !== names.length) {
      const missing = names[cells.length];
      throw malformed(path, line, missing, `Expected ${names.length + 1} cells, got ${cells.length + 1}`);
    }
    const metrics = names.flatMap((name, position): [string, number][] => {
      const cell = cells[position] ?? '';
      if (cell === '') return [];
      const value = readNumber(cell);
      if (value === undefined) throw malformed(path, line, name, `Expected a number, got "${cell}"`);
      return [[name, value]];
    });
    return { step: Number(step), metrics: Object.fromEntries(metrics) };
  });
};
