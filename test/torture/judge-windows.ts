import type { Life, LoggedAnswer, LoggedEmit } from './emit-log.js';
import type { Evidence } from './judge.js';
import { averageSamples, isBadEvent, runOf } from './sequence.js';

/**
 * A crash loses at most what was sampled since the last checkpoint, which is due every 200 ms; what is older than this must be
 * there, however slow the machine.
 */
export const keptAfterMs = 2500;

/**
 * What a run's metrics must have come to, or can't have. A run is good, then bad, so `low` must match every bad event, and
 * `average` each that has enough bad ones before it which no crash can have taken. Ids of events are kept with the samples.
 *
 * With several processes nothing is said: one of them keeps the windows, and which one changes.
 */
export function windowFaults({ emits, lives }: Pick<Evidence, 'emits' | 'lives'>): string[] {
  if (emits.some(({ place }) => place !== 0)) return [];
  const runs = new Map<string, LoggedEmit[]>();
  for (const emit of emits) {
    const run = runOf(emit.planned);
    if (run === undefined) continue;
    const known = runs.get(run);
    if (known === undefined) runs.set(run, [emit]);
    else known.push(emit);
  }
  const inRuns = [...runs].flatMap(([run, own]) =>
    [...missed(own, lives), ...tooEarly(own)].map((fault) => `${run}: ${fault}`),
  );
  return [...inRuns, ...forgotten(emits, lives)];
}

function missed(emits: readonly LoggedEmit[], lives: ReadonlyMap<number, Life>): string[] {
  const faults: string[] = [];
  /** When each bad sample since the last good one was answered. */
  let bad: number[] = [];
  let process = 0;
  for (const { planned, answers } of inOrder(emits)) {
    const [answer] = answers;
    if (answer === undefined || answer.duplicate) continue;
    if (answer.process !== process) {
      const lost = lostSince(process, answer.process, lives);
      bad = bad.filter((atMs) => atMs < lost);
      process = answer.process;
    }
    if (!isBadEvent(planned)) {
      bad = [];
      continue;
    }
    bad.push(answer.atMs);
    if (!matches(answer, 'low')) faults.push(`${planned.event.id} does not match low`);
    if (bad.length < averageSamples || matches(answer, 'average')) continue;
    faults.push(`${planned.event.id} does not match average, though ${bad.length} bad samples must be kept`);
  }
  return faults;
}

/** Since when samples can have been lost by the end of one of the processes from one to another. */
function lostSince(from: number, to: number, lives: ReadonlyMap<number, Life>): number {
  const ends = [...lives].filter(([process]) => process >= from && process < to).map(([, life]) => life);
  return Math.min(...ends.map(({ endedAtMs, isKilled }) => (isKilled ? endedAtMs - keptAfterMs : endedAtMs)));
}

/** A sample that counts twice would make `average` match before there have been enough of them. */
function tooEarly(emits: readonly LoggedEmit[]): string[] {
  const sentAtMs = emits.filter(({ planned }) => isBadEvent(planned)).map((emit) => emit.sentAtMs);
  return emits.flatMap(({ planned, answers }) =>
    answers.flatMap((answer) => {
      const bad = sentAtMs.filter((atMs) => atMs < answer.atMs).length;
      if (bad >= averageSamples || !matches(answer, 'average')) return [];
      return [`${planned.event.id} matches average after ${bad} bad samples`];
    }),
  );
}

/** An event whose id the last checkpoint must have is a duplicate when it is emitted again. */
function forgotten(emits: readonly LoggedEmit[], lives: ReadonlyMap<number, Life>): string[] {
  return emits.flatMap(({ planned, answers }) =>
    answers.slice(1).flatMap((again, index) => {
      const before = answers[index];
      if (before === undefined || again.duplicate) return [];
      if (before.atMs >= lostSince(before.process, again.process, lives)) return [];
      return [`${planned.event.id} was emitted again, and was no duplicate`];
    }),
  );
}

/** As the samples were taken: each process gets its events in the order of the sequence. */
function inOrder(emits: readonly LoggedEmit[]): LoggedEmit[] {
  const processOf = ({ answers }: LoggedEmit): number => answers[0]?.process ?? 0;
  return [...emits].sort((one, other) => processOf(one) - processOf(other) || one.planned.nth - other.planned.nth);
}

function matches({ fired, skipped }: LoggedAnswer, automation: string): boolean {
  return [...fired, ...skipped].some((match) => match.automation === automation);
}
