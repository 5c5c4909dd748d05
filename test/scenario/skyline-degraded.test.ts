import { describe, expect, test } from 'vitest';
import { naiveSkyline } from './naive-skyline.js';
import { openSkyline, type Skyline } from './open-skyline.js';
import { readTranscripts } from './read-transcripts.js';
import { type Phase, script, skylineScopes } from './skyline-script.js';

const { atMs, events } = script[0] as Phase;
const metric = 'skyline.analyzer.runs';
const ofMetric = events.filter((event) => event.metric === metric);
const alert: Phase = { atMs, events: ofMetric.filter(({ type }) => type === 'anomaly.detected') };
const updates: Phase = { atMs, events: ofMetric.filter(({ type }) => type !== 'anomaly.detected') };

const forever = { times: Number.POSITIVE_INFINITY } as const;

/** What is told without an alert to tell it under. */
const alone = naiveSkyline([alert, updates], () => false);

async function ends({ executions }: Skyline): Promise<string[]> {
  const all = await executions();
  return all.map(({ status, reason, message, reaction }) =>
    [reaction ?? (message?.title || message?.text), status, reason].filter(Boolean).join(': '),
  );
}

describe('what becomes of an anomaly stands in the channel, and says what it refers to,', () => {
  test('where no alert was ever emitted', async () => {
    const { workspace, emit, settle } = await openSkyline();
    await emit(updates);
    await settle();
    expect(readTranscripts(workspace)).toEqual(naiveSkyline([updates]));
    const [first] = workspace.channel('skyline').messages;
    expect(first?.text).toContain('reviewed by ada');
    expect(first?.text).toContain(`Metric: ${metric}\nTimestamp: ${atMs / 1000 + 1}`);
  });

  test('where Slack refused the alert, laid out and as plain text', async () => {
    const skyline = await openSkyline();
    const { workspace, emit, settle } = skyline;
    workspace.fault({ type: 'platform-error', error: 'msg_too_long', method: 'chat.postMessage', times: 2 });
    await emit(alert);
    await emit(updates);
    await settle();
    expect(readTranscripts(workspace)).toEqual(alone);
    expect(await ends(skyline)).toContain(`${metric} is anomalous: 101: failed: message_refused`);
    expect(await ends(skyline)).toContain('eyes: skipped: no_thread');
  });

  for (const isLate of [false, true]) {
    test(`where the alert was cancelled ${isLate ? 'after' : 'before'} they were emitted`, async () => {
      const skyline = await openSkyline();
      const { engine, workspace, emit, settle } = skyline;
      const outage = workspace.fault({ type: '429', retryAfterSeconds: 30, ...forever });
      await emit(alert);
      if (isLate) await emit(updates);
      await engine.idle();
      const [pending] = (await skyline.executions()).filter(({ message }) => message?.title.startsWith(metric));
      expect(await engine.executions.cancel({ id: String(pending?.id) })).toBe(1);
      if (!isLate) await emit(updates);
      outage.cancel();
      await settle();
      expect(readTranscripts(workspace)).toEqual(alone);
    });
  }

  test('where the alert was given up', async () => {
    const { workspace, runtime, engine, emit, settle } = await openSkyline({ giveUpAfterMs: 600_000 });
    const outage = workspace.fault({ type: '429', retryAfterSeconds: 30, ...forever });
    await emit(alert);
    await settle();
    expect(runtime.now() - atMs).toBeGreaterThanOrEqual(600_000);
    expect((await engine.executions.list({ status: 'failed' })).items).toMatchObject([{ reason: 'gave_up' }]);
    outage.cancel();
    await emit(updates);
    await settle();
    expect(readTranscripts(workspace)).toEqual(alone);
  });

  test('where the alert was deleted in Slack: the reply is not lost', async () => {
    const skyline = await openSkyline();
    const { workspace, emit, settle } = skyline;
    await emit(alert);
    await settle();
    workspace.fault({ type: 'platform-error', error: 'thread_not_found', method: 'chat.postMessage' });
    workspace.fault({ type: 'platform-error', error: 'message_not_found', method: 'reactions.add' });
    const [viewed] = updates.events;
    if (viewed === undefined) throw new Error('There is no update');
    await emit({ atMs, events: [viewed] });
    await settle();
    const [, reply] = workspace.channel('skyline').messages;
    expect(reply?.text).toContain('reviewed by ada');
    expect(reply?.text).toContain(`Metric: ${metric}`);
    expect((await ends(skyline)).at(-1)).toMatch(/^eyes: (failed|skipped)/);
  });

  test('where the first channel is closed: everything goes to the default channel, and says why', async () => {
    const { workspace, emit, settle } = await openSkyline();
    workspace.archive('skyline');
    await emit(alert);
    await emit(updates);
    await settle();
    expect(workspace.channel('skyline').messages).toEqual([]);
    const [first, ...others] = workspace.channel('ops').messages;
    expect(first?.text).toContain(`${metric} is anomalous`);
    expect(first?.text).toContain('could not be posted to #skyline');
    const wordsOf = (messages: readonly { readonly text: string }[]): (string | undefined)[] =>
      messages.map(({ text }) => /by ada|by bob|was created|Layers|please validate|was learnt(?!:)/.exec(text)?.[0]);
    expect(wordsOf(workspace.channel('ops').replies(String(first?.ts)))).toEqual([
      'by ada',
      'by bob',
      'was created',
      'Layers',
      'was learnt',
    ]);
    expect(first?.reactions?.length).toBeGreaterThan(0);
    expect(wordsOf(others)).toEqual(['please validate']);
  });
});

