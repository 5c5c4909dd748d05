import type { Severity } from './definition/action.js';
import { isPlainObject } from './definition/copy-json.js';
import type { Limits } from './definition/limits.js';
import { describeThrown, describeValue, formatPath } from './definition/path.js';
import { TocsinError } from './errors.js';
import { metricNumber } from './event/metric-number.js';
import type { MetricValue } from './event/run-event.js';
import type { JsonObject } from './json.js';
import { readRunConfig } from './run-config.js';

/** What {@link Engine.startRun} takes. */
export interface RunOptions {
  /** The team that owns the run. */
  readonly entity: string;
  readonly project: string;
  readonly organization?: string | undefined;
  /** Unique in the project. @default a new one */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly user?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** What is no JSON in it is reported and left out. */
  readonly config?: JsonObject | undefined;
  /** The integration that gets the run's own alerts. */
  readonly alertIntegrationId?: string | undefined;
}

/** What {@link Run.alert} takes. */
export interface RunAlert {
  readonly title: string;
  readonly text: string;
  /** In any case. @default 'INFO' */
  readonly level?: Severity | Lowercase<Severity> | undefined;
  /** The same title again within this many milliseconds is dropped. @default 60000 */
  readonly waitMs?: number | undefined;
}

/**
 * A run, for a training loop in process. Nothing here throws or rejects, whatever it is given: faults go to the
 * engine's `error` listeners and its logger. Calls return at once and take effect in their order.
 */
export interface Run {
  readonly id: string;
  /**
   * Logs metrics.
   *
   * @param metrics - Name to number; nested ones have a name such as `train/loss`. What is no number is left out, and
   * reported once for each metric; the others count.
   * @param options - `step`: which step of the training it was.
   */
  log(metrics: Readonly<Record<string, MetricValue>>, options?: { readonly step?: number }): void;
  /** Says that the run has ended well. After `fail`, as in a `finally`, it does nothing. */
  finish(): void;
  /** Says that the run has failed; `error` is shown in what it rings, up to 4000 characters. After `finish` it does nothing. */
  fail(error?: unknown): void;
  /** Raises an alert from the run's own code. */
  alert(alert: RunAlert): void;
  /** Resolves when everything logged before this call has been taken in; what rang is committed then, not necessarily delivered. Never rejects. */
  flush(): Promise<void>;
}

/** What a run works with. */
export interface RunHost {
  /** Takes an event; a promise where something may fire, which rejects when it could not be committed. */
  take(event: unknown): unknown;
  report(error: TocsinError): void;
  nextId(): string;
  readonly limits: Limits;
}

/** Of how many metrics it is told that they are no numbers. */
const mostTold = 100;

/** A stack or a dump in an error's message must not make the event too large to be taken. */
const errorCharacters = 4000;

/** Starts a run: says that it is running, and gives the handle. */
export function createRun(options: RunOptions, host: RunHost): Run {
  const pending = new Set<Promise<unknown>>();
  let isClosedReported = false;

  const report = (cause: unknown): void => {
    const error = toError(cause);
    if (error.code === 'engine_closed') {
      // A loop goes on logging after the engine has closed; once is enough to know.
      if (isClosedReported) return;
      isClosedReported = true;
    }
    host.report(ofRun(error, read?.id));
  };

  /** Each metric once: what is no number at one step is none at the next either. */
  const told = new Set<string>();
  const reportMetric = (name: string, value: unknown): void => {
    if (told.has(name) || told.size === mostTold) return;
    told.add(name);
    report(invalid(`Expected a number at ${formatPath(['metrics', name])}, got ${describeValue(value)}`));
  };

  // Declared first: what is wrong with the options is reported before there is an id.
  let read: ReturnType<typeof readOptions> | undefined;
  read = readOptions(options, host, report);
  const { id, name, user, tags, config, alertIntegrationId, entity, project, organization } = read;
  const base = organization === undefined ? { entity, project } : { entity, project, organization };

  /** Emits, and turns everything that can go wrong into a report. */
  const emit = (makeEvent: () => object): void => {
    try {
      const taken = host.take({ ...base, ...makeEvent() });
      if (!(taken instanceof Promise)) return;
      const settled: Promise<unknown> = taken.catch(report);
      pending.add(settled);
      void settled.finally(() => pending.delete(settled));
    } catch (error) {
      report(error);
    }
  };

  /** A run ends once: `finish()` in a `finally` says nothing more of one that has failed. */
  let isOver = false;
  const end = (makeEvent: () => object): void => {
    if (isOver) return;
    isOver = true;
    emit(makeEvent);
  };

  emit(() => {
    const { value, issues } = readRunConfig(config, host.limits);
    if (issues.length > 0) {
      const faults = issues.map(({ path, message }) => `${message} at ${path}`).join('; ');
      report(new TocsinError({ code: 'invalid_event', message: `Left out of a run's config: ${faults}`, issues }));
    }
    return { type: 'run.state', state: 'running', run: { id, name, user, tags, config: value } };
  });

  return Object.freeze<Run>({
    id,
    log(metrics, logOptions) {
      isOver = false;
      emit(() => {
        const event = { type: 'run.metrics', run: { id }, metrics: numbersOf(metrics, reportMetric) };
        const step = stepOf(logOptions, report);
        return step === undefined ? event : { ...event, step };
      });
    },
    finish: () => end(() => ({ type: 'run.state', state: 'finished', run: { id } })),
    fail: (error) => end(() => ({ type: 'run.state', state: 'failed', run: { id }, error: errorText(error) })),
    alert: (alert) =>
      emit(() => {
        const { title, text, level, waitMs } = alert;
        return { type: 'run.alert', run: { id }, title, text, level, waitMs, alertIntegrationId };
      }),
    async flush() {
      // What is pending now, and no more: a loop may go on logging for ever.
      await Promise.all([...pending]);
    },
  });
}

