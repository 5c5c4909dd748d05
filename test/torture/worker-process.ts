import { spawn } from 'node:child_process';
import { type Command, type Report, readLines } from './protocol.js';

/** How a process ended. */
export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to its standard error. */
  readonly errors: string;
}

/** One process of the torture. */
export interface WorkerProcess {
  send(command: Command): void;
  /** Called with each report; one that came before is kept until there is somebody to listen. */
  listen(listener: (report: Report) => void): void;
  /** SIGKILL. */
  kill(): void;
  /** Resolves when it is gone and all it reported has been read. */
  readonly ended: Promise<WorkerEnd>;
}

/** Starts a process, which loads the program and waits. */
function startWorker(program: string): WorkerProcess {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  let listener: ((report: Report) => void) | undefined;
  const unheard: Report[] = [];

  child.stdout.setEncoding('utf8').on(
    'data',
    readLines<Report>((report) => {
      if (listener === undefined) unheard.push(report);
      else listener(report);
    }),
  );
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  // What is written to a process that has just been killed goes nowhere.
  child.stdin.on('error', () => {});

  const ended = new Promise<WorkerEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, errors }));
  });
  // Whoever needs it awaits it; until then it must not pass as unhandled.
  ended.catch(() => {});

  return {
    send(command) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
    },
    listen(wanted) {
      listener = wanted;
      for (const report of unheard.splice(0)) wanted(report);
    },
    kill() {
      child.kill('SIGKILL');
    },
    ended,
  };
}

/** Starts processes ahead, so that one is ready when another has been killed. */
export interface WorkerPool {
  take(): WorkerProcess;
  /** Ends those that were not needed. */
  close(): Promise<void>;
}

/**
 * Makes a pool.
 *
 * @param program - The path of what the processes run.
 * @param size - How many are ready.
 */
export function createWorkerPool(program: string, size: number): WorkerPool {
  const ready = Array.from({ length: size }, () => startWorker(program));
  return {
    take() {
      ready.push(startWorker(program));
      return ready.shift() ?? startWorker(program);
    },
    async close() {
      for (const worker of ready) worker.kill();
      await Promise.all(ready.map(({ ended }) => ended));
    },
  };
}
