import type { RunMetricsEvent } from 'tocsin';
import { handWrittenMatcher } from '../contenders/hand-written.js';
import { compare } from '../harness/compare.js';
import { openEngine } from '../harness/open-engine.js';
import { type Contender, takeTurns } from '../harness/rounds.js';
import { checkSameMatches } from '../harness/same-matches.js';
import type { Workload } from '../harness/workload.js';
import {
  loudEvent,
  quietEvent,
  someEvents,
  steadyAutomations,
  steadyMetrics,
  steadyThresholds,
  steadyWindow,
} from '../sets/steady.js';

/** How many events a loop that logs takes before it lets others have their turn. */
const loggedAtOnce = 1000;

export const workload: Workload = {
  title: 'P1 steady emit',
  measures:
    '10,000 automations over 1,000 projects (10 each: thresholds on avg(5) of 5 metrics), 1,000 runs, events of 5 metrics; nothing fires, every emit is awaited.',
  against: 'a hand-written matcher for exactly this, awaited',
  async run({ isQuick }) {
    const size = isQuick ? { projects: 100, runs: 100 } : { projects: 1000, runs: 1000 };
    const units = 1000;
    const portions = isQuick ? 4 : 40;
    const thresholds = steadyThresholds(size.projects);
    const limit = handWrittenMatcher(thresholds, steadyWindow);
    const opened = await openEngine(steadyAutomations(thresholds, 'average'));
    const { engine, emitAll } = opened;

    const loudEvents = () => someEvents(size.runs * 7, 0, (index) => loudEvent(index, size));
    await checkSameMatches<RunMetricsEvent>(loudEvents, { limit, tocsin: opened.find });

    const awaitedLimit = async (event: RunMetricsEvent) => limit(event);
    const eventsOf = (round: number) => someEvents(units, round * units, (index) => quietEvent(index, size));

    const runs = Array.from({ length: size.runs }, (_, number) =>
      engine.startRun({ entity: 'team', project: `project-${number}`, id: `logged-run-${number}` }),
    );
    let made = 0;

    const contenders = {
      limit: {
        label: 'hand-written, awaited',
        prepare(round) {
          const events = eventsOf(round);
          return {
            units,
            async run() {
              let matches = 0;
              for (const event of events) matches += (await awaitedLimit(event)).length;
              return matches;
            },
          };
        },
      },
      synchronous: {
        label: 'hand-written, not awaited',
        prepare(round) {
          const events = eventsOf(round);
          return {
            units,
            run() {
              let matches = 0;
              for (const event of events) matches += limit(event).length;
              return matches;
            },
          };
        },
      },
      tocsin: emitting('tocsin, engine.emit', eventsOf),
    } satisfies Record<string, Contender>;

    const others = {
      identified: emitting('tocsin, events with an id', (round) =>
        eventsOf(round).map((event) => {
          made += 1;
          return { ...event, id: `event-${made}` };
        }),
      ),
      unwatched: emitting('tocsin, metrics of a project that nothing watches', (round) =>
        eventsOf(round).map((event) => ({ ...event, project: `other-${event.project}` })),
      ),
      unknown: emitting('tocsin, a type of event that nothing watches', (round) =>
        eventsOf(round).map(({ entity, project, step }) => ({ type: 'custom.step', entity, project, step }) as const),
      ),
      logged: {
        label: 'tocsin, run.log, flushed every 1,000',
        prepare(round) {
          const logged = eventsOf(round).map(({ metrics, step }) => ({ metrics, options: { step: step as number } }));
          return {
            units,
            async run() {
              for (const [index, { metrics, options }] of logged.entries()) {
                runs[index % runs.length]?.log(metrics, options);
                if (index % loggedAtOnce === loggedAtOnce - 1) await Promise.all(runs.map((run) => run.flush()));
              }
              return engine.stats().emitsInFlight;
            },
          };
        },
      },
    } satisfies Record<string, Contender>;

    function emitting(label: string, make: (round: number) => Parameters<typeof emitAll>[0]): Contender {
      return {
        label,
        prepare(round) {
          const events = make(round);
          return { units, run: () => emitAll(events) };
        },
      };
    }

    const rounds = isQuick ? 2 : 5;
    const figures = await takeTurns(contenders, { rounds, portions });
    // By themselves, since code that has seen events of many shapes is slower with each.
    const otherFigures = await takeTurns(others, { rounds, portions });
    await opened.close();
    const label = `${steadyMetrics.length} metrics an event`;
    const { tocsin, limit: against } = figures;
    return {
      comparisons: [compare({ label, tocsin, against, bound: 'at-most', toReach: 4, stretch: 2 })],
      figures: [...Object.values(figures), ...Object.values(otherFigures)],
      curves: [],
    };
  },
};
