import { plainScan } from '../contenders/plain-scan.js';
import { compare } from '../harness/compare.js';
import { openEngine } from '../harness/open-engine.js';
import type { Figure } from '../harness/result.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import { checkSameMatches } from '../harness/same-matches.js';
import { fittingUnits, type UnitsOptions } from '../harness/units.js';
import type { Workload } from '../harness/workload.js';
import { aliasEvent, type DenseEvent, denseRules, longestWindow, metricsEvent, runningEvent } from '../sets/dense.js';
import { denseAutomations } from '../sets/dense-automations.js';
import { someEvents } from '../sets/steady.js';

/** How long a turn takes, about, within what fits the memory. */
const fullTurn = { turnMs: 250, fewest: 100, most: 10_000 };
const quickTurn = { turnMs: 20, fewest: 50, most: 1000 };

/** All of them stay alive, and no engine keeps more than 10,000. */
const newRunsTurn = { turnMs: 250, fewest: 10, most: 200 };

/** Takes events, and says how many matches there were. */
type Take = (events: readonly DenseEvent[]) => number | Promise<number>;

type Make = (index: number) => DenseEvent;

interface Dense {
  readonly count: number;
  readonly emit: Take;
  readonly scan: Take;
  close(): Promise<void>;
}

export const workload: Workload = {
  title: 'P10 dense scope',
  measures:
    'All automations in one project: half thresholds of different values and aggregates over 100 metrics, a quarter patterns on run names and run tags beside a metric condition that holds, a quarter aliases and tags of artifacts. 9 of 10 events log 5 metrics, from 1,000 runs with 100 names; one adds an alias or tag. Nothing fires.',
  against: 'itself, and a plain scan',
  async run({ isQuick }) {
    const counts = isQuick ? [100, 1000, 3000] : [100, 1000, 10_000, 30_000];
    const runs = isQuick ? 100 : 1000;
    const all: Dense[] = [];
    for (const count of counts) all.push(await open(count, runs));

    const metrics: Make = (index) => metricsEvent(index, runs, 'quiet');
    const aliases: Make = (index) => aliasEvent(index, 'quiet');
    const mixed: Make = (index) => {
      const tens = Math.floor(index / 10);
      return index % 10 === 9 ? aliases(tens) : metrics(index - tens);
    };
    let newRuns = 0;
    const named: Make = (index) => {
      newRuns += 1;
      const run = { id: `new-run-${newRuns}`, name: `group-${newRuns}-newcomer` };
      return { ...metricsEvent(index, runs, 'quiet'), run };
    };
    const turn = isQuick ? quickTurn : fullTurn;
    const contenders: Record<string, Contender> = {};
    for (const { count, emit, scan } of all) {
      const label = `${count.toLocaleString('en-US')} automations`;
      contenders[`mixed ${count}`] = await taking(`tocsin, ${label}`, emit, mixed, turn);
      contenders[`metrics ${count}`] = await taking(`tocsin, ${label}, metrics`, emit, metrics, turn);
      contenders[`aliases ${count}`] = await taking(`tocsin, ${label}, aliases`, emit, aliases, turn);
      contenders[`named ${count}`] = await taking(`tocsin, ${label}, runs with new names`, emit, named, newRunsTurn);
      contenders[`scan ${count}`] = await taking(`plain scan, ${label}`, scan, mixed, turn);
    }
    const figures = await takeTurns(contenders, { rounds: isQuick ? 2 : 5 });
    for (const { close } of all) await close();

    const figure = (kind: string, count: number): Figure => figures[`${kind} ${count}`] as Figure;
    const [fewest = 0, many = 0] = [counts.at(0), counts.at(2)];
    const grown = (kind: string, label: string) =>
      compare({
        label: `${many.toLocaleString('en-US')} automations against ${fewest}${label}`,
        tocsin: figure(kind, many),
        against: figure(kind, fewest),
        bound: 'at-most',
        toReach: 5,
        stretch: 1.5,
      });
    const points = (kind: string) => counts.map((x) => ({ x, y: figure(kind, x).value }));
    return {
      comparisons: [grown('mixed', ''), grown('metrics', ', metrics alone'), grown('aliases', ', aliases alone')],
      figures: ['mixed', 'metrics', 'aliases', 'named', 'scan'].flatMap((kind) =>
        counts.map((count) => figure(kind, count)),
      ),
      curves: [
        {
          name: 'p10-dense-scope',
          title: 'An event that fires nothing, by the number of automations in its project',
          xLabel: 'automations in one project',
          yLabel: 'µs an event',
          yScale: 'log',
          series: [
            { label: 'plain scan', points: points('scan') },
            { label: 'tocsin', points: points('mixed') },
          ],
        },
      ],
    };
  },
};

async function open(count: number, runs: number): Promise<Dense> {
  const rules = denseRules(count);
  const scan = plainScan(rules);
  const opened = await openEngine(denseAutomations(rules));
  await checkSameMatches<DenseEvent>(loudEvents, { scan: scan.find, tocsin: opened.find });

  const quietEvents = [
    ...someEvents(runs, 0, (index) => runningEvent(index, 'quiet')),
    ...someEvents(runs * longestWindow, 0, (index) => metricsEvent(index, runs, 'quiet')),
  ];
  for (const event of quietEvents) scan.observe(event);
  const matches = await opened.emitAll(quietEvents);
  if (matches !== 0) throw new Error(`Expected no match of quiet events, got ${matches}`);
  return {
    count,
    emit: opened.emitAll,
    scan(events) {
      let found = 0;
      for (const event of events) found += scan.find(event).length;
      return found;
    },
    close: opened.close,
  };
}

/** Some match, of every kind of automation. */
function loudEvents(): DenseEvent[] {
  const runs = 60;
  return [
    ...someEvents(runs, 0, (index) => runningEvent(index, 'loud')),
    ...someEvents(runs * (longestWindow + 5), 0, (index) => metricsEvent(index, runs, 'loud')),
    ...someEvents(30, 0, (index) => aliasEvent(index, 'loud')),
    ...someEvents(30, 0, (index) => aliasEvent(index, 'quiet')),
  ];
}

async function taking(label: string, take: Take, make: Make, options: UnitsOptions): Promise<Contender> {
  const units = await fittingUnits((count) => take(someEvents(count, 0, make)), options);
  return {
    label,
    prepare(round) {
      const events = someEvents(units, round * units, make);
      return { units, run: () => take(events) };
    },
  };
}
