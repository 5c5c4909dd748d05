import { spawn } from 'node:child_process';
import { readLines } from '../torture/protocol.js';
import type { SkylineCommand, SkylineReport } from './skyline-protocol.js';
import type { ScriptedEvent } from './skyline-script.js';

/** A process with an engine. */
export interface SkylineProcess {
  /** Opens the engine. */
  open(options: Omit<Extract<SkylineCommand, { type: 'open' }>, 'type'>): Promise<void>;
  /** Puts its clock to be ahead by so many milliseconds. */
  setClock(offsetMs: number): void;
  /** Emits an event; resolves when it is answered, and with nothing when the process is gone before. */
  emit(event: ScriptedEvent): Promise<Extract<SkylineReport, { type: 'answered' }> | undefined>;
  /** Resolves when nothing waits to be delivered any more, or the process is gone. */
  drained(): Promise<void>;
  /** Lets the engine close. */
  close(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** What its logger was told, and what it wrote to its standard error. */
  readonly complaints: readonly string[];
}

/** Starts a process, which waits to be told what to do. */
export function startSkylineProcess(program: string): SkylineProcess {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  const waiting = new Map<string, (report: SkylineReport | undefined) => void>();
  let isGone = false;

  const hear = (report: SkylineReport): void => {
    if (report.type === 'told') complaints.push(report.message);
    const key = report.type === 'answered' ? report.id : report.type;
    waiting.get(key)?.(report);
    waiting.delete(key);
  };
  child.stdout.setEncoding('utf8').on('data', readLines<SkylineReport>(hear));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void complaints.push(chunk));
  // What is written to a process that has just been killed goes nowhere.
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      isGone = true;
      for (const answer of waiting.values()) answer(undefined);
      waiting.clear();
      resolve();
    });
  });

  const tell = (command: SkylineCommand): void => {
    if (!isGone) child.stdin.write(`${JSON.stringify(command)}\n`);
  };
  const ask = (command: SkylineCommand, key: string): Promise<SkylineReport | undefined> =>
    new Promise((resolve) => {
      if (isGone) return resolve(undefined);
      waiting.set(key, resolve);
      tell(command);
    });

  return {
    complaints,
    async open(options) {
      const answer = await ask({ type: 'open', ...options }, 'opened');
      if (answer === undefined) throw new Error(`The process has ended: ${complaints.join('\n')}`);
    },
    setClock: (offsetMs) => tell({ type: 'clock', offsetMs }),
    async emit(event) {
      const answer = await ask({ type: 'emit', event }, event.id);
      return answer?.type === 'answered' ? answer : undefined;
    },
    async drained() {
      await ask({ type: 'drain' }, 'drained');
    },
    async close() {
      tell({ type: 'close' });
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
