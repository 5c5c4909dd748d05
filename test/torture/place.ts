import type { EmitLog, LoggedEmit } from './emit-log.js';
import type { OpenOptions, Report } from './protocol.js';
import type { WorkerEnd, WorkerPool, WorkerProcess } from './worker-process.js';

/** What a {@link Place} works with. */
export interface PlaceOptions {
  readonly number: number;
  readonly pool: WorkerPool;
  readonly log: EmitLog;
  readonly open: Omit<OpenOptions, 'setsUp'>;
  /** Counts all processes. */
  nextProcess(): number;
  /** Called with whatever a process reports, when it has been taken note of. */
  onReport(report: Report, place: Place): void;
  /** Called when an emit is sent. */
  onSent(place: Place): void;
  /** Called when a process is gone that nobody killed or told to close. */
  onCrash(end: WorkerEnd, place: Place): void;
}

/** Where one process after the other works: each goes on with what the one before it did not answer. */
export interface Place {
  readonly number: number;
  /** Opens an engine in a new process. */
  start(setsUp?: boolean): void;
  /** Resolves when the process has opened its engine, or is gone. */
  opened(): Promise<void>;
  /** Takes an emit, which is answered sooner or later. */
  give(emit: LoggedEmit): void;
  /** How many emits have no answer. */
  readonly waiting: number;
  /** Tells the process to close; no emit is sent to it any more. */
  close(): void;
  /** SIGKILL, at once. */
  kill(): void;
  /** Resolves when the process is gone; what it did not answer then waits for the next one. */
  ended(): Promise<WorkerEnd>;
}

/** How many emits may be with a process at once. */
const mostInFlight = 8;

/** How many of the answered emits are sent once more to the next process, as a host does that is not sure. */
const repeated = 6;

/** How often an emit is tried that the engine refuses. */
const mostSends = 50;

/** Makes a place without a process. */
export function createPlace(options: PlaceOptions): Place {
  const { pool, log } = options;
  let worker: WorkerProcess | undefined;
  let processNumber = 0;
  let takesEmits = false;
  /** When it was first told to go, one way or the other. */
  let doomedAtMs: number | undefined;
  let markOpened = (): void => {};
  let opened: Promise<void> = Promise.resolve();
  let ended: Promise<WorkerEnd> | undefined;
  let queue: LoggedEmit[] = [];
  let answered: LoggedEmit[] = [];
  const inFlight = new Map<number, LoggedEmit>();

  const pump = (): void => {
    while (takesEmits && inFlight.size < mostInFlight) {
      const emit = queue.shift();
      if (emit === undefined) return;
      const { nth, event } = emit.planned;
      inFlight.set(nth, emit);
      emit.sends += 1;
      emit.sentAtMs = Math.min(emit.sentAtMs, performance.now());
      worker?.send({ type: 'emit', nth, event });
      options.onSent(place);
    }
  };

  const takeNote = (report: Report): void => {
    if (report.type === 'opened') {
      takesEmits = true;
      markOpened();
    }
    if (report.type !== 'answered' && report.type !== 'refused') return;
    const emit = inFlight.get(report.nth);
    inFlight.delete(report.nth);
    if (emit === undefined) return;
    if (report.type === 'answered') {
      const { fired, skipped, duplicate } = report;
      log.answered(emit, { fired, skipped, duplicate, atMs: performance.now(), process: processNumber });
      answered = [...answered, emit].slice(-repeated);
    } else if (emit.sends < mostSends) queue.unshift(emit);
  };

  const hear = (report: Report): void => {
    takeNote(report);
    options.onReport(report, place);
    pump();
  };

  const end = async (present: WorkerProcess): Promise<WorkerEnd> => {
    const how = await present.ended;
    log.ended(processNumber, { endedAtMs: doomedAtMs ?? performance.now(), isKilled: how.exitCode !== 0 });
    worker = undefined;
    takesEmits = false;
    markOpened();
    // In the order of the events, as the host would emit them again.
    const again = new Set([...answered, ...inFlight.values(), ...queue]);
    queue = [...again].sort((one, other) => one.planned.nth - other.planned.nth);
    answered = [];
    inFlight.clear();
    if (doomedAtMs === undefined) options.onCrash(how, place);
    return how;
  };

  const place: Place = {
    number: options.number,
    start(setsUp = false) {
      worker = pool.take();
      processNumber = options.nextProcess();
      doomedAtMs = undefined;
      opened = new Promise((resolve) => {
        markOpened = resolve;
      });
      ended = end(worker);
      worker.listen(hear);
      worker.send({ type: 'open', ...options.open, setsUp });
    },
    opened: () => opened,
    give(emit) {
      queue.push(emit);
      pump();
    },
    get waiting() {
      return queue.length + inFlight.size;
    },
    close() {
      takesEmits = false;
      doomedAtMs = performance.now();
      worker?.send({ type: 'close' });
    },
    kill() {
      doomedAtMs ??= performance.now();
      worker?.kill();
    },
    async ended() {
      if (ended === undefined) throw new Error('No process has been started');
      return ended;
    },
  };
  return place;
}
