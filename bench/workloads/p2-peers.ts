import type { RunMetricsEvent } from 'tocsin';
import { jsonLogicEngine, jsonRulesEngine, mingoQueries, type Peer, siftFilters } from '../contenders/peers.js';
import { compare } from '../harness/compare.js';
import { openEngine } from '../harness/open-engine.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import { checkSameMatches } from '../harness/same-matches.js';
import type { Workload } from '../harness/workload.js';
import { loudEvent, quietEvent, someEvents, steadyAutomations, steadyThresholds } from '../sets/steady.js';

export const workload: Workload = {
  title: 'P2 peers',
  measures:
    'The automations of P1 as thresholds on the last value, 10,000 over 1,000 projects; nothing fires, every call is awaited. The peers have each project as a condition, and are compiled once; a map of projects put before them by hand would spare them most of it.',
  against: 'json-rules-engine alone, json-logic-engine, sift and mingo',
  async run({ isQuick }) {
    const size = isQuick ? { projects: 100, runs: 100 } : { projects: 1000, runs: 1000 };
    const units = 1000;
    const portions = isQuick ? 3 : 20;
    const thresholds = steadyThresholds(size.projects);
    const opened = await openEngine(steadyAutomations(thresholds, 'last'));
    const peers = {
      jsonRules: jsonRulesEngine(thresholds),
      jsonLogic: jsonLogicEngine(thresholds),
      sift: siftFilters(thresholds),
      mingo: mingoQueries(thresholds),
    };

    const loudEvents = () => someEvents(12, 0, (index) => loudEvent(index * 7, size));
    const finders = Object.fromEntries(Object.values(peers).map(({ name, find }) => [name, find]));
    await checkSameMatches<RunMetricsEvent>(loudEvents, { tocsin: opened.find, ...finders });

    const scanning = ({ name, find }: Peer, count: number): Contender => ({
      label: name,
      portions: 2,
      prepare(round) {
        const events = someEvents(count, round * count, (index) => quietEvent(index, size));
        return {
          units: count,
          async run() {
            let matches = 0;
            for (const event of events) matches += (await find(event)).length;
            return matches;
          },
        };
      },
    });

    const contenders = {
      tocsin: {
        label: 'tocsin, engine.emit',
        prepare(round) {
          const events = someEvents(units, round * units, (index) => quietEvent(index, size));
          return { units, run: () => opened.emitAll(events) };
        },
      },
      // One event takes it longer than all others take for all of theirs.
      jsonRules: scanning(peers.jsonRules, 2),
      jsonLogic: scanning(peers.jsonLogic, 40),
      sift: scanning(peers.sift, 40),
      mingo: scanning(peers.mingo, 40),
    } satisfies Record<string, Contender>;

    const figures = await takeTurns(contenders, { rounds: isQuick ? 2 : 5, portions });
    await opened.close();
    const { tocsin, jsonRules, jsonLogic, sift, mingo } = figures;
    const fastest = [jsonLogic, sift, mingo].reduce((best, each) => (each.value < best.value ? each : best));
    return {
      comparisons: [
        compare({ label: 'the fastest of them', tocsin, against: fastest, bound: 'at-least', toReach: 1000 }),
        compare({ label: 'json-rules-engine', tocsin, against: jsonRules, bound: 'at-least', toReach: 100_000 }),
      ],
      figures: Object.values(figures),
      curves: [],
    };
  },
};
