import type { Comparison } from './result.js';

/** What {@link compare} takes. */
export interface CompareOptions
  extends Pick<Comparison, 'label' | 'tocsin' | 'against' | 'bound' | 'toReach' | 'stretch'> {
  /** @default 'times' */
  readonly shownAs?: Comparison['shownAs'] | undefined;
}

/** Sets two figures of one unit against each other. */
export function compare(options: CompareOptions): Comparison {
  const { tocsin, against, bound, toReach, shownAs = 'times' } = options;
  const ratio = bound === 'at-most' ? tocsin.value / against.value : against.value / tocsin.value;
  const isReached = bound === 'at-most' ? ratio <= toReach : ratio >= toReach;
  return { ...options, shownAs, ratio, isReached };
}
