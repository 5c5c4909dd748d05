import type { Timer } from '../ports/runtime.js';
import type { StoredRecord } from '../ports/storage.js';
import type { DefinitionNews } from '../record/definition-news.js';
import type { DefinitionShelf } from '../record/definition-shelf.js';
import { refreshAll, refreshIds, type ShelfOptions } from './refresh-shelf.js';

/** What a {@link DefinitionRefresher} works with. */
export interface DefinitionRefresherOptions extends Omit<ShelfOptions, 'onUnreadable'> {
  readonly shelves: readonly DefinitionShelf[];
  /** How often to look, in milliseconds. */
  readonly refreshMs: number;
  /** Told of a storage that fails, once until it works again, and of a record that can't be read, once. */
  onError(error: unknown): void;
}

/** Brings in what other processes change of automations and integrations. */
export interface DefinitionRefresher {
  /** Looks again and again, until it is stopped. */
  start(): void;
  /**
   * Looks now. Where the storage is not shared there is nothing to look for.
   *
   * @returns Whether anything has come in since the call.
   * @throws `storage_unavailable`.
   */
  readonly catchUp: (() => Promise<boolean>) | undefined;
  /** Resolves when it has ended what it was doing. */
  stop(): Promise<void>;
}

/** Makes a refresher, which rests until it is started. */
export function createDefinitionRefresher(options: DefinitionRefresherOptions): DefinitionRefresher {
  if (!options.storage.capabilities.shared) return { start() {}, catchUp: undefined, stop: async () => {} };
  const { runtime, log, shelves, refreshMs, onError } = options;
  /** The revision of each record that can't be read. */
  const unreadable = new Map<string, number>();
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;
  let timesChanged = 0;
  let timer: Timer | undefined;
  let isFailing = false;
  let isStopped = false;

  const shelfOptions: ShelfOptions = {
    ...options,
    onUnreadable(error, { key, revision }: StoredRecord) {
      if (unreadable.get(key) === revision) return;
      unreadable.set(key, revision);
      onError(error);
    },
  };

  const refresh = async (): Promise<void> => {
    const news = await log.readNews();
    switch (news.type) {
      case 'none':
        return;
      case 'changes':
        for (const shelf of shelves) await refreshIds(shelf, idsOf(news, shelf), shelfOptions);
        break;
      case 'everything':
        for (const shelf of shelves) await refreshAll(shelf, shelfOptions);
        break;
      default:
        return news satisfies never;
    }
    log.caughtUp(news.upTo);
    timesChanged += 1;
  };

  /** Never two at once; who asks while one is under way gets the next one, since that one may have looked too early. */
  const refreshNext = (): Promise<void> => {
    next ??= running.then(() => {
      next = undefined;
      const now = refresh();
      running = now.catch(() => undefined);
      return now;
    });
    return next;
  };

  const catchUp = async (): Promise<boolean> => {
    // What was under way at the call may be what brings something in.
    const before = timesChanged;
    await refreshNext();
    return timesChanged !== before;
  };

  const look = async (): Promise<void> => {
    try {
      await refreshNext();
      isFailing = false;
    } catch (error) {
      if (!isFailing && !isStopped) onError(error);
      isFailing = true;
    }
    lookLater();
  };

  const lookLater = (): void => {
    if (!isStopped) timer = runtime.setTimer(() => void look(), refreshMs);
  };

  return {
    start: lookLater,
    catchUp,
    async stop() {
      isStopped = true;
      timer?.cancel();
      await next?.catch(() => undefined);
      await running;
    },
  };
}

/** Each id once: it is read as it is now, however often it was changed. */
function idsOf(news: Extract<DefinitionNews, { type: 'changes' }>, { type }: DefinitionShelf): readonly string[] {
  return [...new Set(news.changes.filter((change) => change.type === type).flatMap(({ ids }) => ids))];
}
