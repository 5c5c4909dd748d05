import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../examples/demo/seeded-random.js';
import { keptAfterMs } from './judge-windows.js';
import type { Place } from './place.js';
import type { World } from './world.js';

/** A moment in the life of a process, and for how long to wait from then on. */
export interface KillMoment {
  /**
   * `opening`: since it began to open its engine; `working`: since it has; `sent`, `answered`: since an emit was sent or
   * answered; `posted`: since Slack got its request; `still`: since all events were answered, and no more came; `closing`: since it was told to close;
   * `closed`: never, it may close in peace.
   */
  readonly type: keyof typeof delaysMs;
  readonly delayMs: number;
}

/** How long to wait at each, in milliseconds: from, to. */
const delaysMs = {
  opening: [0, 200],
  working: [0, 600],
  sent: [0, 4],
  answered: [0, 4],
  posted: [0, 8],
  // So long that a checkpoint has all samples, and the next process must go on with them.
  still: [keptAfterMs + 100, keptAfterMs + 400],
  closing: [0, 100],
  closed: [0, 0],
} as const;

/** How often each comes, of twenty. */
const shares = { opening: 3, working: 4, sent: 2, answered: 2, posted: 5, still: 2, closing: 1, closed: 1 } as const;

const types = Object.entries(shares).flatMap(([type, share]) =>
  Array<KillMoment['type']>(share).fill(type as KillMoment['type']),
);

/** Draws a moment. Often there is no delay at all: what was just begun is then never finished. */
export function drawKillMoment(random: Random): KillMoment {
  const type = types[Math.floor(random() * types.length)] ?? 'working';
  const [from, to] = delaysMs[type];
  const isAtOnce = random() < 0.4;
  const delayMs = from + random() * (to - from);
  return { type, delayMs: isAtOnce ? from : delayMs };
}

/** For how long to wait for a moment that may not come, in milliseconds. */
const boundMs = 2000;

/** How long a request takes, in milliseconds; one that has come already is not waited for. */
const requestBoundMs = 30;

/** How long a process may take to close, in milliseconds. */
const closeBoundMs = 10_000;

/** Waits for a moment and kills the process of a place; one that may close, or is quick to, ends by itself. */
export async function killAt(
  { type, delayMs }: KillMoment,
  place: Place,
  { signals, hold }: Pick<World, 'signals' | 'hold'>,
): Promise<void> {
  const killAtOnce = (): void => {
    if (delayMs === 0) place.kill();
  };
  if (type !== 'opening') await place.opened();
  switch (type) {
    case 'opening':
    case 'working':
      break;
    case 'sent':
    case 'answered':
      await signals.once(type, place.number, boundMs, killAtOnce);
      break;
    case 'posted':
      // Slack can't tell whose request it got, so it is the next one.
      await signals.once('delivering', place.number, boundMs, () => {});
      await signals.once('posted', place.number, requestBoundMs, killAtOnce);
      break;
    case 'still':
      hold(true);
      for (let waitedMs = 0; place.waiting > 0 && waitedMs < boundMs; waitedMs += 20) await pause(20);
      break;
    case 'closing':
      place.close();
      break;
    case 'closed':
      place.close();
      await Promise.race([place.ended(), pause(closeBoundMs)]);
      break;
    default:
      return type satisfies never;
  }
  if (delayMs > 0) await pause(delayMs);
  place.kill();
  if (type === 'still') hold(false);
}