describe('a bot without a scope', () => {
  const without = (scope: string): readonly string[] => skylineScopes.filter((each) => each !== scope);
  const whole = naiveSkyline([alert, updates]);
  const changed = (change: (entry: (typeof whole)[string][number]) => object): object =>
    Object.fromEntries(Object.entries(whole).map(([name, entries]) => [name, entries.map(change)]));

  test('reactions:write posts all that it has to say, and the record of each reaction says what to add', async () => {
    const skyline = await openSkyline({ scopes: without('reactions:write') });
    const { engine, workspace, emit, settle } = skyline;
    await emit(alert);
    await emit(updates);
    await settle();
    expect(readTranscripts(workspace)).toEqual(changed((entry) => ({ ...entry, reactions: [] })));
    const reactions = (await skyline.executions()).filter(({ reaction }) => reaction !== undefined);
    expect(reactions.map(({ reaction }) => reaction)).toEqual([
      'eyes',
      'eyes',
      'thumbsup',
      'thumbsup',
      'heavy_check_mark',
    ]);
    for (const { status, attempts } of reactions) {
      expect(status).not.toBe('finished');
      expect(attempts.at(-1)?.message).toContain('reactions:write');
    }
    const [integration] = await engine.integrations.list();
    expect(integration?.status).toBe('ok');
    expect(JSON.stringify(await engine.integrations.verify(String(integration?.id)))).toContain('reactions:write');
  });

  test('files:write posts without the picture, and says what to add', async () => {
    const skyline = await openSkyline({ scopes: without('files:write') });
    const { engine, workspace, emit, settle } = skyline;
    const picture = events.find((event) => event.metric === 'skyline.horizon.worker');
    if (picture === undefined) throw new Error('There is no picture');
    await emit({ atMs, events: [picture] });
    await settle();
    const [message] = workspace.channel('skyline').messages;
    expect(message?.text).toContain('skyline.horizon.worker is anomalous');
    expect(message?.files).toEqual([]);
    const [execution] = await skyline.executions();
    expect(execution).toMatchObject({ status: 'finished', receipt: { note: expect.stringContaining('files:write') } });
    const [integration] = await engine.integrations.list();
    expect(JSON.stringify(await engine.integrations.verify(String(integration?.id)))).toContain('files:write');
  });

  test('chat:write.customize posts as itself, and says what to add', async () => {
    const skyline = await openSkyline({ scopes: without('chat:write.customize') });
    const { engine, workspace, emit, settle } = skyline;
    await emit(alert);
    await emit(updates);
    await settle();
    const asItself = (entry: (typeof whole)[string][number]): object => ({
      ...entry,
      icon: undefined,
      thread: entry.thread.map((reply) => ({ ...reply, icon: undefined })),
    });
    expect(readTranscripts(workspace)).toEqual(changed(asItself));
    const posts = (await skyline.executions()).filter(
      ({ reaction, status }) => reaction === undefined && status === 'finished',
    );
    for (const { receipt } of posts) expect(receipt?.note).toContain('chat:write.customize');
    const [integration] = await engine.integrations.list();
    expect(JSON.stringify(await engine.integrations.verify(String(integration?.id)))).toContain('chat:write.customize');
  });

  test('channels:history may post twice after an answer got lost, and says so', async () => {
    const skyline = await openSkyline({ scopes: without('channels:history') });
    const { workspace, emit, settle } = skyline;
    workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' });
    await emit(alert);
    await emit(updates);
    await settle();
    const [first, second] = workspace.channel('skyline').messages;
    expect(second?.text).toBe(first?.text);
    const [execution] = await skyline.executions();
    expect(execution?.receipt?.note).toContain('may be a duplicate');
    // The thread is that of the message that is known.
    expect(workspace.channel('skyline').replies(String(second?.ts))).toHaveLength(5);
  });
});
