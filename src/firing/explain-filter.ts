import type { Filter, FilterLeaf } from '../definition/filter.js';
import type { ExplainedFilter, Outcome } from './explanation.js';

/** Kleene's conjunction: false wins, then indeterminate. */
function allOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('false')) return 'false';
  return outcomes.includes('indeterminate') ? 'indeterminate' : 'true';
}

/** Kleene's negation. */
function contrary(outcome: Outcome): Outcome {
  if (outcome === 'indeterminate') return outcome;
  return outcome === 'true' ? 'false' : 'true';
}

/** Kleene's disjunction: true wins, then indeterminate. */
function anyOf(outcomes: readonly Outcome[]): Outcome {
  return contrary(allOf(outcomes.map(contrary)));
}

/** Asks one leaf. */
export type AskLeaf = (leaf: FilterLeaf) => ExplainedFilter;

/** Walks a filter in three-valued logic, and keeps what every part says. */
export function explainFilter(filter: Filter, ask: AskLeaf): ExplainedFilter {
  switch (filter.type) {
    case 'and':
    case 'or': {
      const filters = filter.filters.map((each) => explainFilter(each, ask));
      const combine = filter.type === 'and' ? allOf : anyOf;
      return { type: filter.type, outcome: combine(filters.map(({ outcome }) => outcome)), filters };
    }
    case 'not': {
      const explained = explainFilter(filter.filter, ask);
      return { type: 'not', outcome: contrary(explained.outcome), filter: explained };
    }
    default:
      return ask(filter);
  }
}
