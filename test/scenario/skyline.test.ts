import type { SlackFault } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { naiveSkyline } from './naive-skyline.js';
import { openSkyline } from './open-skyline.js';
import { readTranscripts } from './read-transcripts.js';
import { type Phase, script, scriptedEvents } from './skyline-script.js';

test('the script is what it says', () => {
  const anomalies = scriptedEvents.filter(({ type }) => type === 'anomaly.detected');
  expect(anomalies).toHaveLength(60);
  expect(new Set(scriptedEvents.map(({ id }) => id)).size).toBe(scriptedEvents.length);
  const { skyline, payments, oncall, ops } = naiveSkyline(script);
  expect([skyline, payments, oncall, ops].map((entries) => entries?.length)).toEqual([23, 10, 8, 16]);
});

describe('sixty anomalies and what becomes of them', () => {
  test('stand in the channels whole, each thing once, in order', async () => {
    const { engine, workspace, log, emit, settle, executions } = await openSkyline();
    for (const phase of script) {
      await emit(phase);
      await settle();
    }
    expect(readTranscripts(workspace)).toEqual(naiveSkyline(script));
    expect(workspace.ledger.duplicates()).toEqual([]);
    expect(engine.stats()).toMatchObject({ undelivered: 0 });
    expect(log).toEqual([]);
    const ends = new Set((await executions()).map(({ status, reason }) => `${status} ${reason ?? ''}`.trim()));
    expect([...ends].sort()).toEqual(['finished', 'skipped already_posted', 'skipped cooldown', 'skipped no_thread']);
  });

  const outages: Readonly<Record<string, SlackFault>> = {
    'is down': { type: 'http-503', times: Number.POSITIVE_INFINITY },
    'is too busy': { type: '429', retryAfterSeconds: 30, times: Number.POSITIVE_INFINITY },
    'drops all connections': { type: 'reset', times: Number.POSITIVE_INFINITY },
  };
  for (const [how, fault] of Object.entries(outages)) {
    test(`stand there as well where Slack ${how} until everything has happened to an anomaly`, async () => {
      const { engine, workspace, emit, settle } = await openSkyline();
      for (const phase of script) {
        const before = workspace.ledger.count();
        const outage = workspace.fault(fault);
        await emit(phase);
        await engine.idle();
        expect(workspace.ledger.count()).toBe(before);
        outage.cancel();
        await settle();
      }
      expect(readTranscripts(workspace)).toEqual(naiveSkyline(script));
      expect(workspace.ledger.duplicates()).toEqual([]);
    });
  }

  test('do not wait for a channel that is down', async () => {
    const { engine, workspace, emit, settle } = await openSkyline();
    const outage = workspace.fault({
      type: '429',
      retryAfterSeconds: 30,
      channel: 'payments',
      times: Number.POSITIVE_INFINITY,
    });
    await emit(script[0] as Phase);
    await engine.idle();
    const expected = naiveSkyline(script.slice(0, 1));
    expect(readTranscripts(workspace)).toEqual({ ...expected, payments: [] });
    outage.cancel();
    await settle();
    expect(readTranscripts(workspace)).toEqual(expected);
  });
});
