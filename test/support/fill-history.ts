import type { Execution, ExecutionStatus, Storage } from 'tocsin';
import { monotonicFactory } from 'ulid';
import { putExecution } from '../../src/record/execution-writes.js';

/** What a long history is made of. */
export interface HistoryPlan {
  readonly executions: number;
  /** When the first and the last were made, in epoch milliseconds. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How many executions one commit writes. */
const perCommit = 500;

/** How many commits are on their way at once. */
const commitsAtOnce = 8;

/** The automations of most executions, and one that fires rarely. */
export const oftenId = 'automation-7';
export const rareId = 'automation-rare';
const automations = 50;
const rareEvery = 10_000;

/** How many executions are pending among the others: one in so many. */
export const pendingEvery = 5000;

/** Writes a long history as the engine would: mostly delivered, some skipped, failed or cancelled, a few pending. */
export async function fillHistory(storage: Storage, { executions, fromMs, untilMs }: HistoryPlan): Promise<void> {
  const nextId = monotonicFactory();
  const stepMs = (untilMs - fromMs) / executions;
  const going = new Set<Promise<unknown>>();
  for (let first = 0; first < executions; first += perCommit) {
    const write = Array.from({ length: Math.min(perCommit, executions - first) }, (_, index) => {
      const atMs = Math.trunc(fromMs + (first + index) * stepMs);
      return putExecution(executionOf(first + index, nextId(atMs), atMs));
    }).flat();
    const commit: Promise<unknown> = storage.commit({ steps: [{ write }] }).finally(() => going.delete(commit));
    going.add(commit);
    if (going.size >= commitsAtOnce) await Promise.race(going);
  }
  await Promise.all(going);
}

function statusOf(index: number): ExecutionStatus {
  if (index % pendingEvery === 17) return 'pending';
  if (index % 10 === 3) return 'skipped';
  if (index % 20 === 9) return 'failed';
  return index % 100 === 50 ? 'cancelled' : 'finished';
}

/** About as large as what an alert on a metric leaves. */
function executionOf(index: number, id: string, atMs: number): Execution {
  const status = statusOf(index);
  const run = `run-${index % 977}`;
  return {
    id,
    automationId: index % rareEvery === 4321 ? rareId : `automation-${Math.trunc(index / 20) % automations}`,
    automationName: 'low-accuracy',
    automationRevision: 1,
    status,
    ...(status === 'skipped' ? { reason: 'cooldown' as const } : {}),
    count: 1,
    createdAt: atMs,
    updatedAt: atMs + 300,
    entity: 'my-team',
    event: {
      type: 'run.metrics',
      at: atMs,
      entity: 'my-team',
      project: 'my-project',
      run: { id: run, name: `brave-${run}`, tags: ['baseline', 'v2'] },
      step: index,
      metrics: { accuracy: 0.8 + (index % 100) / 1000, loss: 1 / (index + 1), lr: 0.0003, epoch: index % 90 },
    },
    conditions: {
      all: [{ fact: 'metric:avg:5:accuracy', operator: 'metricIsBelow', value: 0.9, factResult: 0.85, result: true }],
    },
    action: {
      type: 'notification',
      integrationId: 'integration-1',
      title: 'Low accuracy',
      message: '',
      severity: 'WARN',
    },
    message: {
      title: 'Low accuracy',
      text: `accuracy of ${run} is below 0.9`,
      severity: 'WARN',
      fields: [
        { name: 'Project', value: 'my-team/my-project' },
        { name: 'Run', value: run },
        { name: 'Step', value: String(index) },
      ],
      links: [],
      automationName: 'low-accuracy',
      atMs,
    },
    attempts: status === 'finished' ? [{ at: atMs + 100, durationMs: 200, outcome: 'delivered', status: 200 }] : [],
    ...(status === 'finished'
      ? { receipt: { channelId: 'C024BE91L', channelName: '#ml-alerts', messageId: `${atMs / 1000}`, status: 200 } }
      : {}),
  };
}
