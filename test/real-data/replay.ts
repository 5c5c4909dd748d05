import { doNothing, type FilterExpression, onRunMetric, onRunState, project } from 'tocsin';
import { onTestFinished } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import type { Moment, Question } from './plain-answers.js';
import type { Row } from './series.js';

/** A filter, and what it asks, in plain words of code. */
export interface Watch {
  readonly name: string;
  readonly on: 'run.metrics' | 'run.state';
  readonly filter: FilterExpression;
  /** A step that logs none of them does not ask. */
  readonly metrics: readonly string[];
  readonly holds: Question;
}

/** What happens in a replay: a run logs a step, or has finished. */
export type Happening = { readonly run: string } & (Row | { readonly finished: true });

/** By the name of a watch: where it rang, in order, as `run@step`. */
export type Rings = Readonly<Record<string, readonly string[]>>;

const labelOf = (happening: Happening): string =>
  `${happening.run}@${'finished' in happening ? 'end' : happening.step}`;

/** Runs that log in turn, a step each, and then finish. */
export function inTurn(runs: Readonly<Record<string, readonly Row[]>>): Happening[] {
  const longest = Math.max(...Object.values(runs).map((rows) => rows.length));
  const happenings: Happening[] = [];
  for (let index = 0; index < longest; index += 1) {
    for (const [run, rows] of Object.entries(runs)) {
      const row = rows[index];
      if (row !== undefined) happenings.push({ run, ...row });
    }
  }
  return [...happenings, ...Object.keys(runs).map((run) => ({ run, finished: true }) as const)];
}

/** Where each watch holds, by asking it anew at every step of every run. */
export function plainRings(watches: readonly Watch[], happenings: readonly Happening[]): Rings {
  const rings: Record<string, string[]> = Object.fromEntries(watches.map(({ name }) => [name, []]));
  const runs = new Map<string, Record<string, number[]>>();
  const lastValues: Record<string, (readonly [run: string, value: number])[]> = {};
  for (const happening of happenings) {
    const logged = runs.get(happening.run) ?? {};
    runs.set(happening.run, logged);
    const metrics = 'finished' in happening ? {} : happening.metrics;
    const others: Record<string, readonly number[]> = {};
    for (const [metric, value] of Object.entries(metrics)) {
      logged[metric] = logged[metric] ?? [];
      logged[metric].push(value);
      const rest = (lastValues[metric] ?? []).filter(([run]) => run !== happening.run);
      others[metric] = rest.map(([, last]) => last);
      lastValues[metric] = [...rest, [happening.run, value]];
    }
    const moment: Moment = { logged, others };
    for (const { name, on, metrics: asked, holds } of watches) {
      const isAsked = 'finished' in happening ? on === 'run.state' : asked.some((metric) => metric in metrics);
      if (isAsked && (on === 'run.state') === 'finished' in happening && holds(moment) === true) {
        rings[name]?.push(labelOf(happening));
      }
    }
  }
  return rings;
}

/** What an engine did: every match of an automation without a cooldown, and of one with the default cooldown. */
export interface EngineRings {
  readonly everyTime: Rings;
  readonly once: Rings;
  /** What the default cooldown kept silent. */
  readonly silenced: Rings;
}

/** Where an engine rings, with two automations for each watch. */
export async function engineRings(watches: readonly Watch[], happenings: readonly Happening[]): Promise<EngineRings> {
  const { engine } = await openEngine();
  onTestFinished(() => engine.close());
  const scope = project('my-team', 'my-project');
  const empty = (): Record<string, string[]> => Object.fromEntries(watches.map(({ name }) => [name, []]));
  const rings = { everyTime: empty(), once: empty(), silenced: empty() };
  const kinds = new Map<string, { readonly kind: 'everyTime' | 'once'; readonly name: string }>();
  for (const { name, on, filter } of watches) {
    const event = on === 'run.metrics' ? onRunMetric({ scope, filter }) : onRunState({ scope, filter });
    for (const kind of ['everyTime', 'once'] as const) {
      const policy = kind === 'everyTime' ? { policy: { cooldown: 0 } } : {};
      const definition = { name: `${name}, ${kind}`, event, action: doNothing(), ...policy };
      const { automation } = await engine.automations.create(definition);
      kinds.set(automation.id, { kind, name });
    }
  }

  const emit = async (happening: Happening): Promise<void> => {
    const event =
      'finished' in happening
        ? stateEvent('finished', {}, happening.run)
        : metricsEvent(happening.metrics, { step: happening.step }, happening.run);
    const { fired, skipped } = await engine.emit(event);
    for (const { automationId } of fired) {
      const { kind, name } = kinds.get(automationId) ?? { kind: 'once', name: '' };
      rings[kind][name]?.push(labelOf(happening));
    }
    for (const { automationId, reason } of skipped) {
      if (reason === 'cooldown') rings.silenced[kinds.get(automationId)?.name ?? '']?.push(labelOf(happening));
    }
  };
  // Many at a time, as a host that does not wait for each: what an emit sees is fixed at the call.
  for (let start = 0; start < happenings.length; start += 200) {
    await Promise.all(happenings.slice(start, start + 200).map(emit));
  }
  return rings;
}
