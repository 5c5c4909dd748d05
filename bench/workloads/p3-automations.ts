import type { RunMetricsEvent } from 'tocsin';
import { handWrittenMatcher } from '../contenders/hand-written.js';
import { compare } from '../harness/compare.js';
import { type OpenedEngine, openEngine } from '../harness/open-engine.js';
import type { Figure } from '../harness/result.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import { checkSameMatches } from '../harness/same-matches.js';
import type { Workload } from '../harness/workload.js';
import {
  loudEvent,
  quietEvent,
  type SteadySize,
  someEvents,
  steadyAutomations,
  steadyThresholds,
  steadyWindow,
  thresholdsEach,
} from '../sets/steady.js';

interface Sized {
  readonly count: number;
  readonly size: SteadySize;
  readonly opened: OpenedEngine;
  readonly limit: (event: RunMetricsEvent) => readonly string[];
}

export const workload: Workload = {
  title: 'P3 growth in automations',
  measures:
    'P1 with 100 to 100,000 automations, 10 to a project; 1,000 runs spread over the projects (at 100,000 automations one project in ten has a run), so that the candidates of an event are always 10.',
  against: 'itself',
  async run({ isQuick }) {
    const counts = isQuick ? [100, 1000, 5000] : [100, 1000, 10_000, 100_000];
    const runs = isQuick ? 100 : 1000;
    const units = 1000;
    const portions = isQuick ? 4 : 30;
    const all: Sized[] = [];
    for (const count of counts) all.push(await open(count, runs));

    const emitting = ({ count, size, opened }: Sized): Contender => ({
      label: `tocsin, ${count.toLocaleString('en-US')} automations`,
      prepare(round) {
        const events = someEvents(units, round * units, (index) => quietEvent(index, size));
        return { units, run: () => opened.emitAll(events) };
      },
    });
    const limited = ({ count, size, limit }: Sized): Contender => ({
      label: `hand-written, ${count.toLocaleString('en-US')} thresholds`,
      prepare(round) {
        const events = someEvents(units, round * units, (index) => quietEvent(index, size));
        return {
          units,
          async run() {
            let matches = 0;
            for (const event of events) matches += (await awaited(limit, event)).length;
            return matches;
          },
        };
      },
    });
    const contenders: Record<string, Contender> = Object.fromEntries(
      all.flatMap((sized) => [
        [`tocsin ${sized.count}`, emitting(sized)],
        [`limit ${sized.count}`, limited(sized)],
      ]),
    );
    const figures = await takeTurns(contenders, { rounds: isQuick ? 2 : 5, portions });
    for (const { opened } of all) await opened.close();

    const figure = (name: 'tocsin' | 'limit', count: number): Figure => figures[`${name} ${count}`] as Figure;
    const points = (name: 'tocsin' | 'limit') => counts.map((x) => ({ x, y: figure(name, x).value }));
    const [least = 0, most = 0] = [counts.at(0), counts.at(-1)];
    return {
      comparisons: [
        compare({
          label: `${most.toLocaleString('en-US')} automations against ${least}`,
          tocsin: figure('tocsin', most),
          against: figure('tocsin', least),
          bound: 'at-most',
          toReach: 1.5,
        }),
      ],
      figures: [...counts.map((count) => figure('tocsin', count)), ...counts.map((count) => figure('limit', count))],
      curves: [
        {
          name: 'p3-automations',
          title: 'An event that fires nothing, by the number of automations',
          xLabel: 'automations, 10 to a project',
          yLabel: 'µs an event',
          yScale: 'linear',
          series: [
            { label: 'tocsin', points: points('tocsin') },
            { label: 'hand-written', points: points('limit') },
          ],
        },
      ],
    };
  },
};

const awaited = async (limit: Sized['limit'], event: RunMetricsEvent) => limit(event);

async function open(count: number, runs: number): Promise<Sized> {
  const projects = count / thresholdsEach;
  const thresholds = steadyThresholds(projects);
  const limit = handWrittenMatcher(thresholds, steadyWindow);
  const opened = await openEngine(steadyAutomations(thresholds, 'average'));
  const size = { projects, runs };
  const loudEvents = () => someEvents(runs * 7, 0, (index) => loudEvent(index, size));
  await checkSameMatches<RunMetricsEvent>(loudEvents, { limit, tocsin: opened.find });
  return { count, size, opened, limit };
}
