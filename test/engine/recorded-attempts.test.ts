import { DeliveryError, type Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { executionAfter, givenUp, leftOut, parked } from '../../src/notify/lane/follow-up.js';
import type { Execution } from '../../src/record/execution.js';
import { minuteMs, openWaitingLane, secondMs } from './waiting-lane.js';

describe('an attempt whose record is written, though nobody hears of that', () => {
  test.each([
    ['stays pending', 60 * minuteMs, 'unavailable', 'pending', 2],
    ['is given up', 1, 'unavailable', 'failed', 1],
    ['is refused', 60 * minuteMs, 'message', 'failed', 2],
  ] as const)('stands in its history once, when its execution %s', async (_, giveUpAfterMs, kind, status, count) => {
    const runtime = manualRuntime();
    const kept = memoryStorage({ now: runtime.now });
    let losesAnswer = false;
    const storage: Storage = {
      ...kept,
      async commit(commit) {
        const result = await kept.commit(commit);
        if (!losesAnswer) return result;
        losesAnswer = false;
        throw new Error('No answer');
      },
    };
    const lane = await openWaitingLane({ runtime, storage, giveUpAfterMs });
    let calls = 0;
    lane.channels.set('#ops', async () => {
      calls += 1;
      await new Promise<void>((resolve) => runtime.setTimer(resolve, 10));
      losesAnswer = true;
      throw new DeliveryError({ kind, reason: 'x', message: 'x', ambiguous: true });
    });
    const told: string[] = [];
    lane.engine.on('delivery-attempted', ({ executionId }) => told.push(executionId));
    let failures = 0;
    lane.engine.on('execution-failed', () => {
      failures += 1;
    });
    const { id } = await lane.ring('first');
    await runtime.advance(3 * secondMs);
    const execution = await lane.get(id);
    expect(execution.status).toBe(status);
    expect(execution.attempts).toHaveLength(calls);
    expect(calls).toBe(count);
    expect(told).toHaveLength(calls);
    expect(failures).toBe(status === 'failed' ? 1 : 0);
  });
});

describe('a doubt whether something was sent', () => {
  const execution = { status: 'pending', attempts: [] } as unknown as Execution;
  const made = {
    execution,
    isHandler: false,
    giveUpAfterMs: 1,
    plainText: false,
    hasPlainText: false,
    startedMs: 1,
    endedMs: 2,
  };
  const attempt = { at: 1, durationMs: 1, outcome: 'failed', ambiguous: true } as const;

  test('stays with an execution that ends untried', () => {
    for (const end of [givenUp('delivery_missing', undefined), leftOut('no_thread')]) {
      expect(executionAfter({ ...made, isDoubted: true }, end).mayHaveArrived).toBe(true);
      expect(executionAfter({ ...made, isDoubted: false }, end)).not.toHaveProperty('mayHaveArrived');
    }
  });

  test('stands in the attempt of one that was tried, and in the lane of one that waits', () => {
    for (const followUp of [givenUp('gave_up', attempt), parked(undefined)]) {
      expect(executionAfter({ ...made, isDoubted: true }, followUp)).not.toHaveProperty('mayHaveArrived');
    }
  });
});
