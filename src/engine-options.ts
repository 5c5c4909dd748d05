import { checkParts, refuseOptions } from './check-options.js';
import { deepest, type Limits } from './definition/limits.js';
import { describeValue } from './definition/path.js';
import type { Handlers } from './notify/handlers.js';
import type { Delivery } from './ports/delivery.js';
import type { Logger } from './ports/logger.js';
import type { Runtime } from './ports/runtime.js';
import type { Secrets } from './ports/secrets.js';
import type { Storage } from './ports/storage.js';

/**
 * What {@link createEngine} takes. Only `storage` is required. Every time and number must be above 0. Processes that share a storage
 * should be given the same ones.
 */
export interface EngineOptions {
  /** Where everything is kept: `memoryStorage()`, `fileStorage({ path })`, or one of your own. The engine closes it. */
  readonly storage: Storage;
  /** The adapters that carry notifications; integrations choose one by its name. @default none */
  readonly deliveries?: readonly Delivery[] | undefined;
  /** Turns the names of secrets into values. @default none: integrations that name one can't be used */
  readonly secrets?: Secrets | undefined;
  /**
   * The functions that automations can call, by name: `{ stopRun: fn, deploy: { handler: fn, entities: ['ml-platform'] } }`.
   *
   * @default none
   */
  readonly handlers?: Handlers | undefined;
  /** The clock, the timers and random numbers. @default the host's own */
  readonly runtime?: Runtime | undefined;
  /** Where errors and warnings go that nobody listens for. @default the console */
  readonly logger?: Logger | undefined;
  /** How large definitions and events may be. @default {@link defaultLimits} */
  readonly limits?: Partial<Limits> | undefined;
  /**
   * How long an emit may wait for the storage before it rejects with `storage_unavailable`, in milliseconds; on a storage that is
   * durable, whatever else is written or read too.
   *
   * @default 10000
   */
  readonly commitTimeoutMs?: number | undefined;
  /** How many emits may wait for the storage at once. @default 10000 */
  readonly maxQueuedCommits?: number | undefined;
  /**
   * How many runs are remembered at once; the largest entity's least recently used one goes first, with all it said of itself.
   * As many that have ended are remembered besides.
   *
   * @default 10000
   */
  readonly maxLiveRuns?: number | undefined;
  /**
   * How many numbers the windows of all runs may take, 8 bytes each (room for short windows is taken in pages of up to
   * 1,024 numbers, with the first value); the entity that takes most loses its least recently used run first.
   *
   * @default 20000000 (about 160 MB)
   */
  readonly maxWindowValues?: number | undefined;
  /**
   * How many last values of runs are kept for z-scores over projects; the entity that keeps most loses its oldest first.
   *
   * @default 200000 (about 30 MB)
   */
  readonly maxProjectValues?: number | undefined;
  /**
   * How often the windows of runs that have logged are written to a storage that is durable, in milliseconds: a crash loses at
   * most that much of them.
   *
   * @default 5000
   */
  readonly windowCheckpointMs?: number | undefined;
  /** After how long without an event a run's windows are dropped, in milliseconds. @default 86400000 (24 h) */
  readonly runIdleMs?: number | undefined;
  /**
   * How many event ids are remembered at least, those used last, of all entities together; up to twice as many are.
   *
   * @default 100000
   */
  readonly maxEventIds?: number | undefined;
  /** How long one attempt to deliver may take, in milliseconds. @default 30000 */
  readonly deliveryTimeoutMs?: number | undefined;
  /**
   * A notification is given up when it has waited so long, in milliseconds, and its destination has failed for as long without a
   * break. What another process on the same storage should carry out is left to it for as long. @default 86400000 (24 h)
   */
  readonly giveUpAfterMs?: number | undefined;
  /**
   * After how long a message that waits is told of, with 'delivery-lagging', in milliseconds.
   *
   * @default 120000 (2 min)
   */
  readonly lagMs?: number | undefined;
  /**
   * After how long a message that waits goes to its integration's fallback, if it has one, in milliseconds.
   *
   * @default 600000 (10 min)
   */
  readonly fallbackAfterMs?: number | undefined;
  /**
   * How often to look for automations and integrations that another process on the same storage has changed, in milliseconds.
   *
   * @default 1000
   */
  readonly refreshMs?: number | undefined;
  /** For how long counts of skips are gathered before they are written, in milliseconds. @default 1000 */
  readonly skipFlushMs?: number | undefined;
  /**
   * How long `close()` waits for attempts that are on their way, and for each other part that has to end, in milliseconds. Emits that
   * are on their way have `commitTimeoutMs` besides, and a secret that is just being read, or refreshed, `deliveryTimeoutMs`.
   *
   * @default 5000
   */
  readonly closeTimeoutMs?: number | undefined;
  /** For how long executions are kept, in milliseconds; what is pending stays. @default 2592000000 (30 days) */
  readonly executionRetentionMs?: number | undefined;
  /**
   * How many executions are kept, the newest, and as many threads; what is pending stays. With `executionRetentionMs` and this
   * infinite nothing is ever deleted.
   *
   * @default 100000
   */
  readonly maxExecutions?: number | undefined;
  /**
   * How often executions are deleted that are too old or too many, in milliseconds; the first time a minute after the start, on a
   * storage that is shared 2 seconds, if that is sooner. @default 3600000 (1 h)
   */
  readonly retentionIntervalMs?: number | undefined;
}

