import type { FilterLeaf } from '../definition/filter.js';
import { filterWords } from '../notify/filter-words.js';
import { toConditions } from '../rule/conditions.js';
import { type FactValues, fieldFact, type MetricFact, metricFact, stateFact } from '../rule/fact.js';
import { compileLeaf } from '../rule/gate.js';
import type { Measured } from '../window/measured.js';
import type { AskLeaf } from './explain-filter.js';

/** What leaves are asked of. */
export interface LeafSource {
  readonly facts: FactValues;
  /** What is measured of a metric, and of how many values. */
  reading(fact: MetricFact): Measured;
}

/** Makes the function that asks one leaf of a filter, in three-valued logic. */
export function createAsk({ facts, reading }: LeafSource): AskLeaf {
  return (leaf) => {
    const { value: right, holds } = questionOf(leaf, facts);
    const outcome = holds ? 'true' : 'false';
    switch (leaf.type) {
      case 'field': {
        const { type, field, operator, value } = leaf;
        return { type, outcome, field, operator, left: facts[fieldFact(field).id], right: value };
      }
      case 'state': {
        const states = facts[stateFact.id] as readonly string[] | undefined;
        return { type: leaf.type, outcome, left: states?.[0], right: leaf.states };
      }
      default: {
        const { value: left, samples, samplesNeeded } = reading(metricFact(leaf));
        return {
          type: 'metric',
          outcome: left === undefined ? 'indeterminate' : outcome,
          metric: leaf.name,
          question: filterWords(leaf),
          left,
          right: right as number | boolean,
          samples,
          samplesNeeded,
        };
      }
    }
  };
}

/** The one condition of a leaf, asked as the gate asks it. */
function questionOf(leaf: FilterLeaf, facts: FactValues): { readonly value: unknown; readonly holds: boolean } {
  const condition = toConditions(leaf);
  return 'fact' in condition
    ? { value: condition.value, holds: compileLeaf(condition)(facts[condition.fact]) }
    : { value: undefined, holds: false };
}
