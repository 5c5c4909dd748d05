import { createHash } from 'node:crypto';

/** What was learnt of a token, kept for a while: so that not every message costs a call to learn it again. */
export interface Memory<Value> {
  /**
   * Reads what was learnt.
   *
   * @param token - The token; only its hash is kept.
   * @param name - Of what it was learnt.
   * @returns What was learnt, or `undefined` when nothing was, or too long ago.
   */
  get(token: string, name: string): Value | undefined;
  /** Remembers what was learnt. */
  set(token: string, name: string, value: Value): void;
  /** Forgets it. */
  delete(token: string, name: string): void;
}

/** How long and how much {@link createMemory} remembers. */
export interface MemoryLimits {
  /** In milliseconds. */
  readonly forMs: number;
  /** The one that was learnt longest ago goes first. */
  readonly maxEntries: number;
}

/**
 * Makes a memory.
 *
 * @param limits - How long and how much.
 * @param now - A clock in milliseconds that never goes back.
 */
export function createMemory<Value>(
  { forMs, maxEntries }: MemoryLimits,
  now: () => number = () => performance.now(),
): Memory<Value> {
  const entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();
  return {
    get(token, name) {
      const entry = entries.get(keyOf(token, name));
      return entry === undefined || now() >= entry.untilMs ? undefined : entry.value;
    },
    set(token, name, value) {
      const key = keyOf(token, name);
      entries.delete(key);
      entries.set(key, { value, untilMs: now() + forMs });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
    delete(token, name) {
      entries.delete(keyOf(token, name));
    },
  };
}

function keyOf(token: string, name: string): string {
  return createHash('sha256').update(token).update('\0').update(name).digest('base64');
}
