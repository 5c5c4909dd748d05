import { setTimeout as wait } from 'node:timers/promises';
import type { Storage } from '../../src/index.js';
import type { StorageContractOptions } from './options.js';

/** One promise of the storage port, as a test that any runner can run. */
export interface ContractCase {
  /** What is promised, as a sentence; no two cases have the same. */
  readonly name: string;
  /** Opens a storage, checks the promise, and closes it. Rejects when the promise is not kept. */
  run(): Promise<void>;
}

/** What a {@link Scenario} works with. */
interface Scene {
  /** A storage that is empty. */
  readonly storage: Storage;
  /** How long a lease lasts whose end is waited for, in milliseconds. */
  readonly leaseMs: number;
  /** Lets the storage's clock go on, by at least so many milliseconds. */
  pass(ms: number): Promise<void>;
  /** Closes a storage and opens it again on the same data. */
  reopen(storage: Storage): Promise<Storage>;
  /** Opens a second storage on the same data. */
  second(): Promise<Storage>;
  close(storage: Storage): Promise<void>;
}

/** A case before it is told which storage to check. */
export interface Scenario {
  readonly name: string;
  /** It can only be run when the options have this. */
  readonly needs?: 'advance' | 'reopen' | 'second';
  run(scene: Scene): Promise<void>;
}

/** A lease that does not end while a case runs, in milliseconds. */
export const longLeaseMs = 600_000;

/** Timers may fire a little early by the storage's clock. */
const waitSlackMs = 25;

/** Makes the case that plays a scenario on a storage of its own. */
export function toCase(theme: string, scenario: Scenario, options: StorageContractOptions): ContractCase {
  return {
    name: `${theme}: ${scenario.name}`,
    async run() {
      const storage = await options.open();
      const open = new Set([storage]);
      try {
        await scenario.run(createScene(storage, open, options));
      } finally {
        await Promise.allSettled([...open].map((opened) => opened.close()));
      }
    },
  };
}

function createScene(storage: Storage, open: Set<Storage>, options: StorageContractOptions): Scene {
  const { advance, reopen, second } = options;
  return {
    storage,
    leaseMs: options.leaseMs ?? (advance === undefined ? 1000 : 30_000),
    async pass(ms) {
      if (advance === undefined) await wait(ms + waitSlackMs);
      else await options.advance?.(ms);
    },
    async reopen(closing) {
      if (reopen === undefined) throw new Error('The options have no reopen');
      open.delete(closing);
      const reopened = await reopen.call(options, closing);
      open.add(reopened);
      return reopened;
    },
    async second() {
      if (second === undefined) throw new Error('The options have no second');
      const opened = await second.call(options, storage);
      open.add(opened);
      return opened;
    },
    async close(closing) {
      open.delete(closing);
      await closing.close();
    },
  };
}
