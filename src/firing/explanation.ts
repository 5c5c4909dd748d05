import type { RunState } from '../definition/event-type.js';
import type { Filter } from '../definition/filter.js';
import type { Scope } from '../definition/scope.js';

/** In three-valued logic; `indeterminate` never fires, also under `not`. */
export type Outcome = 'true' | 'false' | 'indeterminate';

/** What one part of a filter says of an event. */
export type ExplainedFilter =
  | { readonly type: 'and' | 'or'; readonly outcome: Outcome; readonly filters: readonly ExplainedFilter[] }
  | { readonly type: 'not'; readonly outcome: Outcome; readonly filter: ExplainedFilter }
  | {
      readonly type: 'field';
      readonly outcome: Outcome;
      readonly field: string;
      readonly operator: string;
      /** What the event has; `undefined` when it has no such field. */
      readonly left: unknown;
      readonly right: unknown;
    }
  | {
      readonly type: 'metric';
      readonly outcome: Outcome;
      readonly metric: string;
      readonly aggregation: string;
      readonly comparison: string;
      /** The aggregate; `undefined` while it can't be told. */
      readonly left: number | undefined;
      readonly right: number;
      /** How many values are in the window, and how many it needs. */
      readonly samples: number;
      readonly samplesNeeded: number;
    }
  | {
      readonly type: 'state';
      readonly outcome: Outcome;
      readonly left: string | undefined;
      readonly right: readonly RunState[];
    };

/** What keeps an automation from firing. */
export type ExplanationReason =
  | { readonly code: 'disabled' }
  | { readonly code: 'event_type'; readonly expected: string; readonly got: string }
  | { readonly code: 'scope'; readonly expected: Scope }
  | { readonly code: 'no_metric_of_filter'; readonly metrics: readonly string[] }
  | { readonly code: 'state_unchanged'; readonly state: string }
  | { readonly code: 'state_never_fires'; readonly state: string }
  | { readonly code: 'filter_false' }
  | { readonly code: 'filter_indeterminate' }
  | { readonly code: 'duplicate' }
  | { readonly code: 'cooldown'; readonly remainingMs: number };

/** Whether an automation would fire on an event, and if not, what says no. */
export interface Explanation {
  readonly wouldFire: boolean;
  /** Everything that says no; empty when it would fire. */
  readonly reasons: readonly ExplanationReason[];
  /** What each part of the filter says. */
  readonly filter: ExplainedFilter;
}

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

/** Everything {@link explainFilter} needs to ask a leaf. */
export type AskLeaf = (leaf: Exclude<Filter, { type: 'and' | 'or' | 'not' }>) => ExplainedFilter;

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
    case 'field':
    case 'metric':
    case 'state':
      return ask(filter);
    default:
      return filter satisfies never;
  }
}