const dayMs = 86_400_000;

/** The times and numbers where the host gives none. */
const defaults = {
  commitTimeoutMs: 10_000,
  maxQueuedCommits: 10_000,
  maxLiveRuns: 10_000,
  maxWindowValues: 20_000_000,
  maxProjectValues: 200_000,
  windowCheckpointMs: 5000,
  runIdleMs: dayMs,
  maxEventIds: 100_000,
  deliveryTimeoutMs: 30_000,
  giveUpAfterMs: dayMs,
  lagMs: 120_000,
  fallbackAfterMs: 600_000,
  refreshMs: 1000,
  skipFlushMs: 1000,
  closeTimeoutMs: 5000,
  executionRetentionMs: 30 * dayMs,
  maxExecutions: 100_000,
  retentionIntervalMs: 3_600_000,
};

/** The times and numbers of an engine. */
export type EngineSettings = Readonly<typeof defaults>;

/** What a storage has to know as an instant: so it must have an end. */
const finite: readonly string[] = ['deliveryTimeoutMs', 'windowCheckpointMs'] satisfies (keyof EngineSettings)[];

/**
 * Checks the options, and fills in the times and numbers that are left out.
 *
 * @throws `invalid_options` naming the option.
 */
export function readSettings(options: EngineOptions): EngineSettings {
  checkParts(options, Object.keys(defaults));
  for (const [name, limit] of Object.entries(options.limits ?? {})) checkLimit(name, limit ?? 1);
  const entries = Object.entries(defaults).map(([name, fallback]) => {
    return [name, aboveZero(name, options[name as keyof EngineSettings] ?? fallback)] as const;
  });
  return Object.freeze(Object.fromEntries(entries) as EngineSettings);
}

function checkLimit(name: string, limit: unknown): void {
  const most = name.endsWith('Depth') ? deepest : Number.MAX_SAFE_INTEGER;
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit > 0 && limit <= most) return;
  const range = most === deepest ? `from 1 to ${deepest}` : 'above 0';
  refuseOptions(`Expected a whole number ${range} at limits.${name}, got ${describeValue(limit)}`);
}

function aboveZero(name: string, value: unknown): number {
  const hasEnd = finite.includes(name);
  if (typeof value === 'number' && value > 0 && (!hasEnd || Number.isFinite(value))) return value;
  return refuseOptions(`Expected a ${hasEnd ? 'finite ' : ''}number above 0 at ${name}, got ${describeValue(value)}`);
}
