import type { Measurement } from './result.js';

/** How large a run of a workload is. */
interface WorkloadOptions {
  /** Small sizes, for a check in a minute; its times mean little. */
  readonly isQuick: boolean;
}

/** A workload: one file in `bench/workloads`, one row in `bench/workloads.ts`. */
export interface Workload {
  readonly title: string;
  /** What is done, in a sentence or two. */
  readonly measures: string;
  /** What it is compared with, in a few words. */
  readonly against: string;
  /**
   * Runs it, in a process of its own.
   *
   * @throws When contenders do not find the same matches, or something goes wrong. A missed bound is no error.
   */
  run(options: WorkloadOptions): Promise<Measurement>;
}
