import { TocsinError } from '../errors.js';
import type { Runtime, Timer } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { processLane, processLanes } from '../record/keys.js';

/**
 * Says that this process is alive, and whether another is.
 *
 * Each process holds the lease of a lane of its own. So the storage's clock decides, and what it knows of processes that have
 * died.
 */
export interface Presence {
  /** Makes this process known, and keeps it so. */
  enter(): Promise<void>;
  /** Whether a process has ended, or has died, or has been silent for too long. */
  isGone(process: string): Promise<boolean>;
  /** Takes away what processes have left that died before they had written anything. */
  clear(): Promise<void>;
  /** Says that this process ends. */
  leave(): Promise<void>;
}

/** What {@link createPresence} works with. */
export interface PresenceOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** An id of this process. */
  readonly holder: string;
  /** Told of a storage that fails, once until it works again. */
  onError(error: unknown): void;
}

/** For how long a process counts as alive after it said so, in milliseconds. */
const leaseMs = 30_000;

/** How often it says so, in milliseconds. */
const renewEveryMs = 10_000;

/** How soon it is tried again when another looks at the lane at this moment, in milliseconds. */
const tryAgainMs = 1000;

/** For how long an answer is taken for true, in milliseconds. */
const answerHoldsMs = 1000;

/** How often it is tried to become known, and after how long again, in milliseconds. */
const mostTries = 100;
const enterAgainMs = 20;

const entryId = 'process';

/** Makes the presence of a process that is not known yet. */
export function createPresence({ storage, runtime, holder, onError }: PresenceOptions): Presence {
  const own = processLane(holder);
  const answers = new Map<string, { readonly isGone: boolean; readonly untilMs: number }>();
  let token = 0;
  let timer: Timer | undefined;
  let hasLeft = false;
  let isFailing = false;

  const lease = () => storage.leaseLane({ lane: own, holder, leaseMs, limit: 1 });

  /** Takes the lease, or takes it anew after it was lost. */
  const take = async (): Promise<boolean> => {
    let leased = await lease();
    if (leased.type === 'empty') {
      await storage.commit({ steps: [{ write: [{ type: 'append', lane: own, id: entryId, value: {} }] }] });
      leased = await lease();
    }
    if (leased.type === 'leased') token = leased.token;
    return leased.type === 'leased';
  };

  const renew = async (): Promise<void> => {
    let isTaken = false;
    try {
      isTaken = await take();
      isFailing = false;
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
    }
    if (!hasLeft) timer = runtime.setTimer(() => void renew(), isTaken ? renewEveryMs : tryAgainMs);
  };

  const askLane = async (lane: string): Promise<boolean> => {
    const answer = await storage.leaseLane({ lane, holder, leaseMs: tryAgainMs, limit: 1 });
    if (answer.type !== 'leased') return answer.type === 'empty';
    const require = [{ type: 'lease', lane, token: answer.token } as const];
    await storage.commit({ require, steps: [{ write: [{ type: 'remove', lane, id: entryId }] }] });
    await storage.releaseLane({ lane, token: answer.token });
    return true;
  };

  return {
    async enter() {
      // Somebody who clears up may hold the lane for a moment, or have taken what was appended before it was leased.
      for (let tries = 1; !(await take()); tries += 1) {
        if (tries === mostTries) throw notEntered();
        await new Promise<void>((resolve) => runtime.setTimer(resolve, enterAgainMs, { isAwaited: true }));
      }
      timer = runtime.setTimer(() => void renew(), renewEveryMs);
    },
    async isGone(process) {
      if (process === holder) return false;
      const nowMs = runtime.now();
      const known = answers.get(process);
      if (known !== undefined && nowMs < known.untilMs) return known.isGone;
      const isGone = await askLane(processLane(process));
      answers.set(process, { isGone, untilMs: nowMs + answerHoldsMs });
      return isGone;
    },
    async clear() {
      for (const lane of await listProcessLanes(storage)) if (lane !== own) await askLane(lane);
    },
    async leave() {
      hasLeft = true;
      timer?.cancel();
      await storage.commit({ steps: [{ write: [{ type: 'remove', lane: own, id: entryId }] }] });
      await storage.releaseLane({ lane: own, token });
    },
  };
}

function notEntered(): TocsinError {
  const message = 'This process could not make itself known to the others that use the storage';
  return new TocsinError({ code: 'storage_unavailable', message });
}

/** The lanes of all processes that have not said that they ended. */
async function listProcessLanes(storage: Storage): Promise<string[]> {
  const found: string[] = [];
  let after = processLanes;
  for (;;) {
    const page = await storage.lanes({ after, limit: 100 });
    found.push(...page.filter((lane) => lane.startsWith(processLanes)));
    after = page.at(-1) ?? '';
    if (!after.startsWith(processLanes)) return found;
  }
}
