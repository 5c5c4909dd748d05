import type { Severity } from './definition/action.js';
import { isPlainObject } from './definition/copy-json.js';
import type { Limits } from './definition/limits.js';
import { describeValue, formatPath } from './definition/path.js';
import { TocsinError } from './errors.js';
import type { MetricValue } from './event/run-event.js';
import type { EmitResult } from './firing/emit-result.js';
import type { JsonObject } from './json.js';
import { readRunConfig } from './run-config.js';
import { callError, errorText, invalidCall, ofRun } from './run-faults.js';
import { numbersOf, stepOf } from './run-metrics.js';
import { createRunRefusals } from './run-refusals.js';

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
 * engine's `error` listeners and its logger; of what the storage refuses in a row, the first is told, and how many followed: when
 * something is committed again, at the end of the run, and by a `flush` before which no more was refused. Calls return at once and
 * take effect in their order. A loop that replays many steps must `await run.flush()` now and then: one that never awaits gives the
 * storage no time to answer.
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
  take(event: unknown): EmitResult | Promise<EmitResult>;
  report(error: TocsinError): void;
  nextId(): string;
  readonly limits: Limits;
}

/** Of how many metrics it is told that they are no numbers. */
const mostTold = 100;

/** Starts a run: says that it is running, and gives the handle. */
export function createRun(options: RunOptions, host: RunHost): Run {
  const { read, fault } = readOptions(options, host);
  const { id, name, user, tags, config, alertIntegrationId, entity, project, organization } = read;
  const place = organization === undefined ? { entity, project } : { entity, project, organization };
  const run = Object.freeze({ id });

  let isClosedReported = false;
  const report = (cause: unknown): void => {
    const error = callError(cause);
    if (error.code === 'engine_closed') {
      // A loop goes on logging after the engine has closed; once is enough to know.
      if (isClosedReported) return;
      isClosedReported = true;
    }
    host.report(ofRun(error, id));
  };

  /** Each metric once: what is no number at one step is none at the next either. */
  const told = new Set<string>();
  const reportMetric = (metric: string, value: unknown): void => {
    if (told.has(metric) || told.size === mostTold) return;
    told.add(metric);
    report(invalidCall(`Expected a number at ${formatPath(['metrics', metric])}, got ${describeValue(value)}`));
  };

  const refusals = createRunRefusals(report);
  const pending = new Set<Promise<unknown>>();
  const take = (event: object): void => {
    const taken = host.take(event);
    if (!(taken instanceof Promise)) return;
    const settled: Promise<unknown> = taken.then(refusals.passed, refusals.failed);
    pending.add(settled);
    void settled.finally(() => pending.delete(settled));
  };

  /** What is pending now, and no more: a loop may go on logging for ever. */
  const allTaken = async (): Promise<void> => {
    if (pending.size > 0) await Promise.all(pending);
  };

  /** Emits, and turns everything that can go wrong into a report. */
  const emit = (makeEvent: () => object): void => {
    try {
      take({ ...place, ...makeEvent() });
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
    void allTaken().then(refusals.ended);
  };

  if (fault !== undefined) host.report(fault);
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
      // Called at every step, so in one go: one object of one shape, and no function made for it.
      try {
        const numbers = numbersOf(metrics, reportMetric);
        const step = stepOf(logOptions, report);
        take({ type: 'run.metrics', organization, entity, project, run, step, metrics: numbers });
      } catch (error) {
        report(error);
      }
    },
    finish: () => end(() => ({ type: 'run.state', state: 'finished', run })),
    fail: (error) => end(() => ({ type: 'run.state', state: 'failed', run, error: errorText(error) })),
    alert: (alert) =>
      emit(() => {
        const { title, text, level, waitMs } = alert;
        return { type: 'run.alert', run, title, text, level, waitMs, alertIntegrationId };
      }),
    async flush() {
      await allTaken();
      refusals.flushed();
    },
  });
}

/** Options of a run as far as they can be read. */
interface ReadOptions {
  readonly read: Partial<RunOptions> & { readonly id: string };
  readonly fault?: TocsinError;
}

/** Without readable options there is a run all the same; its events lack an entity, and are reported as that. */
function readOptions(options: RunOptions, host: RunHost): ReadOptions {
  try {
    // A long text would be spread into an object of its characters.
    if (!isPlainObject(options)) throw invalidCall(`Expected the options of a run, got ${describeValue(options)}`);
    return { read: { ...options, id: options.id ?? host.nextId() } };
  } catch (cause) {
    return { read: { id: host.nextId() }, fault: ofRun(callError(cause), undefined) };
  }
}
