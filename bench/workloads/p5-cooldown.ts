import type { RunMetricsEvent } from 'tocsin';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { compare } from '../harness/compare.js';
import { type OpenedEngine, openEngine } from '../harness/open-engine.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import type { Workload } from '../harness/workload.js';
import {
  quietEvent,
  type SteadySize,
  someEvents,
  steadyAutomations,
  steadyThresholds,
  steadyWindow,
  thresholdsEach,
} from '../sets/steady.js';

/** After how long the counts of skips are written. */
const skipFlushMs = 1000;

export const workload: Workload = {
  title: 'P5 cooldown',
  measures:
    'P1, but every automation of the event matches and is in its cooldown: 10 skips an event. The counts are written at most once a second for each automation and run, here 10,000 pairs, as many as are counted at once; that is left out of the ratio and measured by itself.',
  against: 'P1',
  async run({ isQuick }) {
    const size = isQuick ? { projects: 100, runs: 100 } : { projects: 1000, runs: 1000 };
    const units = 1000;
    const portions = isQuick ? 4 : 30;
    const automations = steadyAutomations(steadyThresholds(size.projects), 'average');
    // The clock stands still, so that counts are written only where it is measured.
    const runtime = manualRuntime();
    const quiet = await openEngine(automations, { runtime: manualRuntime() });
    const cooling = await openEngine(automations, { runtime, skipFlushMs });
    await fireOnce(cooling, size);

    const matches = units * thresholdsEach;
    const contenders = {
      quiet: {
        label: 'tocsin, nothing matches (P1)',
        prepare(round) {
          const events = someEvents(units, round * units, (index) => quietEvent(index, size));
          return { units, run: () => quiet.emitAll(events) };
        },
      },
      cooling: {
        label: 'tocsin, 10 matches in their cooldown',
        prepare(round) {
          const events = someEvents(units, round * units, (index) => lowEvent(index, size));
          return { units, matches, run: () => cooling.emitAll(events) };
        },
      },
      written: {
        label: 'tocsin, once a second: the count of an automation and run',
        portions: 1,
        async prepare(round) {
          await cooling.emitAll(someEvents(size.runs, round * units, (index) => lowEvent(index, size)));
          return { units: size.runs * thresholdsEach, run: () => writeCounts(cooling, runtime) };
        },
      },
    } satisfies Record<string, Contender>;
    const figures = await takeTurns(contenders, { rounds: isQuick ? 2 : 5, portions });
    await quiet.close();
    await cooling.close();

    const written = { ...figures.written, unit: 'µs a count' };
    return {
      comparisons: [
        compare({
          label: '10 skips an event',
          tocsin: figures.cooling,
          against: figures.quiet,
          bound: 'at-most',
          toReach: 2,
        }),
      ],
      figures: [figures.quiet, figures.cooling, written],
      curves: [],
    };
  },
};

/** Every threshold is above it. */
function lowEvent(index: number, size: SteadySize): RunMetricsEvent {
  const event = quietEvent(index, size);
  return { ...event, metrics: Object.fromEntries(Object.keys(event.metrics).map((name) => [name, -5 - (index % 7)])) };
}

/** Lets every automation fire once for each run, and checks that afterwards all are in their cooldown. */
async function fireOnce({ engine }: OpenedEngine, size: SteadySize): Promise<void> {
  let fired = 0;
  for (let index = 0; index < size.runs * steadyWindow; index += 1) {
    fired += (await engine.emit(lowEvent(index, size))).fired.length;
  }
  const expected = size.runs * thresholdsEach;
  if (fired !== expected) throw new Error(`Expected ${expected} firings, got ${fired}`);
  const again = await engine.emit(lowEvent(0, size));
  const cooled = again.skipped.filter(({ reason }) => reason === 'cooldown').length;
  if (again.fired.length > 0 || cooled !== thresholdsEach) {
    throw new Error(`Expected ${thresholdsEach} skips by cooldown, got ${cooled} and ${again.fired.length} firings`);
  }
}

async function writeCounts({ engine }: OpenedEngine, runtime: ManualRuntime): Promise<number> {
  await runtime.advance(skipFlushMs);
  await engine.idle();
  return 0;
}
