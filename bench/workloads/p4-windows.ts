import type { Explanation } from 'tocsin';
import { type PlainWindow, plainWindow } from '../contenders/plain-window.js';
import { compare } from '../harness/compare.js';
import { type OpenedEngine, openEngine } from '../harness/open-engine.js';
import type { Figure } from '../harness/result.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import type { Workload } from '../harness/workload.js';
import { lossAt, sampleEvent, watchedMetric, windowAutomations } from '../sets/windows.js';

const manyRuns = 10;

/** How much a result may differ from the plain one, as a part of it: that one adds up rounding errors. */
const tolerance = 1e-9;

/** What is less can't be told from nothing. */
const leastNetUs = 0.01;

/** How many events are made at once while windows are filled. */
const filledAtOnce = 50_000;

interface Windowed {
  readonly window: number;
  readonly opened: OpenedEngine;
  /** How many samples each run has had. */
  readonly samples: Map<string, number>;
}

export const workload: Workload = {
  title: 'P4 growth in windows',
  measures:
    'One metric, watched by avg, min, max, a change of avg and a z-score together, over windows of 10, 1,000 and 100,000 values that are full; a turn has as many samples as the longest window, and with 10 runs each has a tenth of them. Nothing fires.',
  against: 'itself',
  async run({ isQuick }) {
    const windows = isQuick ? [10, 100, 1000] : [10, 1000, 100_000];
    const units = isQuick ? 2000 : 100_000;
    const all: Windowed[] = [];
    for (const window of windows) all.push(await open(window));

    const label = (window: number): string => `windows of ${window.toLocaleString('en-US')}`;
    const contenders: Record<string, Contender> = {};
    for (const windowed of all) {
      contenders[`one ${windowed.window}`] = logging(windowed, `tocsin, ${label(windowed.window)}`, ['one'], units);
      contenders[`many ${windowed.window}`] = logging(
        windowed,
        `tocsin, ${label(windowed.window)}, ${manyRuns} runs by turns`,
        Array.from({ length: manyRuns }, (_, number) => `many-${number}`),
        units,
      );
    }
    const [first] = all;
    contenders['none'] = logging(first as Windowed, 'tocsin, a metric without windows', ['other'], units, 'other');

    const figures = await takeTurns(contenders, { rounds: isQuick ? 2 : 5, unit: 'µs a sample' });
    for (const windowed of all) {
      await checkWindows(windowed);
      await windowed.opened.close();
    }

    const one = (window: number): Figure => figures[`one ${window}`] as Figure;
    const many = (window: number): Figure => figures[`many ${window}`] as Figure;
    const none = figures['none'] as Figure;
    const [shortest = 0, longest = 0] = [windows.at(0), windows.at(-1)];
    const net = ({ label: whole, unit, value }: Figure): Figure => {
      return { label: `${whole}, less one without`, unit, value: Math.max(value - none.value, leastNetUs) };
    };
    const compared = (how: string, figure: (window: number) => Figure) =>
      compare({
        label: `${label(longest)} against ${shortest}${how}`,
        tocsin: figure(longest),
        against: figure(shortest),
        bound: 'at-most',
        toReach: 2,
      });
    const points = (figure: (window: number) => Figure) => windows.map((x) => ({ x, y: figure(x).value }));
    return {
      comparisons: [
        compared('', one),
        compared(`, ${manyRuns} runs`, many),
        compared(', the windows alone', (window) => net(one(window))),
      ],
      figures: [...windows.map(one), ...windows.map(many), none, ...windows.map((window) => net(one(window)))],
      curves: [
        {
          name: 'p4-windows',
          title: 'A sample with avg, min, max, change and z-score, by the length of the window',
          xLabel: 'values in the window',
          yLabel: 'µs a sample',
          yScale: 'linear',
          series: [
            { label: 'one run', points: points(one) },
            { label: `${manyRuns} runs`, points: points(many) },
          ],
        },
      ],
    };
  },
};

/** Opens an engine, and fills the windows: of the change two, one behind the other. */
async function open(window: number): Promise<Windowed> {
  const windowed = { window, opened: await openEngine(windowAutomations(window)), samples: new Map() };
  await log(windowed, 'one', 2 * window + 1);
  // Not all at the same place: what is put off until a window has turned over must not fall on one turn.
  for (let number = 0; number < manyRuns; number += 1) {
    await log(windowed, `many-${number}`, 2 * window + 1 + Math.floor((number * window) / manyRuns));
  }
  await checkWindows(windowed);
  return windowed;
}

async function log(windowed: Windowed, run: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= filledAtOnce) {
    await windowed.opened.emitAll(nextSamples(windowed, [run], Math.min(left, filledAtOnce)));
  }
}

function nextSamples({ samples }: Windowed, runs: readonly string[], count: number, metric = watchedMetric) {
  return Array.from({ length: count }, (_, index) => {
    const run = runs[index % runs.length] as string;
    const sample = samples.get(run) ?? 0;
    samples.set(run, sample + 1);
    return sampleEvent(run, sample, metric);
  });
}

function logging(
  windowed: Windowed,
  label: string,
  runs: readonly string[],
  units: number,
  metric?: string,
): Contender {
  return {
    label,
    prepare() {
      const events = nextSamples(windowed, runs, units, metric);
      return { units, run: () => windowed.opened.emitAll(events) };
    },
  };
}

/** Compares what the windows say, with one value more, to a plain computation. */
async function checkWindows({ window, opened: { engine }, samples }: Windowed): Promise<void> {
  const { items } = await engine.automations.list();
  for (const [run, count] of samples) {
    if (run === 'other') continue;
    const values = Array.from({ length: 2 * window + 1 }, (_, index) => lossAt(count - 2 * window + index));
    const expected = plainWindow(values, window);
    for (const { id, name } of items) {
      const got = measuredOf(await engine.explain(id, sampleEvent(run, count)));
      const wanted = expected[name as keyof PlainWindow];
      if (Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted))) continue;
      throw new Error(`Expected ${name} ${wanted} of ${window} values, got ${got} after ${count} samples of ${run}`);
    }
  }
}

function measuredOf({ filter }: Explanation): number {
  return filter.type === 'metric' && typeof filter.left === 'number' ? filter.left : Number.NaN;
}
