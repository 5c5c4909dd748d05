import type { RunState } from '../definition/event-type.js';
import type { Mute } from '../definition/mute.js';
import type { Scope } from '../definition/scope.js';

/** In three-valued logic; `indeterminate` never fires, also under `not`. */
export type Outcome = 'true' | 'false' | 'indeterminate';

/** What one part of a filter says of an event. */
export type ExplainedFilter =
  /** All, or one, of `filters` must hold; `outcome` is what they say together. */
  | { readonly type: 'and' | 'or'; readonly outcome: Outcome; readonly filters: readonly ExplainedFilter[] }
  /** The contrary of `filter`. */
  | { readonly type: 'not'; readonly outcome: Outcome; readonly filter: ExplainedFilter }
  /** One question to one field; never indeterminate. */
  | {
      readonly type: 'field';
      readonly outcome: Outcome;
      /** The field's name, as the filter gives it. */
      readonly field: string;
      /** How it is compared: `$eq`, `$regex`. */
      readonly operator: string;
      /** What the event has; `undefined` when it has no such field. */
      readonly left: unknown;
      /** What the filter compares it with. */
      readonly right: unknown;
    }
  /** One question to a metric, with the event's own value in its windows. */
  | {
      readonly type: 'metric';
      readonly outcome: Outcome;
      /** The metric's name. */
      readonly metric: string;
      /** The question in words: `avg(accuracy, 5) < 0.85`. */
      readonly question: string;
      /** What is measured, a number or whether it is finite; `undefined` while it can't be told: too few values, or NaN. */
      readonly left: number | boolean | undefined;
      /** What it is compared with. */
      readonly right: number | boolean;
      /** How many values there are; for a z-score over a project, how many other runs. */
      readonly samples: number;
      /** How many it needs, at least 1. */
      readonly samplesNeeded: number;
    }
  /** Whether the run has come into one of some states; never indeterminate. */
  | {
      readonly type: 'state';
      readonly outcome: Outcome;
      /** The state that the event brings; `undefined` when it brings none. */
      readonly left: string | undefined;
      /** The states that the filter names. */
      readonly right: readonly RunState[];
    };

/** What keeps an automation from firing. `docs/errors.md` says of each code what it means. */
export type ExplanationReason =
  /** The automation is disabled. */
  | { readonly code: 'disabled' }
  /** It watches for events of type `expected`, and this one is of type `got`. */
  | { readonly code: 'event_type'; readonly expected: string; readonly got: string }
  /** The event happened outside its scope, `expected`. */
  | { readonly code: 'scope'; readonly expected: Scope }
  /** The event carries none of the `metrics` that the filter names. */
  | { readonly code: 'no_metric_of_filter'; readonly metrics: readonly string[] }
  /** The run is in this `state` already. */
  | { readonly code: 'state_unchanged'; readonly state: string }
  /** The filter holds, but this `state` is unknown, or it is `killed` and the filter does not name it. */
  | { readonly code: 'state_never_fires'; readonly state: string }
  /** The filter does not hold. */
  | { readonly code: 'filter_false' }
  /** The filter can't be told yet: a window has too few values, or holds NaN. */
  | { readonly code: 'filter_indeterminate' }
  /** An event with this `id` has been committed already. */
  | { readonly code: 'duplicate' }
  /** Its channels are found by routing, and there is none for its entity. */
  | { readonly code: 'no_routing' }
  /** This mute silences it. */
  | { readonly code: 'muted'; readonly mute: Mute }
  /** The cooldown of an earlier firing goes on for `remainingMs` milliseconds more, above 0. */
  | { readonly code: 'cooldown'; readonly remainingMs: number }
  /** The rate limit is reached; in `remainingMs` milliseconds, above 0, the first of its firings is old enough. */
  | { readonly code: 'rate_limited'; readonly remainingMs: number };

/** Whether an automation would fire on an event, and if not, what says no. */
export interface Explanation {
  /** Whether it would fire now; `true` when there is no reason against it. */
  readonly wouldFire: boolean;
  /** Everything that says no; empty when it would fire. */
  readonly reasons: readonly ExplanationReason[];
  /** What each part of the filter says. */
  readonly filter: ExplainedFilter;
}
