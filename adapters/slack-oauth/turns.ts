import { createHash } from 'node:crypto';
import { type Storage, TocsinError } from '../../src/index.js';
import type { OwnedSecret } from './pending.js';

/** How a place is connected: what is there is used, else it is made. */
interface Connecting<Place> {
  find(): Promise<Place | undefined>;
  make(): Promise<Place>;
}

/**
 * Lets those who connect places by one secret do it one after another, so that two clicks make one integration.
 *
 * @param secret - By which secret.
 * @param channel - Which channel; `undefined`: none yet.
 * @throws Whatever `find` and `make` throw, and the storage.
 */
export type Turns = <Place>(
  secret: OwnedSecret,
  channel: string | undefined,
  connecting: Connecting<Place>,
) => Promise<Place>;

/** For how long another process alone makes the integration of a place, in milliseconds; it can't be given back. */
const claimMs = 10_000;
/** How often, and after how many milliseconds, to look whether another process has made it. If it died, we do. */
const [looks, lookMs] = [10, 100];
/** For how long to wait for those before us in this process, in milliseconds: one whose storage hangs holds up nobody for ever. */
const mostWaitMs = 15_000;

/** Makes the turns of this process. Processes that share the storage heed each other's. */
export function createTurns(storage: Storage, now: () => number): Turns {
  const last = new Map<string, Promise<void>>();

  const claim = async (key: string): Promise<boolean> => {
    const nowMs = now();
    const { committed } = await storage.commit({
      require: [{ type: 'claim', key, nowMs, untilMs: nowMs + claimMs }],
      steps: [{ write: [] }],
    });
    return committed;
  };

  return async (secret, channel, { find, make }) => {
    const ofSecret = JSON.stringify([secret.name, secret.entity ?? null]);
    const place = JSON.stringify([secret.name, secret.entity ?? null, channel ?? null]);
    const key = `slack-oauth/connect/${createHash('sha256').update(place).digest('hex')}`;

    const connect = async () => {
      const found = await find();
      if (found !== undefined) return found;
      // Another process makes it just now, or did before somebody deleted it.
      for (let left = (await claim(key)) ? 0 : looks; left > 0; left -= 1) {
        await pause(lookMs);
        const made = await find();
        if (made !== undefined) return made;
      }
      return despiteChanges(async () => (await find()) ?? make());
    };

    const mine = atMost(mostWaitMs, last.get(ofSecret)).then(connect);
    const ended = mine.then(
      () => undefined,
      () => undefined,
    );
    last.set(ofSecret, ended);
    try {
      return await mine;
    } finally {
      if (last.get(ofSecret) === ended) last.delete(ofSecret);
    }
  };
}

/**
 * Tries twice more what found an integration changed in between.
 *
 * @throws Whatever the work throws.
 */
export async function despiteChanges<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let left = 2; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !TocsinError.is(error) || error.code !== 'revision_conflict') throw error;
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

async function atMost(milliseconds: number, waitedFor: Promise<void> | undefined): Promise<void> {
  if (waitedFor === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([waitedFor, tooLate]);
  clearTimeout(timer);
}
