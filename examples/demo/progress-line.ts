/** Where progress is shown; `process.stdout` and `process.stderr` fit. */
export interface ProgressStream {
  /** Whether a line can be rewritten, as on a terminal. */
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal, in characters. @default 80 */
  readonly columns?: number | undefined;
  /** Writes text as it is. */
  write(text: string): unknown;
}

/** How far a run has come. */
interface Progress {
  /** The step just done, from 0. */
  readonly step: number;
  /** How many steps the run has. */
  readonly totalSteps: number;
  /** What to show beside the step, by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A display of one line. */
export interface ProgressLine {
  /** Shows a step, if it is time to; call it after every step. */
  update(progress: Progress): void;
  /** Wipes the line so that something else can be written; the next update that is due draws it again. */
  clear(): void;
  /** Ends the line, so that whatever is written next starts on its own. */
  end(): void;
}

const rewriteIntervalMs = 250;
const eraseLine = '\r\u001b[K';

const describe = ({ step, totalSteps, metrics }: Progress): string => {
  const done = step + 1;
  const percent = `${Math.floor((done / totalSteps) * 100)}%`.padStart(4);
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
  return [`${percent}  step ${done}/${totalSteps}`, ...values].join('  ');
};

const createTerminalLine = (stream: ProgressStream, nowMs: () => number): ProgressLine => {
  let rewrittenAtMs = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    update(progress) {
      const isLast = progress.step + 1 >= progress.totalSteps;
      if (!isLast && nowMs() - rewrittenAtMs < rewriteIntervalMs) return;
      rewrittenAtMs = nowMs();
      shown = true;
      // A line wider than the terminal would wrap, and \r would no longer reach its start.
      stream.write(eraseLine + describe(progress).slice(0, (stream.columns ?? 80) - 1));
    },
    clear() {
      if (shown) stream.write(eraseLine);
      shown = false;
    },
    end() {
      if (shown) stream.write('\n');
      shown = false;
    },
  };
};

const createLogLines = (stream: ProgressStream): ProgressLine => {
  let tenthsPrinted = 0;
  return {
    update(progress) {
      const tenths = Math.floor(((progress.step + 1) * 10) / progress.totalSteps);
      if (tenths <= tenthsPrinted) return;
      tenthsPrinted = tenths;
      stream.write(`${describe(progress)}\n`);
    },
    clear() {},
    end() {},
  };
};

/**
 * Shows how far a run has come: on a terminal one line, rewritten at most four times a second; anywhere else a line
 * for every tenth of the run. It sets no timer, so it shows nothing between two updates and keeps no process alive.
 *
 * @param stream - Where to write.
 * @param nowMs - A clock that never goes back, in milliseconds. @default performance.now
 * @returns The display of one run; make a new one for the next.
 */
export const createProgressLine = (
  stream: ProgressStream,
  nowMs: () => number = () => performance.now(),
): ProgressLine => (stream.isTTY ? createTerminalLine(stream, nowMs) : createLogLines(stream));
