import type { Draft } from './draft.js';
import { damaged } from './kept.js';
import { behindAll, joiner, nothing, sortableNumber } from './tables.js';

/** After how many claims those that have ended are swept. */
const sweepEvery = 1000;

/** Reads until when a claim was taken, in epoch milliseconds. */
export function claimedUntil(draft: Pick<Draft, 'get'>, key: string): number | undefined {
  const text = draft.get('claims', key);
  return text === undefined ? undefined : (parseEnd(text) ?? damaged('claims', key));
}

function parseEnd(text: string): number | undefined {
  const untilMs = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(untilMs) ? undefined : untilMs;
}

/** Takes a claim, whoever had it. */
export function takeClaim(draft: Draft, key: string, nowMs: number, untilMs: number): void {
  const before = claimedUntil(draft, key);
  if (before !== undefined) draft.remove('claimEnds', endKey(before, key));
  draft.put('claims', key, String(untilMs));
  draft.put('claimEnds', endKey(untilMs, key), nothing);
  draft.tookClaims(1, nowMs);
}

/**
 * Forgets a few of the claims that have ended by the clock of those who took claims, so that there is never a long pause.
 *
 * @param takenSinceSweep - How many claims were taken since a sweep came to its end, before this draft.
 * @returns How many were taken since a sweep came to its end.
 */
export function sweepClaims(draft: Draft, takenSinceSweep: number): number {
  const taken = takenSinceSweep + draft.claimsTaken;
  if (draft.claimsTaken === 0 || taken < sweepEvery) return taken;
  const nowMs = draft.claimsTakenAtMs;
  // More than are taken, so that it comes to an end.
  const limit = 2 * draft.claimsTaken + 8;
  const ended = draft.keys('claimEnds', { prefix: '', end: `${sortableNumber(nowMs)}${behindAll}`, limit });
  for (const end of ended) {
    const key = end.slice(end.indexOf(joiner) + 1);
    // What is kept in an order is bounded and whole: the claim itself says exactly, unless it is damaged.
    if ((parseEnd(draft.get('claims', key) ?? '') ?? nowMs) > nowMs) continue;
    draft.remove('claimEnds', end);
    draft.remove('claims', key);
  }
  return ended.length < limit ? 0 : taken;
}

function endKey(untilMs: number, key: string): string {
  return `${sortableNumber(untilMs)}${joiner}${key}`;
}
