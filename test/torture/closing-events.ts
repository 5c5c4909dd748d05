import { setTimeout as pause } from 'node:timers/promises';
import type { EmitLog, LoggedEmit } from './emit-log.js';
import type { Place } from './place.js';
import { averageSamples, isBadEvent, metricsEvent, runOf } from './sequence.js';

/** With several processes a run may have to go to another owner first, in milliseconds. */
const boundMs = 15_000;

/**
 * Lets each run that has been bad log more of the same, until both of its automations have rung or are held by their cooldown:
 * a crash may lose samples, but not for good.
 *
 * @param firstNth - The number of the first event.
 */
export async function emitClosingEvents(log: EmitLog, places: readonly Place[], firstNth: number): Promise<void> {
  const startedMs = performance.now();
  let nth = firstNth;
  let silent = badRuns(log.emits);
  while (silent.length > 0 && performance.now() - startedMs < boundMs) {
    const emits: LoggedEmit[] = [];
    for (const run of silent) {
      for (let sample = 1; sample <= averageSamples; sample += 1) {
        const id = `closing-${nth}`;
        // With the last one the windows are full of bad values, whatever was in them.
        const grade = sample === averageSamples ? 'must' : 'may';
        const planned = { nth, emitter: 'all', ...metricsEvent(id, run, true, grade, grade) } as const;
        nth += 1;
        for (const place of places) {
          const emit = log.plan(planned, place.number);
          emits.push(emit);
          place.give(emit);
        }
      }
    }
    const isAnswered = (): boolean => emits.every(({ answers }) => answers.length > 0);
    while (!isAnswered() && performance.now() - startedMs < boundMs) await pause(20);
    silent = silent.filter((run) => !hasRung(emits, run));
    if (silent.length > 0) await pause(200);
  }
}

function badRuns(emits: readonly LoggedEmit[]): string[] {
  const runs = emits.flatMap(({ planned }) => (isBadEvent(planned) ? (runOf(planned) ?? []) : []));
  return [...new Set(runs)];
}

function hasRung(emits: readonly LoggedEmit[], run: string): boolean {
  const rung = new Set(
    emits
      .filter(({ planned }) => runOf(planned) === run)
      .flatMap(({ answers }) => answers.flatMap(({ fired, skipped }) => [...fired, ...skipped]))
      .map(({ automation }) => automation),
  );
  return rung.has('low') && rung.has('average');
}
