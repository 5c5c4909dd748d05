import type { FilterJson } from 'tocsin';
import type { Wire } from './cases.js';

const words: Readonly<Record<string, string>> = { AVERAGE: 'avg', MIN: 'min', MAX: 'max' };

/** What a run event's filter of the cases means, read independently: only in the forms that the cases have. */
export function meaningOfRunFilter({ run_filter, run_metric_filter, run_state_filter }: Wire): FilterJson {
  const condition = run_state_filter ? state(run_state_filter) : metric(run_metric_filter);
  const runs = (run_filter.$and as Wire[]).map((each) =>
    JSON.parse(JSON.stringify(each).replaceAll('display_name', 'name')),
  );
  return runs.length === 0 ? condition : { $and: [condition, ...runs] };
}

function state({ states }: Wire): FilterJson {
  return { $state: states.map((each: string) => each.toLowerCase()) };
}

function metric({ threshold_filter, change_filter, zscore_filter }: Wire): FilterJson {
  if (threshold_filter) {
    const { name, agg_op, window_size, cmp_op, threshold } = threshold_filter;
    return {
      $metric: { name, ...(agg_op ? { agg: words[agg_op], window: window_size } : {}), [cmp_op]: threshold },
    } as FilterJson;
  }
  if (change_filter) {
    const { name, agg_op, current_window_size, prior_window_size, change_type, change_dir, change_amount } =
      change_filter;
    const windows = { agg: words[agg_op], window: current_window_size, priorWindow: prior_window_size };
    return {
      $change: {
        name,
        ...(agg_op ? windows : {}),
        direction: change_dir.toLowerCase(),
        kind: change_type.toLowerCase(),
        amount: change_amount,
      },
    } as FilterJson;
  }
  const { name, window_size, threshold, change_dir } = zscore_filter;
  return { $zscore: { name, window: window_size, threshold, direction: change_dir.toLowerCase() } };
}

/** States in one order: it means nothing. */
export function withSortedStates(filter: Wire): Wire {
  return JSON.parse(JSON.stringify(filter ?? null), (key, value) =>
    key === '$state' ? [...new Set([value].flat())].sort() : value,
  );
}
