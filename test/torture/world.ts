import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { bundleProgram } from '../support/bundle-program.js';
import { channels } from './automations.js';
import { createEmitLog, type EmitLog } from './emit-log.js';
import { createPlace, type Place } from './place.js';
import type { Report } from './protocol.js';
import { createRecoveryClock, type RecoveryClock } from './recovery-clock.js';
import { plannedEvent } from './sequence.js';
import { createSignals, type Signals } from './signals.js';
import { createWorkerPool } from './worker-process.js';

/** What a {@link World} is made of. */
export interface WorldOptions {
  /** How many processes share the work. */
  readonly processes: number;
  readonly seed: number;
  /** Whether Slack is looked at before anything is sent again. */
  readonly lookUp: boolean;
}

/** A workspace that lives on, a storage, and the places of the processes that use both. */
export interface World {
  readonly workspace: SlackWorkspace;
  /** The storage's folder. */
  readonly path: string;
  readonly places: readonly Place[];
  readonly log: EmitLog;
  readonly signals: Signals;
  readonly recovery: RecoveryClock;
  /** What must not have happened, in words. */
  readonly wrong: string[];
  readonly counts: { processes: number; crashes: number; planned: number };
  /** Holds the next events back, or goes on with them. Each hold is ended once. */
  hold(isHeld: boolean): void;
  /** Whether all that an answer told of has arrived. */
  isDelivered(): boolean;
  /** Whether so many processes ended by themselves that it is enough to know. */
  readonly isBroken: boolean;
  /** Kills what is left, and deletes the storage. */
  end(): Promise<void>;
}

/** So many messages may wait to arrive, and events for a process, before the next event is planned. */
const mostUndelivered = 60;
const mostWaiting = 40;

const mostCrashes = 5;

/** Makes a world whose processes get the events of a sequence as soon as they are started. */
export async function createWorld({ processes, seed, lookUp }: WorldOptions): Promise<World> {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-torture-'));
  const signals = createSignals();
  const recovery = createRecoveryClock();
  const workspace = await startSlackWorkspace({
    channels: channels.map((name) => ({ name })),
    rateLimit: false,
    // Read whenever a request comes in: nothing else tells of one while it is on its way.
    clock: () => {
      recovery.requested();
      signals.tell('posted');
      return Date.now();
    },
  });
  const program = bundleProgram('test/torture/worker.ts');
  const pool = createWorkerPool(program.path, processes + 1);
  const log = createEmitLog();
  const wrong: string[] = [];
  const counts = { processes: 0, crashes: 0, planned: 0 };
  let holds = 0;

  const isDelivered = (): boolean => [...log.executionIds].every((id) => workspace.ledger.count(id) > 0);

  const isRoom = (): boolean =>
    log.executionIds.size - workspace.ledger.count() < mostUndelivered &&
    places.every(({ waiting }) => waiting < mostWaiting);

  const plan = (): void => {
    while (holds === 0 && isRoom()) {
      const planned = plannedEvent(seed, counts.planned, processes);
      counts.planned += 1;
      const emitters = planned.emitter === 'all' ? places : [places[planned.emitter]];
      for (const place of emitters) place?.give(log.plan(planned, place.number));
    }
  };

  const onReport = (report: Report, place: Place): void => {
    if (report.type === 'answered' || report.type === 'delivering') signals.tell(report.type, place.number);
    // With several processes another one may go on at once.
    if (report.type === 'opened') recovery.opened(report.tookMs, processes === 1 && !isDelivered());
    if (report.type === 'refused') wrong.push(`event ${report.nth} was refused: ${report.code}`);
    if (report.type === 'told' && !isExpected(report)) wrong.push(`${report.level} ${report.code}: ${report.message}`);
    plan();
  };

  const places = Array.from({ length: processes }, (_, number) =>
    createPlace({
      number,
      pool,
      log,
      open: { path, lookUp, slackApiUrl: workspace.apiUrl, token: workspace.token },
      nextProcess: () => {
        counts.processes += 1;
        return counts.processes;
      },
      onReport,
      onSent: (place) => signals.tell('sent', place.number),
      onCrash({ exitCode, signal, errors }, place) {
        wrong.push(`a process ended by itself (${exitCode ?? signal}): ${errors.trim()}`);
        counts.crashes += 1;
        if (counts.crashes < mostCrashes) place.start();
      },
    }),
  );

  return {
    workspace,
    path,
    places,
    log,
    signals,
    recovery,
    wrong,
    counts,
    hold(isHeld) {
      holds += isHeld ? 1 : -1;
      plan();
    },
    isDelivered,
    get isBroken() {
      return counts.crashes >= mostCrashes;
    },
    async end() {
      for (const place of places) place.kill();
      await pool.close();
      program.remove();
      await workspace.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Of several processes only one keeps the windows of a run; the others say so. */
function isExpected({ code }: Extract<Report, { type: 'told' }>): boolean {
  return code === 'run_owned_elsewhere';
}
