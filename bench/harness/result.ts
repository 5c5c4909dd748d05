/** One measured number: the median of the counted rounds, and the best and worst of them. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

/** What a workload promises: how tocsin compares with something else. */
export interface Comparison {
  /** What is compared with what, in a few words. */
  readonly label: string;
  readonly tocsin: Figure;
  readonly against: Figure;
  readonly ratio: number;
  /** How the ratio is shown. */
  readonly shownAs: 'times' | 'share';
  /** `at-most`: tocsin / against may be at most so much. `at-least`: against / tocsin must be at least so much. */
  readonly bound: 'at-most' | 'at-least';
  readonly toReach: number;
  readonly stretch?: number | undefined;
  readonly isReached: boolean;
}

/** One line of a chart. */
export interface Series {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** How a cost grows, as data; `docs/charts` has it as a picture. */
export interface Curve {
  /** The name of the chart's file. */
  readonly name: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly yScale: 'linear' | 'log';
  readonly series: readonly Series[];
}

/** What a workload measured. */
export interface Measurement {
  readonly comparisons: readonly Comparison[];
  /** Every figure, in the order of the table. */
  readonly figures: readonly Figure[];
  readonly curves: readonly Curve[];
}

/** What a workload measured, and what it is. */
export interface WorkloadResult extends Measurement {
  readonly id: string;
  readonly title: string;
  /** What is done, in a sentence or two. */
  readonly measures: string;
  /** What it is compared with, in a few words. */
  readonly against: string;
}

/** What `bench/results.json` holds. */
export interface Results {
  /** When, as an ISO date. */
  readonly date: string;
  readonly machine: Machine;
  /** The versions of what tocsin is compared with. */
  readonly peers: Readonly<Record<string, string>>;
  readonly workloads: readonly WorkloadResult[];
}

/** Where it was measured. */
export interface Machine {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly processor: string;
  readonly processors: number;
}
