import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AutomationInput, doNothing, onRunMetric, project, type Run, runEvent } from 'tocsin';
import { compare } from '../harness/compare.js';
import { figureOf, median } from '../harness/figure.js';
import { openEngine } from '../harness/open-engine.js';
import type { Workload } from '../harness/workload.js';
import { startTraining, type Training } from '../sets/digits-training.js';

const place = { entity: 'team', project: 'digits' } as const;

/** The times of some batches, in microseconds a batch. */
interface Times {
  readonly loop: number;
  /** Inside `run.log`. */
  readonly log: number;
  /** The same, and until all it set off is done. */
  readonly flushed: number;
}

export const workload: Workload = {
  title: 'P7 trainer',
  measures:
    'A training on handwritten digits with TensorFlow.js in plain JavaScript, 100 images a batch, that logs loss and accuracy of every batch, with 10 automations on the run. Nothing fires.',
  against: "the loop's own time",
  async run({ isQuick }) {
    const { engine, close } = await openEngine(trainingAutomations());
    let matches = 0;
    for (const name of ['execution-created', 'execution-skipped'] as const) {
      engine.on(name, () => {
        matches += 1;
      });
    }
    const training = await startTraining();
    const run = engine.startRun({ ...place, name: 'digits' });
    const rounds: Times[] = [];
    for (let round = 0; round <= (isQuick ? 2 : 5); round += 1) {
      const times = await trainBatches(training, run, isQuick ? 10 : 100);
      if (round > 0) rounds.push(times);
    }
    training.dispose();
    await close();
    if (matches > 0) throw new Error(`Expected 0 matches, got ${matches}`);

    const figure = (label: string, part: keyof Times) =>
      figureOf(
        label,
        'µs a batch',
        rounds.map((times) => times[part]),
      );
    const [loop, log] = [figure('the training loop', 'loop'), figure('inside run.log', 'log')];
    return {
      comparisons: [
        compare({ label: 'run.log', tocsin: log, against: loop, bound: 'at-most', toReach: 0.01, shownAs: 'share' }),
      ],
      figures: [loop, log, figure('inside run.log and run.flush', 'flushed')],
      curves: [],
    };
  },
};

/** What a trainer might watch, with numbers that are never reached. */
function trainingAutomations(): AutomationInput[] {
  const loss = runEvent.metric('loss');
  const accuracy = runEvent.metric('accuracy');
  const filters = [
    loss.isNotFinite(),
    loss.gt(100),
    loss.avg(10).gt(100),
    loss.min(20).gt(100),
    loss.avg(10).increasesBy({ diff: 100 }),
    loss.zscore(30).gt(1000),
    accuracy.avg(5).lt(0),
    accuracy.max(50).lt(0),
    accuracy.avg(10).decreasesBy({ diff: 2 }),
    accuracy.avg(10).gt(2).and(loss.avg(10).lt(0)),
  ];
  return filters.map((filter, number) => ({
    name: `watch-${number}`,
    event: onRunMetric({ scope: project(place.entity, place.project), filter }),
    action: doNothing(),
  }));
}

async function trainBatches(training: Training, run: Run, count: number): Promise<Times> {
  let logMs = 0;
  let flushedMs = 0;
  const startedMs = performance.now();
  for (let step = 0; step < count; step += 1) {
    const { loss, accuracy } = await training.nextBatch();
    const beforeMs = performance.now();
    run.log({ loss, accuracy }, { step });
    logMs += performance.now() - beforeMs;
    await run.flush();
    flushedMs += performance.now() - beforeMs;
    await nextTurn();
  }
  const loopMs = performance.now() - startedMs;
  const clockMs = clockCostMs();
  const each = (totalMs: number, readings: number): number => (totalMs * 1000) / count - readings * clockMs * 1000;
  return { loop: each(loopMs - flushedMs, 0), log: each(logMs, 1), flushed: each(flushedMs, 2) };
}

/** What the clock itself takes between two readings. */
function clockCostMs(): number {
  const costs = Array.from({ length: 101 }, () => {
    const startedMs = performance.now();
    for (let reading = 0; reading < 100; reading += 1) performance.now();
    return (performance.now() - startedMs) / 101;
  });
  return median(costs);
}
