import type { RunState } from './event-type.js';
import { type FieldBuilder, field } from './field-builder.js';
import { expression, type FilterExpression } from './filter-builders.js';
import { metric } from './metric-builder.js';

/** What can be asked of a run's state. */
export interface StateBuilder {
  /** `failed` means crashed runs too; `killed` runs ring only where `killed` is named. */
  eq(state: RunState): FilterExpression;
  /** One of the states. */
  in(states: readonly RunState[]): FilterExpression;
}

/**
 * What an automation on runs can ask.
 *
 * @see W&B, `RunEvent` of their SDK: `RunEvent.metric("accuracy") < 0.85` is `runEvent.metric('accuracy').lt(0.85)`.
 */
export const runEvent = Object.freeze({
  /** A metric, by its name: any text, slashes and dots included. */
  metric,
  /** The state that the run has come into. */
  state: Object.freeze({
    eq: (state: RunState) => expression({ $state: [state] }),
    // Without types it may be no list; a state alone means itself.
    in: (states: readonly RunState[]) => expression({ $state: Array.isArray(states) ? [...states] : [states] }),
  }) as StateBuilder,
  /** The run's name. */
  name: field('name'),
  /** Who started the run. */
  user: field('user'),
  /** The run's tags; a question holds when it holds for one of them. */
  tag: field('tag'),
  /** A value of the run's configuration. */
  config: (key: string): FieldBuilder => field(`config.${key}`),
});

/** What an automation on artifacts and collections can ask. */
export const artifactEvent = Object.freeze({
  /** The alias that was added or removed; for other events, the artifact's aliases. */
  alias: field('alias'),
  /** The tag that was added or removed; for other events, the artifact's tags. */
  tag: field('tag'),
  /** The artifact's type: `model`, `dataset`. */
  type: field('artifactType'),
  /** The artifact's version, as the host gives it. */
  version: field('version'),
  /** The collection's name. */
  collection: field('collection'),
  /** Who did it. */
  author: field('author'),
  /** A value of the artifact's metadata. */
  metadata: (key: string): FieldBuilder => field(`metadata.${key}`),
});

/** What an automation on anomalies can ask. */
export const anomalyEvent = Object.freeze({
  /** The metric in which the anomaly was found: a dotted namespace. */
  metric: field('metric'),
  /** The value that is anomalous. */
  value: field('value'),
  /** What found it. */
  source: field('source'),
  /** A label of the metric. */
  label: (key: string): FieldBuilder => field(`label.${key}`),
});
