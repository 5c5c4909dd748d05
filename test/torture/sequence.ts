import type { TocsinEvent } from 'tocsin';
import { type Random, seededRandom } from '../../examples/demo/seeded-random.js';
import { type AutomationName, limitedMax, projectName, registryName, team } from './automations.js';

/** Something that rings a bounded number of times, however many events ask for it. */
export interface Bell {
  readonly automation: AutomationName;
  /** What its firings are counted for: an event, a collection, a run, a metric. */
  readonly subject: string;
  /** How often it may ring. */
  readonly max: number;
  /** Whether this event must ring it unless it has rung as often as it may, may ring it, or only belongs to it. */
  readonly grade: 'must' | 'may' | 'belongs';
}

/** One event of the sequence. */
export interface PlannedEvent {
  readonly nth: number;
  readonly event: TocsinEvent & { readonly id: string };
  readonly bells: readonly Bell[];
  /** Which process emits it; `all`: each of them, with the same id. */
  readonly emitter: number | 'all';
}

/** As many samples as the windows of `average` take. */
export const averageSamples = 5;

/** How long collections, metrics and runs are in use, in events. */
const stageLength = 160;

/**
 * The nth event of the sequence of a seed; always the same one.
 *
 * @param processes - How many share the work. With several a run's metrics are kept by one of them alone, so an event must
 * ring only what needs no windows.
 */
export function plannedEvent(seed: number, nth: number, processes: number): PlannedEvent {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(nth + 1, 0x85ebca6b));
  const kind = random();
  const emitter = random() < 0.3 ? 'all' : Math.floor(random() * processes);
  const stage = Math.floor(nth / stageLength);
  const id = `event-${nth}`;
  if (kind < 0.55) return { nth, emitter, ...aliasEvent(id, stage, kind / 0.55, random) };
  if (kind < 0.67) return { nth, emitter, ...anomalyEvent(id, stage, random) };
  const run = `run-${stage}-${Math.floor(random() * 2)}`;
  const isBad = nth % stageLength > stageLength / 3;
  const grade = processes === 1 ? 'must' : 'may';
  return { nth, emitter: 'all', ...metricsEvent(id, run, isBad, grade) };
}

type Rung = Pick<PlannedEvent, 'event' | 'bells'>;

function aliasEvent(id: string, stage: number, kind: number, random: Random): Rung {
  const collection = `collection-${stage}-${Math.floor(random() * 3)}`;
  const each = (automation: AutomationName): Bell => ({ automation, subject: id, max: 1, grade: 'must' });
  const [alias, bells] = ((): [string, Bell[]] => {
    if (kind < 0.35) return ['production', [each('production'), each('changed')]];
    if (kind < 0.65) return ['staging', [each('changed')]];
    if (kind < 0.85)
      return ['limited', [{ automation: 'limited', subject: collection, max: limitedMax, grade: 'must' }]];
    return ['released', [{ automation: 'released', subject: collection, max: 1, grade: 'must' }]];
  })();
  const artifact = { id, type: 'model', version: 'v1' };
  return {
    event: { type: 'artifact.alias-added', id, entity: team, registry: registryName, collection, artifact, alias },
    bells,
  };
}

function anomalyEvent(id: string, stage: number, random: Random): Rung {
  const metric = `server-${stage}-${Math.floor(random() * 2)}.cpu`;
  return {
    event: { type: 'anomaly.detected', id, entity: team, project: projectName, metric, value: 1, timestamp: 1 },
    bells: [{ automation: 'anomaly', subject: metric, max: 1, grade: 'must' }],
  };
}

/**
 * A run logs its metrics. After a crash an event is emitted again and sees the windows as they are then, so a good one, too,
 * can ring what a later one was to ring.
 *
 * @param lowGrade - What a bad event means to `low`, which looks at the last value alone.
 * @param averageGrade - What it means to `average`: a crash may have taken some of the samples.
 */
export function metricsEvent(
  id: string,
  run: string,
  isBad: boolean,
  lowGrade: Bell['grade'],
  averageGrade: Bell['grade'] = 'may',
): Rung {
  const metrics = isBad ? { accuracy: 0.1, loss: 1 } : { accuracy: 0.9, loss: 0 };
  return {
    event: { type: 'run.metrics', id, entity: team, project: projectName, run: { id: run }, metrics },
    bells: [
      { automation: 'low', subject: run, max: 1, grade: isBad ? lowGrade : 'belongs' },
      { automation: 'average', subject: run, max: 1, grade: isBad ? averageGrade : 'belongs' },
    ],
  };
}

/** The run whose metrics an event has. */
export function runOf({ bells }: PlannedEvent): string | undefined {
  return bells.find(({ automation }) => automation === 'average')?.subject;
}

/** Whether it is one that `low` matches. */
export function isBadEvent({ bells }: PlannedEvent): boolean {
  return bells.some(({ automation, grade }) => automation === 'average' && grade !== 'belongs');
}
