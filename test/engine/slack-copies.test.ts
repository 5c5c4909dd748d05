import type { SlackFault } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openSlackEngine } from '../support/open-slack-engine.js';

const hourMs = 3_600_000;

/** An alert that is posted while no post is answered; then Slack does not let itself be asked for an hour either. */
async function anHour(method: string, fault: SlackFault) {
  const { engine, runtime, workspace, ring, settle, titles } = await openSlackEngine();
  const posts = workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage', times: 1e9 });
  const looks = workspace.fault({ ...fault, method, times: 1e9 });
  const { id } = await ring('first');
  await ring('second');
  await engine.idle();
  const untilMs = runtime.now() + hourMs;
  while (runtime.now() < untilMs) {
    await runtime.advanceToNextTimer();
    await engine.idle();
  }
  const pending = await engine.executions.get(id);
  posts.cancel();
  looks.cancel();
  await settle();
  return { pending, execution: await engine.executions.get(id), copies: workspace.ledger.count(id), titles: titles() };
}

describe('Slack posts for an hour, and answers neither posts nor looks', () => {
  test.each<[string, SlackFault]>([
    ['conversations.list', { type: 'reset' }],
    ['conversations.list', { type: 'http-503' }],
    ['conversations.history', { type: 'reset' }],
    ['conversations.history', { type: '429', retryAfterSeconds: 30 }],
  ])('because of %s %j: one copy is sent unseen, and the record says that there may be one', async (...given) => {
    const { pending, execution, copies, titles } = await anHour(...given);
    expect([pending.status, copies]).toEqual(['pending', 2]);
    expect(execution.status).toBe('finished');
    expect(execution.receipt?.note).toBe(
      'found after an ambiguous attempt; may be a duplicate: it stands there 2 times',
    );
    expect(execution.attempts.at(-1)?.mayBeDuplicate).toBe(true);
    expect(titles).toEqual(['first', 'first', 'second']);
  });
});

describe('an answer is lost, and the look that follows stalls', () => {
  test.each([
    ['conversations.list', 1],
    ['conversations.list', 2],
    ['conversations.history', 2],
  ] as const)('at %s, %i times: the message is posted once, and found', async (method, times) => {
    const { engine, workspace, ring, settle } = await openSlackEngine();
    workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' });
    const stall = workspace.fault({ type: 'slow-headers', method, times });
    const { id } = await ring('first');
    await settle();
    expect(stall.remaining).toBe(0);
    expect(workspace.ledger.count(id)).toBe(1);
    const { attempts, receipt } = await engine.executions.get(id);
    expect(attempts.map(({ error }) => error)).toEqual(['reset', ...Array(times).fill('timeout'), undefined]);
    expect(receipt?.note).toBe('found after an ambiguous attempt');
    expect(attempts.at(-1)).not.toHaveProperty('mayBeDuplicate');
  });
});
