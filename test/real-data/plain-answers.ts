/**
 * What conditions on metrics mean, computed afresh from all that was logged, in the plainest way. It shares nothing with
 * the engine: no import, no window that is kept up to date.
 */

/** Whether something holds; `undefined` when it can't be told. */
type Answer = boolean | undefined;

/** What is known at one moment of a run. */
export interface Moment {
  /** What the run has logged, metric by metric, oldest first. */
  readonly logged: Readonly<Record<string, readonly number[]>>;
  /** The last values of the project's other runs, metric by metric, the run that logged last at the end. */
  readonly others: Readonly<Record<string, readonly number[]>>;
}

/** A question to one moment. */
export type Question = (moment: Moment) => Answer;

const aggregates = {
  last: (values: readonly number[]) => values[values.length - 1] ?? Number.NaN,
  avg: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values: readonly number[]) => Math.min(...values),
  max: (values: readonly number[]) => Math.max(...values),
};

interface Window {
  readonly metric: string;
  readonly agg?: keyof typeof aggregates;
  readonly window?: number;
  readonly minSamples?: number;
}

/** The last `count` values, `before` values before the end. */
const lastOf = (values: readonly number[], count: number, before = 0): readonly number[] =>
  values.slice(Math.max(0, values.length - before - count), Math.max(0, values.length - before));

const whenNumber = (value: number, holds: (value: number) => boolean): Answer =>
  Number.isNaN(value) ? undefined : holds(value);

export function threshold(
  { metric, agg = 'last', window = 1, minSamples = window }: Window,
  holds: (value: number) => boolean,
): Question {
  return ({ logged }) => {
    const values = lastOf(logged[metric] ?? [], window);
    if (values.length < minSamples || values.some(Number.isNaN)) return undefined;
    return whenNumber(aggregates[agg](values), holds);
  };
}

export function change(
  {
    metric,
    agg = 'last',
    window = 1,
    priorWindow = window,
    minSamples = window + priorWindow,
  }: Window & {
    readonly priorWindow?: number;
  },
  kind: 'absolute' | 'relative',
  holds: (difference: number) => boolean,
): Question {
  return ({ logged }) => {
    const all = logged[metric] ?? [];
    const current = lastOf(all, window);
    const prior = lastOf(all, priorWindow, window);
    const both = [...prior, ...current];
    if (both.length < minSamples || prior.length === 0 || both.some(Number.isNaN)) return undefined;
    const before = aggregates[agg](prior);
    const difference = aggregates[agg](current) - before;
    if (kind === 'absolute') return whenNumber(difference, holds);
    return before === 0 ? undefined : whenNumber(difference / Math.abs(before), holds);
  };
}

export function zscore(
  { metric, window = 30, minSamples = window }: Window,
  over: 'run' | 'project',
  holds: (score: number) => boolean,
): Question {
  return ({ logged, others }) => {
    const all = logged[metric] ?? [];
    const [last] = all.slice(-1);
    const values = over === 'run' ? lastOf(all, window, 1) : lastOf(others[metric] ?? [], window);
    if (last === undefined || values.length < minSamples || values.some(Number.isNaN)) return undefined;
    if (Math.min(...values) === Math.max(...values)) return undefined;
    const mean = aggregates.avg(values);
    const deviation = Math.sqrt(aggregates.avg(values.map((value) => (value - mean) ** 2)));
    return whenNumber((last - mean) / deviation, holds);
  };
}

export function notFinite(metric: string): Question {
  return ({ logged }) => {
    const [last] = (logged[metric] ?? []).slice(-1);
    return last === undefined ? undefined : !Number.isFinite(last);
  };
}

export function not(question: Question): Question {
  return (moment) => {
    const answer = question(moment);
    return answer === undefined ? undefined : !answer;
  };
}

export function and(...questions: readonly Question[]): Question {
  return (moment) => {
    const answers = questions.map((question) => question(moment));
    if (answers.includes(false)) return false;
    return answers.includes(undefined) ? undefined : true;
  };
}

export function or(...questions: readonly Question[]): Question {
  return not(and(...questions.map(not)));
}
