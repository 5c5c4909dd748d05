import type { LaneEntry } from '../../ports/storage.js';
import { readEntry } from '../outbox.js';
import type { LaneUrge } from './back-off-of-others.js';
import { createHeadDoubt } from './doubt.js';
import { createLaneLease } from './lease.js';
import type { LaneOptions, LanePhase } from './options.js';
import { createLanePace } from './pace.js';
import { createLaneRest } from './rest.js';
import { createSendOn } from './send-on.js';
import { createStandAside } from './stand-aside.js';
import { createTakeHead } from './take-head.js';
import { createLaneWatch } from './watch.js';
import { createLaneWriter, writeOutcome } from './writer.js';

/** One destination's queue, worked on in order, one message at a time. */
export interface Lane {
  /** Says that entries may be there. */
  notify(): void;
  /** Takes up what an earlier process left. */
  takeUp(): void;
  /** Ends a rest early: what the lane waited for has changed. */
  wake(): void;
  /** Looks, also while it rests, for messages that have waited too long: their fallback has changed. */
  look(): void;
  /** Whether it is working now, not resting. */
  readonly busy: boolean;
  /** Stops after the present attempt, and gives the lease back. */
  stop(): Promise<void>;
}

/** How often to ask for a lane that another has. */
const heldRetryMs = 1000;

/** How long to wait when the storage can't be reached. */
const storageRetryMs = 1000;

