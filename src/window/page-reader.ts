import type { Measure } from '../rule/fact.js';
import { folds } from './fold.js';
import { bindMeasure, type MeasureReader, type MeasureSource } from './measured.js';
import { lengthOf, type Memory, type Ring } from './ring.js';

/** What reads a metric of the run that has lent its page. */
export interface PageReader extends MeasureReader {
  /** Which page it is. */
  readonly page: number;
  /** Where the run lends it. */
  readonly memory: Memory;
}

/**
 * Binds a measure to a ring that lies on a page.
 *
 * @param source - Measures from that ring.
 */
export function bindToPage(measure: Measure, ring: Ring, page: number, source: MeasureSource): PageReader {
  const { samplesNeeded, samples, value } = bindMeasure(measure, source);
  const read = measure.type === 'aggregate' ? aggregateReader(measure, ring) : value;
  return { samplesNeeded, samples, value: read, page, memory: ring.memory };
}

/** What {@link bindMeasure} makes of an aggregate, at one go: nearly all that events are asked for is this. */
function aggregateReader(
  { aggregation, window, minSamples }: Extract<Measure, { readonly type: 'aggregate' }>,
  ring: Ring,
): () => number | undefined {
  const fold = folds[aggregation];
  return () => {
    const length = lengthOf(ring);
    if (length < minSamples) return undefined;
    const count = Math.min(window, length);
    const value = fold.read(ring, count - 1, count);
    return Number.isNaN(value) ? undefined : value;
  };
}
