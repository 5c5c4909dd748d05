import { type AutomationInput, doNothing, onRunMetric, project, type RunMetricsEvent, runEvent } from 'tocsin';
import { compare } from '../harness/compare.js';
import { settleHeap } from '../harness/garbage.js';
import { openEngine } from '../harness/open-engine.js';
import type { Figure } from '../harness/result.js';
import type { Workload } from '../harness/workload.js';

const metricCount = 20;
const window = 50;
const place = { entity: 'team', project: 'memory' } as const;

/** Collecting may free what only the next collection can free. */
const mostCollections = 20;
const settledBytes = 10_000;

export const workload: Workload = {
  title: 'P8 memory',
  measures:
    '10,000 live runs of 20 metrics, each in a window of avg(50) that is full: heapUsed and arrayBuffers after forced collections, less those of the engine with its 20 automations and no run.',
  against: 'the samples alone as float64',
  async run({ isQuick }) {
    const runs = isQuick ? 500 : 10_000;
    const automations: AutomationInput[] = Array.from({ length: metricCount }, (_, number) => ({
      name: `average-${number}`,
      event: onRunMetric({
        scope: project(place.entity, place.project),
        filter: runEvent.metric(`metric-${number}`).avg(window).lt(-1),
      }),
      action: doNothing(),
    }));
    const { engine, emitAll, close } = await openEngine(automations);
    // What is compiled and cached once is not the runs'.
    await emitAll(Array.from({ length: 2 * window }, (_, step) => eventOf('warm-up', step)));
    await engine.emit({ type: 'run.state', ...place, run: { id: 'warm-up' }, state: 'finished' });

    const before = await settledMemory();
    let matches = 0;
    for (let step = 0; step < window; step += 1) {
      matches += await emitAll(Array.from({ length: runs }, (_, number) => eventOf(`run-${number}`, step)));
    }
    const after = await settledMemory();
    const { liveRuns, windows } = engine.stats();
    await close();
    if (matches !== 0) throw new Error(`Expected 0 matches, got ${matches}`);
    if (liveRuns !== runs || windows !== runs * metricCount) {
      throw new Error(`Expected ${runs} live runs of ${metricCount} windows, got ${liveRuns} of ${windows} in all`);
    }

    const values = runs * metricCount * window;
    const megabytes = (label: string, bytes: number): Figure => ({ label, unit: 'MB', value: bytes / 1e6 });
    const tocsin = megabytes('tocsin', after - before);
    const against = megabytes('float64 values', values * Float64Array.BYTES_PER_ELEMENT);
    return {
      comparisons: [compare({ label: 'live runs', tocsin, against, bound: 'at-most', toReach: 1.5 })],
      figures: [
        tocsin,
        against,
        { label: 'a live run', unit: 'bytes', value: (after - before) / runs },
        { label: 'a window of 50', unit: 'bytes', value: (after - before) / runs / metricCount },
        megabytes('the engine without runs, and the process', before),
      ],
      curves: [],
    };
  },
};

function eventOf(run: string, step: number): RunMetricsEvent {
  const metrics: Record<string, number> = {};
  for (let number = 0; number < metricCount; number += 1) metrics[`metric-${number}`] = Math.sin(step * 7 + number);
  return { type: 'run.metrics', ...place, run: { id: run }, metrics, step };
}

/** The bytes in use when collecting frees nothing more. */
async function settledMemory(): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (let collections = 0; collections < mostCollections; collections += 1) {
    await settleHeap();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const used = heapUsed + arrayBuffers;
    if (before - used < settledBytes) return used;
    before = used;
  }
  return before;
}