/** Makes a lane at rest. */
export function createLane(options: LaneOptions): Lane {
  const { runtime, fallback, outage, work, onError, onRest } = options;
  const lease = createLaneLease(options);
  const doubt = createHeadDoubt(options.name, lease);
  /** It stops with an outcome that is nowhere written. */
  let isUnwritten = false;
  let working: Promise<void> | undefined;
  let phase: LanePhase = 'resting';
  let notified = false;
  let wakes = 0;
  let urge: LaneUrge = 'none';
  let stopped = false;
  const isStopped = (): boolean => stopped;

  const rest = createLaneRest(runtime, () => {
    notified = true;
    start();
  });
  const waitForPace = createLanePace({ ...options, pause: rest.pause, isStopped });
  const watch = createLaneWatch({
    ...options,
    fallbackDueMs: fallback.dueMs,
    onLagging: (oldest) => options.onLagging(oldest, phase),
    // Working, the lane holds its lease and knows its head. Resting, it has to look.
    onDue: () => (working === undefined ? look() : watch.tell()),
  });

  /** Not while a doubt is nowhere written: a lease that is not given back tells the next one to look before it sends. */
  const giveBack = async (): Promise<void> => {
    if (!isUnwritten && !doubt.isUnwritten) await lease.release();
  };

  const restFor = (delayMs: number): void => {
    if (!stopped) rest.restFor(delayMs);
  };

  /** The first entries, under a lease; none when there is nothing to do now. */
  const take = async (limit: number): Promise<readonly LaneEntry[]> => {
    notified = false;
    const taken = await lease.take(limit);
    switch (taken.type) {
      case 'head':
        if (!taken.isSeamless) outage.forget();
        watch.saw(taken.head, taken.isSeamless && !rest.isResting);
        return doubt.taken(taken);
      case 'held':
        options.onNothingToDo();
        watch.lostSight();
        // Whoever has it may be done long before it expires. A rest goes on: it is the destination's.
        if (rest.isResting) watch.callBackAt(runtime.now() + Math.max(taken.expiresInMs, heldRetryMs));
        else restFor(Math.min(taken.expiresInMs, heldRetryMs));
        return [];
      case 'empty':
        if (!notified) {
          fallback.forget();
          options.onNothingToDo();
          watch.saw(undefined, true);
        }
        return [];
      default:
        return taken satisfies never;
    }
  };

  const write = createLaneWriter({
    lease,
    pause: rest.pause,
    isStopped,
    onError,
    onLost: (headId) => {
      doubt.lost(headId);
      outage.forget();
    },
    onUnwritten: () => {
      isUnwritten = true;
    },
  });
  const sendOn = createSendOn({ runtime, fallback, take, write, onNextDue: watch.callBackAt, isStopped });
  const reactions = createStandAside({ name: options.name, runtime, outage, take, write });

  const workOn = async (head: LaneEntry): Promise<void> => {
    const wakesBefore = wakes;
    const { isReaction } = readEntry(head);
    const circumstances = { isKnown: !doubt.isAbout(head.id), urge };
    urge = 'none';
    const outcome = await work(head, circumstances);
    if (wakes !== wakesBefore) outage.forget();
    if (outcome.type === 'settled') {
      if (isReaction && outcome.isAnswered === true) reactions.forget();
      if (!(await writeOutcome(write, outcome, head.id))) return outcome.perhapsSettled?.();
      doubt.settled(head.id);
      watch.lostSight();
      return outcome.settled();
    }
    await writeOutcome(write, outcome, head.id);
    if (stopped || (outcome.type === 'rest' && outcome.delayMs === 0)) return;
    if (isReaction && outcome.type === 'rest') {
      if (wakes === wakesBefore) reactions.failed(outcome.delayMs);
      return;
    }
    await giveBack();
    // What it would wait for has changed while it was about to rest.
    if (wakes !== wakesBefore) return;
    if (outcome.type === 'parked') rest.park();
    else restFor(outcome.delayMs);
  };

  const takeHead = createTakeHead({
    runtime,
    fallback,
    reactions,
    rest,
    take,
    sendOn,
    giveBack,
    isStopped,
    hasNews: () => notified,
  });

  const run = async (): Promise<void> => {
    while (!stopped && !rest.isResting) {
      let head = await takeHead();
      phase = 'pacing';
      // Pacing can outlast the lease, and the head can be cancelled meanwhile.
      if (head !== undefined && !outage.leavesAlone(head, runtime.now()) && (await waitForPace()))
        head = await takeHead();
      phase = 'working';
      if (stopped) return;
      if (head !== undefined) await workOn(head);
      else if (!notified) return;
    }
  };

  const lookAfter = async (): Promise<void> => {
    // Also when it could not look: what was at the head waits on while the storage fails.
    await sendOn().finally(() => watch.tell());
    if (rest.isResting) await giveBack();
  };

  /** Works until there is nothing to do; a storage that fails is asked again. */
  const begin = (stage: () => Promise<void>, tryAgain: () => void): void => {
    let hasFailed = false;
    working = stage()
      .then(options.onWorked, (error) => {
        hasFailed = true;
        onError(error);
        tryAgain();
      })
      .then(() => {
        working = undefined;
        phase = 'resting';
        if (notified) start();
        if (working !== undefined) return;
        // What failed is tried again after a while: going on with what is due already would ask without pause.
        if (!hasFailed && rest.isResting && !stopped) watch.goOn();
        onRest();
      });
  };

  const start = (): void => {
    if (stopped || rest.isResting || working !== undefined) return;
    phase = 'working';
    begin(run, () => restFor(storageRetryMs));
  };

  const look = (): void => {
    // A lane that works looks by itself.
    if (stopped || !rest.isResting || working !== undefined) return;
    begin(lookAfter, () => watch.callBackAt(runtime.now() + storageRetryMs));
  };

  return {
    notify() {
      notified = true;
      rest.news();
      start();
      if (rest.isResting && !watch.isSet) watch.callBackAt(runtime.now() + Math.min(options.lagMs, fallback.afterMs));
    },
    takeUp() {
      urge = 'started';
      start();
    },
    wake() {
      wakes += 1;
      urge = 'woken';
      notified = true;
      fallback.forget();
      reactions.forget();
      outage.forget();
      rest.end();
      start();
    },
    look() {
      fallback.forget();
      look();
    },
    get busy() {
      return working !== undefined;
    },
    async stop() {
      stopped = true;
      rest.endPause();
      rest.end();
      watch.stop();
      await working;
      watch.stop();
      await giveBack();
    },
  };
}
