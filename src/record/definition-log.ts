import { TocsinError } from '../errors.js';
import type { Commit, CommitResult, Precondition, Storage } from '../ports/storage.js';
import { changeCounterKey, type DefinitionChange, noteChange } from './definition-change.js';
import { type DefinitionNews, readNews } from './definition-news.js';

/** Brings a change of definitions to the storage, and notes there what it changes. */
export type CommitChange = (commit: Commit, change: DefinitionChange) => Promise<CommitResult>;

/**
 * What processes that share a storage tell each other of their automations and integrations: every commit that changes
 * some is numbered, and notes which.
 *
 * For a storage that is not shared it writes nothing, and reads nothing.
 */
export interface DefinitionLog {
  /**
   * Does something that must not run at the same time as a change of this process. Where the storage is shared, one goes after
   * the other.
   */
  inTurn<Result>(work: (commit: CommitChange) => Promise<Result>): Promise<Result>;
  /** What has been changed since this process caught up last, its own changes left out where that is easy. */
  readNews(): Promise<DefinitionNews>;
  /** Says that this process knows every change up to this one. */
  caughtUp(upTo: number): void;
}

/** How often a change is tried that others always forestall. */
const mostTries = 100;

/** Opens the log at its end; so whatever is read from now on has every change before it. */
export async function openDefinitionLog(storage: Storage): Promise<DefinitionLog> {
  return storage.capabilities.shared ? createSharedLog(storage, await readCounter(storage)) : createSilentLog(storage);
}

function createSilentLog(storage: Storage): DefinitionLog {
  const commit: CommitChange = (change) => storage.commit(change);
  return {
    inTurn: (work) => work(commit),
    readNews: async () => ({ type: 'none' }),
    caughtUp() {},
  };
}

/** @param count - How many changes there were before anything was read. */
function createSharedLog(storage: Storage, count: number): DefinitionLog {
  /** How many changes there are, as far as this process knows. */
  let latest = count;
  /** The last one of which this process knows what it changed. */
  let known = count;
  let tail: Promise<unknown> = Promise.resolve();

  const commitChange: CommitChange = async ({ require = [], steps }, change) => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const number = latest + 1;
      const result = await storage.commit({
        // The counter last: what stands before it is what the caller wants to hear of.
        require: [...require, { type: 'revision', key: changeCounterKey, revision: latest }],
        steps: [...steps, { write: noteChange({ number, change }) }],
      });
      if (result.committed) {
        if (known === latest) known = number;
        latest = number;
        return result;
      }
      if (!isCounter(result.conflict)) return result;
      latest = await readCounter(storage);
    }
    throw new TocsinError({ code: 'revision_conflict', message: 'Other processes came first again and again' });
  };

  return {
    inTurn(work) {
      const turn = tail.then(() => work(commitChange));
      tail = turn.catch(() => undefined);
      return turn;
    },
    async readNews() {
      const before = known;
      const now = await readCounter(storage);
      latest = Math.max(latest, now);
      return now > before ? readNews(storage, before, now) : { type: 'none' };
    },
    caughtUp(upTo) {
      known = Math.max(known, upTo);
    },
  };
}

async function readCounter(storage: Storage): Promise<number> {
  return (await storage.get(changeCounterKey))?.revision ?? 0;
}

function isCounter(conflict: Precondition): boolean {
  return conflict.type === 'revision' && conflict.key === changeCounterKey;
}
