import type { SlackArrival } from 'tocsin/testing';
import type { Evidence } from './judge.js';

/** Where and when an execution was committed, as far as it was told. */
interface Origin {
  readonly process: number;
  /** It was committed after this instant and before the other. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/**
 * What arrived in another order than it was committed. Of one process's executions the ids tell the order; of those of
 * different processes only what was answered before another was emitted.
 */
export function disorders(evidence: Pick<Evidence, 'emits' | 'arrivals'>): string[] {
  const origins = originsOf(evidence);
  const places = new Set(evidence.emits.map(({ place }) => place)).size;
  return [...firstArrivals(evidence.arrivals)].flatMap(([channel, ids]) => {
    const known = ids.flatMap((id) => {
      const origin = origins.get(id);
      return origin === undefined ? [] : [{ id, ...origin }];
    });
    // Processes that came one after the other are as one.
    const ordered = places === 1 ? ids.map((id) => ({ id, process: 0 })) : known;
    return [...byProcess(ordered), ...byTime(known)].map((fault) => `#${channel}: ${fault}`);
  });
}

type Known = readonly (Origin & { readonly id: string })[];

function byProcess(ordered: readonly { readonly id: string; readonly process: number }[]): string[] {
  const last = new Map<number, string>();
  return ordered.flatMap(({ id, process }) => {
    const before = last.get(process) ?? '';
    last.set(process, id);
    return before > id ? [`${id} arrived after ${before}`] : [];
  });
}

function byTime(known: Known): string[] {
  let latest: { readonly id: string; readonly sentAtMs: number } | undefined;
  return known.flatMap((one) => {
    const before = latest;
    if (before === undefined || one.sentAtMs > before.sentAtMs) latest = one;
    if (before === undefined || one.answeredAtMs >= before.sentAtMs) return [];
    return [`${one.id} arrived after ${before.id}, which was emitted when it had been committed`];
  });
}

function originsOf({ emits }: Pick<Evidence, 'emits'>): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const { sentAtMs, answers } of emits) {
    for (const { fired, process, atMs } of answers) {
      for (const { executionId } of fired) origins.set(executionId, { process, sentAtMs, answeredAtMs: atMs });
    }
  }
  return origins;
}

/** Each channel's deliveries in the order in which they arrived first. */
function firstArrivals(arrivals: readonly SlackArrival[]): Map<string, string[]> {
  const channels = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { channelName, deliveryId } of arrivals) {
    if (deliveryId === undefined || seen.has(deliveryId)) continue;
    seen.add(deliveryId);
    const ids = channels.get(channelName);
    if (ids === undefined) channels.set(channelName, [deliveryId]);
    else ids.push(deliveryId);
  }
  return channels;
}
