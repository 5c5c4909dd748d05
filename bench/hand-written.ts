import type { RunMetricsEvent } from 'tocsin';
import { size, threshold } from './workload.js';

/**
 * What somebody would write who needs exactly this and nothing else: a map of projects, a ring of values for each run
 * and metric, plain comparisons. No engine can be faster than it.
 *
 * @returns A function that takes an event and says how many thresholds were passed.
 */
export function handWrittenMatcher(): (event: RunMetricsEvent) => number {
  const thresholds = new Map<string, { metric: string; below: number }[]>();
  for (let index = 0; index < size.projects; index += 1) {
    const own = Array.from({ length: size.automationsEach }, (_, number) => ({
      metric: size.metrics[number % size.metrics.length] ?? 'a',
      below: threshold - Math.floor(number / size.metrics.length),
    }));
    thresholds.set(`project-${index}`, own);
  }
  const rings = new Map<string, { values: Float64Array; next: number; count: number }>();

  return ({ project = '', run, metrics }) => {
    const averages: Record<string, number> = {};
    for (const metric in metrics) {
      const key = `${run.id} ${metric}`;
      let ring = rings.get(key);
      if (ring === undefined) {
        ring = { values: new Float64Array(size.window), next: 0, count: 0 };
        rings.set(key, ring);
      }
      ring.values[ring.next] = Number(metrics[metric]);
      ring.next = (ring.next + 1) % size.window;
      ring.count = Math.min(ring.count + 1, size.window);
      if (ring.count < size.window) continue;
      let sum = 0;
      for (const value of ring.values) sum += value;
      averages[metric] = sum / size.window;
    }
    let matches = 0;
    for (const { metric, below } of thresholds.get(project) ?? []) {
      const average = averages[metric];
      if (average !== undefined && average < below) matches += 1;
    }
    return matches;
  };
}