/** Without readable options there is a run all the same; its events lack an entity, and are reported as that. */
function readOptions(
  options: RunOptions,
  host: RunHost,
  report: (cause: unknown) => void,
): Partial<RunOptions> & { readonly id: string } {
  try {
    // A long text would be spread into an object of its characters.
    if (!isPlainObject(options)) throw invalid(`Expected the options of a run, got ${describeValue(options)}`);
    return { ...options, id: options.id ?? host.nextId() };
  } catch (cause) {
    report(cause);
    return { id: host.nextId() };
  }
}

/** One value that is no number must not cost a training its other metrics. */
function numbersOf(metrics: unknown, report: (name: string, value: unknown) => void): Record<string, unknown> {
  if (typeof metrics !== 'object' || metrics === null) {
    throw invalid(`Expected metrics as an object, got ${describeValue(metrics)}`);
  }
  // The engine copies them.
  if (hasOnlyNumbers(metrics)) return metrics as Record<string, unknown>;
  const numbers: [string, unknown][] = [];
  for (const [name, value] of Object.entries(metrics)) {
    if (metricNumber(value) !== undefined) numbers.push([name, value]);
    else report(name, value);
  }
  return Object.fromEntries(numbers);
}

function hasOnlyNumbers(metrics: object): boolean {
  if (!isPlainObject(metrics)) return false;
  for (const name of Object.keys(metrics)) if (typeof metrics[name] !== 'number') return false;
  return true;
}

/** A step that is no number is no reason to lose the metrics either. */
function stepOf(
  options: { readonly step?: unknown } | undefined,
  report: (error: TocsinError) => void,
): number | undefined {
  const step = options?.step;
  if (step === undefined || Number.isFinite(step)) return step as number | undefined;
  report(invalid(`Expected a finite number at step, got ${describeValue(step)}`));
  return undefined;
}

function errorText(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return textOf(error).slice(0, errorCharacters);
}

const plainName = 'Error: ';

/** Looking at what was thrown may throw too. */
function isError(thrown: unknown): boolean {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

/** An ordinary error says nothing by its name; `TypeError` and the like do. */
function textOf(error: unknown): string {
  const text = describeThrown(error);
  return text.startsWith(plainName) && isError(error) ? text.slice(plainName.length) : text;
}

/** What was thrown may be anything, even something that throws when it is looked at. */
function toError(cause: unknown): TocsinError {
  try {
    if (TocsinError.is(cause)) return cause;
  } catch {}
  return invalid(`A call of a run failed: ${describeThrown(cause)}`, cause);
}

/** Which run it was, since a service may have many. */
function ofRun({ code, message, issues, cause }: TocsinError, id: string | undefined): TocsinError {
  const which = id === undefined ? 'A run' : `Run ${id}`;
  return new TocsinError({ code, message: `${which}: ${message}`, issues, cause });
}

function invalid(message: string, cause?: unknown): TocsinError {
  return new TocsinError({ code: 'invalid_event', message, cause });
}
