import { createEngine, type Engine, type EngineOptions, type EngineWarning, type Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { openShared, type SharedData } from '../storage/shared-storage.js';

/** How often the engines of these tests write checkpoints, in milliseconds. */
export const checkpointMs = 5000;

/** A process with an engine. */
export interface Process {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly warnings: EngineWarning[];
  readonly errors: unknown[];
  /** Lets time pass, and everything happen that it sets off. */
  pass(ms: number): Promise<void>;
  /** Lets the time pass after which everything that has been emitted is in the storage. */
  checkpoint(): Promise<void>;
}

/** What outlives processes. */
export interface Host {
  /** The time on the wall, which goes on with the process whose clock is ahead. */
  readonly now: () => number;
  /** What the storage holds. */
  readonly kept: Storage;
  /** How many values were put under keys that start with this, and how many characters they have. */
  puts(prefix: string): { readonly count: number; readonly characters: number };
  /** How often the record of a run was read. */
  runReads(): number;
  /** Starts an engine on the storage. One that is started before and not closed is as good as killed when it is left alone. */
  start(options?: Partial<EngineOptions>): Promise<Process>;
}

/** A machine whose storage is durable. */
export function createHost({ shared = false, change = (storage: Storage) => storage } = {}): Host {
  const runtimes: ManualRuntime[] = [];
  const written: { readonly key: string; readonly characters: number }[] = [];
  const now = (): number => runtimes.reduce((latest, runtime) => Math.max(latest, runtime.now()), Date.UTC(2026, 0, 1));
  const memory = memoryStorage({ now });
  let runReads = 0;
  const kept: Storage = {
    ...memory,
    get(key) {
      if (key.startsWith('run/')) runReads += 1;
      return memory.get(key);
    },
    commit(commit) {
      for (const { write } of commit.steps) {
        for (const each of write) {
          if (each.type === 'put') written.push({ key: each.key, characters: JSON.stringify(each.value).length });
        }
      }
      return memory.commit(commit);
    },
  };
  const data: SharedData = { kept, queue: Promise.resolve() };
  const open = (): Storage =>
    change(shared ? openShared(data) : { ...kept, capabilities: { durable: true, shared: false } });

  return {
    now,
    kept,
    puts(prefix) {
      const found = written.filter(({ key }) => key.startsWith(prefix));
      return { count: found.length, characters: found.reduce((sum, { characters }) => sum + characters, 0) };
    },
    runReads: () => runReads,
    async start(options = {}) {
      const runtime = manualRuntime({ startMs: now(), seed: runtimes.length + 1 });
      runtimes.push(runtime);
      const storage = open();
      const engine = await createEngine({
        storage,
        runtime,
        windowCheckpointMs: checkpointMs,
        logger: { warn() {}, error() {} },
        ...options,
      });
      const warnings: EngineWarning[] = [];
      const errors: unknown[] = [];
      engine.on('warning', (warning) => warnings.push(warning));
      engine.on('error', (error) => errors.push(error));
      const pass = async (ms: number): Promise<void> => {
        await runtime.advance(ms);
        if (shared) for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      };
      return { engine, runtime, warnings, errors, pass, checkpoint: () => pass(checkpointMs) };
    },
  };
}

/** The keys that stand in the storage and start with this. */
export async function keysOf({ kept }: Host, prefix: string): Promise<readonly string[]> {
  return (await kept.listKeys({ prefix, limit: 100_000 })).keys;
}
