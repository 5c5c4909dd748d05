import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type SlackFault, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { onTestFinished } from 'vitest';
import { type SkylineProcess, startSkylineProcess } from './skyline-process.js';
import { channelNames, type Phase, type ScriptedEvent, skylineScopes, skylineToken } from './skyline-script.js';

/** When a process is killed. */
export type KillMoment =
  /** When so many of the phase's events have been answered. */
  | { readonly answered: number }
  /** While a request is on its way whose answer nobody will read. */
  | { readonly during: Pick<SlackFault, 'method' | 'channel'>; readonly commit: boolean };

/** A Skyline user's host: processes on one storage, and a workspace that outlives them. */
export interface SkylineHost {
  readonly workspace: SlackWorkspace;
  /** Puts all clocks to the beginning of a phase. */
  setClock(phase: Phase): void;
  /** Starts a process with an engine. The first one ever makes the definitions. */
  start(): Promise<SkylineProcess>;
  /** What went wrong in any process. */
  complaints(): readonly string[];
}

/** Makes a host; all that it has started is gone when the test ends. */
export async function createSkylineHost(program: string): Promise<SkylineHost> {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-skyline-'));
  const started: SkylineProcess[] = [];
  let offsetMs = 0;
  const workspace = await startSlackWorkspace({
    channels: channelNames.map((name) => ({ name })),
    tokens: [{ token: skylineToken, scopes: skylineScopes, botName: 'skyline' }],
    rateLimit: false,
    clock: () => Date.now() + offsetMs,
  });
  // One is loaded ahead: a crash must not cost the test a second.
  let spare = startSkylineProcess(program);
  onTestFinished(async () => {
    await Promise.all([...started, spare].map((each) => each.kill()));
    await workspace.close();
    await rm(path, { recursive: true, force: true });
  });

  return {
    workspace,
    setClock({ atMs }) {
      offsetMs = atMs - Date.now();
      for (const process of started) process.setClock(offsetMs);
    },
    async start() {
      const process = spare;
      spare = startSkylineProcess(program);
      const setsUp = started.length === 0;
      started.push(process);
      await process.open({ path, slackApiUrl: workspace.apiUrl, token: skylineToken, offsetMs, setsUp });
      return process;
    },
    complaints: () => started.flatMap(({ complaints }) => complaints),
  };
}

/**
 * Emits the events of all phases while processes are killed, one after the other; what a dead one did not answer is emitted again by
 * the next.
 *
 * @param kills - When, for each phase.
 */
export async function playAndKill(
  host: SkylineHost,
  phases: readonly Phase[],
  kills: readonly (readonly KillMoment[])[],
): Promise<void> {
  host.setClock(phases[0] as Phase);
  let process = await host.start();
  for (const [nth, phase] of phases.entries()) {
    host.setClock(phase);
    let left = phase.events;
    for (const moment of kills[nth] ?? []) {
      const unanswered = await emitUntil(host, process, left, moment);
      await process.kill();
      left = left.filter(({ id }) => unanswered.has(id));
      process = await host.start();
    }
    for (const event of left) void process.emit(event);
    await process.drained();
  }
  await process.close();
}

/** @returns The ids of the events that were not answered by then. */
async function emitUntil(
  { workspace }: SkylineHost,
  process: SkylineProcess,
  events: readonly ScriptedEvent[],
  moment: KillMoment,
): Promise<ReadonlySet<string>> {
  const unanswered = new Set(events.map(({ id }) => id));
  const held =
    'during' in moment ? workspace.fault({ type: 'slow-headers', commit: moment.commit, ...moment.during }) : undefined;
  for (const event of events) {
    void process.emit(event).then((answer) => answer !== undefined && unanswered.delete(event.id));
  }
  const isTime = (): boolean =>
    'answered' in moment ? events.length - unanswered.size >= moment.answered : held?.remaining === 0;
  while (!isTime()) await wait(1);
  return unanswered;
}
