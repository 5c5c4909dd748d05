import type { Aggregation } from '../definition/filter.js';
import { type Aggregate, createAggregate } from './aggregate.js';
import { createRingBuffer, type RingBuffer } from './ring-buffer.js';

/** Which window of a metric is needed. */
export interface WindowSpec {
  readonly name: string;
  readonly aggregation: Aggregation;
  readonly window: number;
}

/** The windows of one metric of one run; all of its automations share them. */
export interface MetricSeries {
  push(value: number): void;
  /** How many of the last `window` values have been logged. */
  count(window: number): number;
  /** The aggregate, or NaN where it can't be told. The window was asked for with {@link MetricSeries.keep}. */
  value(aggregation: Aggregation, window: number): number;
  /** The last values, oldest first, at most `count` of them. */
  recent(count: number): number[];
  /** Keeps another window from now on; it starts with the values that are there. */
  keep(aggregation: Aggregation, window: number): void;
}

/** Makes the windows of one metric of one run. */
export function createMetricSeries(): MetricSeries {
  let ring: RingBuffer = createRingBuffer(1);
  const aggregates = new Map<string, { aggregation: Aggregation; window: number; aggregate: Aggregate }>();
  const keyOf = (aggregation: Aggregation, window: number): string => `${aggregation}:${window}`;

  const recent = (count: number): number[] => {
    const length = Math.min(count, ring.length);
    return Array.from({ length }, (_, index) => ring.at(length - 1 - index));
  };

  return {
    push(value) {
      ring.push(value);
      for (const { aggregate } of aggregates.values()) aggregate.pushed();
    },
    count: (window) => Math.min(window, ring.length),
    value(aggregation, window) {
      const kept = aggregates.get(keyOf(aggregation, window));
      return kept === undefined || ring.length === 0 ? Number.NaN : kept.aggregate.value();
    },
    recent,
    keep(aggregation, window) {
      const key = keyOf(aggregation, window);
      if (aggregates.has(key)) return;
      if (window > ring.capacity) {
        ring = createRingBuffer(window, recent(ring.length));
        for (const kept of aggregates.values()) kept.aggregate = createAggregate(kept.aggregation, kept.window, ring);
      }
      aggregates.set(key, { aggregation, window, aggregate: createAggregate(aggregation, window, ring) });
    },
  };
}
