import type { Step } from '../../ports/storage.js';

/** What became of the head of a lane. */
export type HeadOutcome =
  /**
   * It is done with: `step` records it and takes it out of the lane. If somebody has changed it meanwhile, the step that
   * `stepAgain` makes records what it can; without one the head is looked at anew, and `perhapsSettled` is told, since it may
   * have been this very step. `isAnswered`: the destination took it, or refused it itself.
   */
  | {
      readonly type: 'settled';
      readonly step: Step;
      readonly isAnswered?: boolean | undefined;
      stepAgain?(): Promise<Step>;
      settled(): Promise<void>;
      perhapsSettled?(): void;
    }
  /** It stays at the head and is tried again after a rest; `step` records the attempt, or else the one of `stepAgain`. */
  | { readonly type: 'rest'; readonly step: Step | undefined; stepAgain?(): Promise<Step>; readonly delayMs: number }
  /** It stays at the head until the lane is woken. */
  | { readonly type: 'parked'; readonly step: Step | undefined; stepAgain?(): Promise<Step> };
