import type { Execution } from 'tocsin';
import type { SlackArrival } from 'tocsin/testing';
import { type AutomationName, channelOf } from './automations.js';
import type { Life, LoggedEmit } from './emit-log.js';
import { disorders } from './judge-order.js';
import { windowFaults } from './judge-windows.js';

/** All there is to judge by, after everything has come to rest. */
export interface Evidence {
  readonly emits: readonly LoggedEmit[];
  /** The processes, by their numbers. */
  readonly lives: ReadonlyMap<number, Life>;
  /** Everything in the history. */
  readonly executions: readonly Execution[];
  /** Everything that arrived in the workspace, in order. */
  readonly arrivals: readonly SlackArrival[];
  /** Whether Slack was looked at before anything was sent again. */
  readonly lookUp: boolean;
}

/** What the torture brought to light, each fault in words. */
export interface Verdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Sent twice after an outcome that was ambiguous, because nobody was to look. */
  readonly excused: readonly string[];
  /** Anything else that must not be. */
  readonly wrong: readonly string[];
}

/** Compares what rang with what a naive reading of the emitted events says must have. */
export function judge(evidence: Evidence): Verdict {
  const fired = evidence.executions.filter(({ status }) => status !== 'skipped');
  const parts = [judgeBells(evidence, fired), judgeAnswers(evidence, fired), judgeArrivals(evidence, fired)];
  return {
    lost: parts.flatMap(({ lost = [] }) => lost),
    doubled: parts.flatMap(({ doubled = [] }) => doubled),
    excused: parts.flatMap(({ excused = [] }) => excused),
    wrong: [...parts.flatMap(({ wrong = [] }) => wrong), ...disorders(evidence), ...windowFaults(evidence)],
  };
}

interface Tally {
  max: number;
  must: number;
  may: number;
  rung: number;
}

/** Each bell has rung as often as its events asked for, and never oftener than it may. */
function judgeBells({ emits }: Evidence, fired: readonly Execution[]): Partial<Verdict> {
  const tallies = new Map<string, Tally>();
  const bellOf = new Map<string, string>();
  for (const { planned } of new Map(emits.map((emit) => [emit.planned.nth, emit])).values()) {
    for (const { automation, subject, max, grade } of planned.bells) {
      const bell = `${automation} for ${subject}`;
      const tally = tallies.get(bell) ?? { max, must: 0, may: 0, rung: 0 };
      if (grade !== 'belongs') tally[grade] += 1;
      tallies.set(bell, tally);
      bellOf.set(`${automation} ${planned.event.id}`, bell);
    }
  }
  const wrong: string[] = [];
  for (const { id, automationName, event } of fired) {
    const tally = tallies.get(bellOf.get(`${automationName} ${event['id']}`) ?? '');
    if (tally === undefined) wrong.push(`execution ${id} of ${automationName}: nothing rings it at ${event['id']}`);
    else tally.rung += 1;
  }
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const [bell, { max, must, may, rung }] of tallies) {
    const least = Math.min(max, must);
    const most = Math.min(max, must + may);
    for (let missing = rung; missing < least; missing += 1) lost.push(`${bell} rang ${rung} times, not ${least}`);
    for (let surplus = rung; surplus > most; surplus -= 1) doubled.push(`${bell} rang ${rung} times, not ${most}`);
  }
  return { lost, doubled, wrong };
}

/** What an emit was answered is in the history, and all of the history is done with. */
function judgeAnswers({ emits }: Evidence, fired: readonly Execution[]): Partial<Verdict> {
  const ids = new Set(fired.map(({ id }) => id));
  const told = emits.flatMap(({ answers }) => answers.flatMap(({ fired }) => fired));
  const unknown = told.filter(({ executionId }) => !ids.has(executionId));
  const undone = fired.filter(({ status }) => status !== 'finished');
  return {
    lost: [
      ...unknown.map(
        ({ automation, executionId }) => `execution ${executionId} of ${automation} is not in the history`,
      ),
      ...undone.map(({ id, status, reason }) => `execution ${id} is ${status} (${reason ?? 'no reason'})`),
    ],
  };
}

/** What is in the history has arrived once, in its channel, and nothing else has. */
function judgeArrivals({ arrivals, lookUp }: Evidence, fired: readonly Execution[]): Partial<Verdict> {
  const byId = new Map<string, SlackArrival[]>();
  for (const arrival of arrivals) {
    const id = arrival.deliveryId ?? '';
    const own = byId.get(id);
    if (own === undefined) byId.set(id, [arrival]);
    else own.push(arrival);
  }
  const lost: string[] = [];
  const doubled: string[] = [];
  const excused: string[] = [];
  const wrong: string[] = [];
  for (const execution of fired) {
    const { id, automationName } = execution;
    const own = byId.get(id) ?? [];
    byId.delete(id);
    if (own.length === 0) lost.push(`execution ${id} of ${automationName} did not arrive`);
    for (const again of own.slice(1)) {
      const isExcused = !lookUp && execution.receipt?.note?.includes('may be a duplicate') === true;
      (isExcused ? excused : doubled).push(`execution ${id} of ${automationName} arrived again at ${again.ts}`);
    }
    const elsewhere = own.find(({ channelName }) => channelName !== channelOf[automationName as AutomationName]);
    if (elsewhere !== undefined)
      wrong.push(`execution ${id} of ${automationName} arrived in #${elsewhere.channelName}`);
  }
  for (const [id, own] of byId) wrong.push(`delivery ${id} arrived ${own.length} times, but is not in the history`);
  return { lost, doubled, excused, wrong };
}
