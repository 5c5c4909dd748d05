import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A process that shares a folder. */
export interface StorageProcess {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: readonly Record<string, unknown>[];
  /** Resolves when it has said so many things. */
  hasSaid(count: number): Promise<void>;
  /** Resolves when it has ended, and all that it said is there. */
  readonly ended: Promise<void>;
}

const programs = fileURLToPath(new URL('../programs/', import.meta.url));
const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const tsx = pathToFileURL(fileURLToPath(import.meta.resolve('tsx'))).href;

/** Starts a process on a folder. */
export function startOn(path: string, name: string, task: 'count' | 'hold' | 'pump', times = 1): StorageProcess {
  return start('share-file-storage.ts', [path, name, task, String(times)]);
}

/** Starts a process that opens a folder. */
export function startOpening(path: string, task: 'reopen' | 'opening' | 'writing', lastsMs = 0): StorageProcess {
  return start('open-file-storage.ts', [path, task, String(lastsMs)]);
}

function start(program: string, args: readonly string[]): StorageProcess {
  const child = spawn(process.execPath, ['--import', tsx, `${programs}${program}`, ...args], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    // A line may be cut off by a kill.
    if (line.endsWith('}')) said.push(JSON.parse(line));
    for (const listener of listeners) listener();
  });
  return {
    child,
    said,
    hasSaid(count) {
      const reached = new Promise<void>((resolve) => {
        const look = (): void => {
          if (said.length >= count) resolve();
        };
        listeners.add(look);
        look();
      });
      const early = ended.then(() => {
        if (said.length < count) throw new Error(`The process ended after ${said.length} lines`);
      });
      return Promise.race([reached, early]);
    },
    ended,
  };
}
