import {
  type Execution,
  onRunAlert,
  onRunMetric,
  onRunState,
  project,
  runEvent,
  sendNotification,
  TocsinError,
  type TocsinEvent,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { unreliableStorage } from '../support/unreliable-storage.js';
import { anomaly, hourMs, openMutes } from './open-mutes.js';

describe('a mute', () => {
  test('keeps what matches from ringing, and lets everything else ring', async () => {
    const { mute, detect, in: arrivedIn } = await openMutes();
    await mute();
    expect(await detect('payments.errors')).toEqual({ fired: [], reasons: ['muted'] });
    expect((await detect('logins.errors')).fired).toHaveLength(1);
    expect(arrivedIn('#ops')).toEqual(['logins.errors']);
  });

  test('holds for metrics that nobody had seen when it was made', async () => {
    const { mute, detect } = await openMutes();
    await mute({ matcher: { metric: 'payments.*.errors' } });
    expect((await detect('payments.new-region.errors')).reasons).toEqual(['muted']);
    expect((await detect('payments.new-region.latency')).reasons).toEqual([]);
  });

  test('ends at its very millisecond', async () => {
    const { mute, detect, runtime } = await openMutes();
    await mute({ until: runtime.now() + 1000 });
    await runtime.advance(999);
    expect((await detect('payments')).reasons).toEqual(['muted']);
    await runtime.advance(1);
    expect((await detect('payments')).fired).toHaveLength(1);
  });

  test('ends on time when the storage is away and it can not be removed', async () => {
    const runtime = manualRuntime();
    let fails = false;
    const storage = unreliableStorage(memoryStorage({ now: runtime.now }), () =>
      fails ? { type: 'fails' } : undefined,
    );
    const { mute, detect, engine } = await openMutes({ storage, runtime });
    const { id } = await mute({ until: runtime.now() + 1000 });
    fails = true;
    await runtime.advance(1000);
    fails = false;
    expect((await storage.get(`mute/${id}`))?.revision).toBe(1);
    expect((await detect('payments')).fired).toHaveLength(1);
    expect(await engine.mutes.list()).toEqual([]);
    await expect(engine.mutes.get(id)).rejects.toMatchObject({ code: 'not_found' });
    await runtime.advance(10_000);
    expect(await storage.get(`mute/${id}`)).toBeUndefined();
  });

  test('is told before a cooldown that holds as well', async () => {
    const { mute, detect } = await openMutes({ cooldown: '1h' });
    await detect('payments');
    expect((await detect('payments')).reasons).toEqual(['cooldown']);
    await mute({ matcher: { metric: 'payments' } });
    expect((await detect('payments')).reasons).toEqual(['muted']);
  });

  test('starts no cooldown', async () => {
    const { mute, detect, runtime } = await openMutes({ cooldown: '1h' });
    await mute({ until: runtime.now() + 1000 });
    expect((await detect('payments')).reasons).toEqual(['muted']);
    await runtime.advance(1000);
    expect((await detect('payments')).fired).toHaveLength(1);
    expect((await detect('payments')).reasons).toEqual(['cooldown']);
  });

  test('counts what it silenced, in one record for each automation', async () => {
    const { mute, detect, engine, runtime, ops } = await openMutes();
    const { automation: other } = await engine.automations.create({
      name: 'others',
      event: { type: 'anomaly.detected', scope: team('my-team') },
      action: sendNotification(ops, { title: 'other' }),
      policy: { cooldown: 0 },
    });
    const { id } = await mute();
    for (let number = 0; number < 50; number += 1) await detect(`payments.${number}`);
    await engine.idle();
    const { items } = await engine.executions.list({ status: 'skipped' });
    expect(
      items.map(({ automationId, count, reason }) => [automationId === other.id, count, reason]).toSorted(),
    ).toEqual([
      [false, 50, 'muted'],
      [true, 50, 'muted'],
    ]);
    expect(items[0]?.detail).toBe(`Mute ${id}: Payments are being deployed`);
    await engine.mutes.delete(id);
    await mute();
    await detect('payments.again');
    await engine.idle();
    expect((await engine.executions.list({ status: 'skipped' })).items.map(({ count }) => count).toSorted()).toEqual([
      1, 1, 50, 50,
    ]);
    await engine.close();
    expect(runtime.pendingTimers).toBe(0);
  });

  test('is told of to who listens for skips', async () => {
    const { mute, detect, engine, automationId } = await openMutes();
    const told: unknown[] = [];
    engine.on('execution-skipped', (skip) => told.push(skip));
    await mute();
    await detect('payments');
    expect(told).toEqual([{ automationId, reason: 'muted' }]);
  });

  test('silences by a part of the event that each matcher names', async () => {
    const { engine, ops, runtime } = await openMutes();
    const scope = project('my-team', 'my-project');
    const action = sendNotification(ops, { title: 'rings', thread: 'none' });
    const { automation } = await engine.automations.create({
      name: 'low',
      event: onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) }),
      action,
      policy: { cooldown: 0 },
    });
    await engine.automations.create({
      name: 'failed',
      event: onRunState({ scope, filter: runEvent.state.eq('failed') }),
      action,
    });
    await engine.automations.create({ name: 'alerts', event: onRunAlert({ scope }), action, policy: { cooldown: 0 } });
    const low = metricsEvent({ accuracy: 0.1 });
    const alert = { ...stateEvent('failed'), type: 'run.alert', title: 'Help', text: '', waitMs: 0 } as TocsinEvent;
    const reasonsOf = async (event: TocsinEvent): Promise<readonly string[]> =>
      (await engine.emit(event)).skipped.map(({ reason }) => reason);
    const during = async (matcher: object, events: readonly TocsinEvent[]): Promise<unknown> => {
      const { id } = await engine.mutes.create({ matcher, until: runtime.now() + hourMs, reason: 'x' });
      const reasons = await Promise.all(events.map(reasonsOf));
      await engine.mutes.delete(id);
      return reasons.map((each) => each.includes('muted'));
    };
    expect(await during({ automationId: automation.id }, [low, alert])).toEqual([true, false]);
    expect(await during({ metric: 'accuracy' }, [low, alert])).toEqual([true, false]);
    expect(await during({ metric: 'loss' }, [low, alert])).toEqual([false, false]);
    expect(await during({ run: 'run-1' }, [low, alert])).toEqual([true, true]);
    expect(await during({ run: 'run-2' }, [low, alert])).toEqual([false, false]);
    expect(await during({ project: 'my-project' }, [low, anomaly('a')])).toEqual([true, false]);
    expect(await during({ entity: 'my-team' }, [low, alert, anomaly('a')])).toEqual([true, true, true]);
    expect(await during({ eventType: 'run.alert' }, [low, alert])).toEqual([false, true]);
    expect(await during({ run: 'run-1', eventType: 'run.metrics' }, [low, alert])).toEqual([true, false]);
    expect(await during({ registry: 'my-project' }, [low, alert])).toEqual([false, false]);
    expect(await during({ eventType: 'run.state' }, [stateEvent('failed', {}, 'run-9')])).toEqual([true]);
  });

  test('silences the alerts that a run sends straight to an integration', async () => {
    const { engine, ops, runtime } = await openMutes();
    const alert = {
      ...stateEvent('x'),
      type: 'run.alert',
      title: 'Help',
      text: '',
      alertIntegrationId: ops.id,
    } as never;
    await engine.mutes.create({ matcher: { automationId: 'run-alert' }, until: runtime.now() + 1, reason: 'x' });
    expect(await engine.emit(alert)).toMatchObject({ fired: [], skipped: [{ reason: 'muted' }] });
  });

  test('is named by explain', async () => {
    const { engine, mute, automationId, runtime } = await openMutes();
    expect((await engine.explain(automationId, anomaly('payments'))).wouldFire).toBe(true);
    const made = await mute();
    const { wouldFire, reasons } = await engine.explain(automationId, anomaly('payments.errors'));
    expect([wouldFire, reasons]).toEqual([false, [{ code: 'muted', mute: made }]]);
    expect((await engine.explain(automationId, anomaly('logins'))).wouldFire).toBe(true);
    await runtime.advance(hourMs);
    expect((await engine.explain(automationId, anomaly('payments.errors'))).wouldFire).toBe(true);
  });

  test('that is deleted silences nothing from then on, and sends no notice', async () => {
    const { engine, mute, detect, route, in: arrivedIn, runtime } = await openMutes();
    await route();
    const { id } = await mute();
    await engine.mutes.delete(id);
    expect((await detect('payments')).fired).toHaveLength(1);
    await expect(engine.mutes.get(id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(engine.mutes.delete(id)).rejects.toMatchObject({ code: 'not_found' });
    await runtime.advance(2 * hourMs);
    expect(arrivedIn('#default')).toEqual(['Muted: metric payments']);
  });

  test('can be read, alone and among all that hold', async () => {
    const { engine, mute, runtime } = await openMutes();
    const startMs = runtime.now();
    const first = await mute({ until: startMs + 2000 });
    const second = await mute({ matcher: { run: 'run-1' }, until: startMs + 1000 });
    expect(first).toEqual({
      id: first.id,
      matcher: { metric: 'payments' },
      until: startMs + 2000,
      reason: 'Payments are being deployed',
      createdAt: startMs,
    });
    expect(await engine.mutes.get(first.id)).toEqual(first);
    expect(await engine.mutes.list()).toEqual([first, second]);
    await runtime.advance(1000);
    expect(await engine.mutes.list()).toEqual([first]);
    await runtime.advance(1000);
    expect(await engine.mutes.list()).toEqual([]);
  });

  test('stays as it is, whatever is done to what was given and what came back', async () => {
    const { engine, detect, runtime } = await openMutes();
    const given = { matcher: { metric: 'payments' }, until: runtime.now() + hourMs, reason: 'x' };
    const made = await engine.mutes.create(given);
    given.matcher.metric = 'logins';
    expect(() => Object.assign(made.matcher, { metric: 'logins' })).toThrow();
    expect((await detect('payments')).reasons).toEqual(['muted']);
  });

  test('survives a restart', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const before = await openMutes({ storage, runtime });
    const made = await before.mute();
    await before.engine.close();
    const after = await openMutes({ storage, runtime });
    expect(await after.engine.mutes.list()).toEqual([made]);
    expect((await after.detect('payments')).reasons).toEqual(['muted']);
    await runtime.advance(hourMs);
    expect((await after.detect('payments')).fired).toHaveLength(1);
  });

  test('of which the storage knows nothing silences nothing', async () => {
    const runtime = manualRuntime();
    let fails = false;
    const storage = unreliableStorage(memoryStorage({ now: runtime.now }), () =>
      fails ? { type: 'fails' } : undefined,
    );
    const { engine, mute, detect, route, in: arrivedIn } = await openMutes({ storage, runtime });
    await route();
    fails = true;
    await expect(mute()).rejects.toMatchObject({ code: 'storage_unavailable' });
    fails = false;
    expect((await detect('payments')).fired).toHaveLength(1);
    expect(await engine.mutes.list()).toEqual([]);
    expect(arrivedIn('#default')).toEqual([]);
  });
});

describe('what is pending when a mute is made', () => {
  test('is cancelled if it matches, and stays so when the mute is over', async () => {
    const { engine, mute, detect, down, runtime, in: arrivedIn } = await openMutes();
    down.add('#ops');
    const waiting: Execution[] = [];
    for (const metric of ['payments', 'logins', 'payments.errors']) waiting.push(...(await detect(metric)).fired);
    await mute({ until: runtime.now() + 60_000 });
    const states = await Promise.all(waiting.map(async ({ id }) => engine.executions.get(id)));
    expect(states.map(({ status, reason }) => [status, reason])).toEqual([
      ['cancelled', 'muted'],
      ['pending', undefined],
      ['cancelled', 'muted'],
    ]);
    expect(engine.stats().undelivered).toBe(1);
    down.clear();
    await runtime.advance(hourMs);
    expect(arrivedIn('#ops')).toEqual(['logins']);
  });

  test('is found by its run, its place, and the metrics that its filter names', async () => {
    const { engine, down, ops, runtime } = await openMutes();
    down.add('#ops');
    await engine.automations.create({
      name: 'low',
      event: onRunMetric({
        scope: project('my-team', 'my-project'),
        filter: runEvent.metric('accuracy').lt(0.85),
      }),
      action: sendNotification(ops, { title: 'low', thread: 'none' }),
      policy: { cooldown: 0 },
    });
    const cancelledBy = async (matcher: object): Promise<boolean> => {
      const [fired] = (await engine.emit(metricsEvent({ accuracy: 0.1, loss: 3 }))).fired;
      await runtime.advance(0);
      const { id } = await engine.mutes.create({ matcher, until: runtime.now() + hourMs, reason: 'x' });
      await engine.mutes.delete(id);
      return (await engine.executions.get(fired?.id ?? '')).reason === 'muted';
    };
    expect(await cancelledBy({ metric: 'accuracy' })).toBe(true);
    expect(await cancelledBy({ metric: 'loss' })).toBe(false);
    expect(await cancelledBy({ run: 'run-1' })).toBe(true);
    expect(await cancelledBy({ run: 'run-2' })).toBe(false);
    expect(await cancelledBy({ project: 'my-project', entity: 'my-team' })).toBe(true);
    expect(await cancelledBy({ eventType: 'run.metrics' })).toBe(true);
    expect(await cancelledBy({ eventType: 'run.state' })).toBe(false);
    expect(await cancelledBy({ registry: 'my-project' })).toBe(false);
  });

  test('is cancelled however much it is', async () => {
    const { engine, mute, down, runtime } = await openMutes();
    down.add('#ops');
    const emitted = Array.from({ length: 2000 }, (_, number) => engine.emit(anomaly(`payments.${number}`)));
    await Promise.all([...emitted, engine.emit(anomaly('logins'))]);
    await runtime.advance(0);
    expect(engine.stats().undelivered).toBe(2001);
    await mute();
    expect(engine.stats().undelivered).toBe(1);
    const { items } = await engine.executions.list({ status: 'pending' });
    expect(items.map(({ event }) => event['metric'])).toEqual(['logins']);
  });

  test('can be called for again by a person while the mute holds', async () => {
    const { engine, mute, detect, down, runtime, in: arrivedIn } = await openMutes();
    down.add('#ops');
    const [fired] = (await detect('payments')).fired;
    await mute();
    down.clear();
    await engine.executions.retry(fired?.id ?? '');
    await runtime.advance(hourMs / 2);
    expect(arrivedIn('#ops')).toEqual(['payments']);
  });

  test('is called off at its turn when it could not be found, or was being committed', async () => {
    const runtime = manualRuntime();
    let isSlow = false;
    const kept = memoryStorage({ now: runtime.now });
    const storage = {
      ...kept,
      commit: async (commit: Parameters<typeof kept.commit>[0]) => {
        if (isSlow) await new Promise<void>((resolve) => runtime.setTimer(resolve, 1000));
        return kept.commit(commit);
      },
    };
    const { engine, mute, in: arrivedIn } = await openMutes({ storage, runtime });
    isSlow = true;
    const emitted = engine.emit(anomaly('payments'));
    await runtime.advance(0);
    isSlow = false;
    await mute();
    await runtime.advance(1000);
    const [fired] = (await emitted).fired;
    await engine.idle();
    expect(arrivedIn('#ops')).toEqual([]);
    expect(await engine.executions.get(fired?.id ?? '')).toMatchObject({ status: 'cancelled', reason: 'muted' });
  });

  test('is called off at its turn when the storage failed while it was to be cancelled', async () => {
    const runtime = manualRuntime();
    let left = Number.POSITIVE_INFINITY;
    const storage = unreliableStorage(memoryStorage({ now: runtime.now }), () => {
      left -= 1;
      return left < 0 ? { type: 'fails' } : undefined;
    });
    const { engine, mute, detect, down, errors, in: arrivedIn } = await openMutes({ storage, runtime });
    down.add('#ops');
    const [fired] = (await detect('payments')).fired;
    left = 1;
    const { id } = await mute();
    left = Number.POSITIVE_INFINITY;
    expect(errors).toHaveLength(1);
    expect((await engine.executions.get(fired?.id ?? '')).status).toBe('pending');
    down.clear();
    await runtime.advance(hourMs / 2);
    expect(arrivedIn('#ops')).toEqual([]);
    expect((await engine.executions.get(fired?.id ?? '')).reason).toBe('muted');
    expect((await engine.mutes.get(id)).id).toBe(id);
  });
});

describe('a wrong mute', () => {
  const good = { matcher: { metric: 'a' }, until: Date.UTC(2027, 0), reason: 'x' };

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'invalid_type '],
    ['a text', 'payments', 'invalid_type '],
    ['no matcher', { ...good, matcher: undefined }, 'required matcher'],
    ['an empty matcher', { ...good, matcher: {} }, 'required matcher'],
    ['a matcher of undefined parts', { ...good, matcher: { run: undefined } }, 'required matcher'],
    ['an unknown part', { ...good, matcher: { metrics: 'a' } }, 'unknown_key matcher.metrics'],
    ['an unknown key', { ...good, for: '2h' }, 'unknown_key for'],
    ['a number as metric', { ...good, matcher: { metric: 1 } }, 'invalid_type matcher.metric'],
    ['an empty metric', { ...good, matcher: { metric: '' } }, 'invalid_pattern matcher.metric'],
    ['a long metric', { ...good, matcher: { metric: 'a'.repeat(1001) } }, 'invalid_pattern matcher.metric'],
    ['a broken expression', { ...good, matcher: { metric: '/(/' } }, 'invalid_pattern matcher.metric'],
    ['an empty run', { ...good, matcher: { run: '' } }, 'invalid_value matcher.run'],
    ['a long run', { ...good, matcher: { run: 'a'.repeat(256) } }, 'limit_exceeded matcher.run'],
    [
      'an unknown type of event',
      { ...good, matcher: { eventType: 'run.stopped' } },
      'unknown_event_type matcher.eventType',
    ],
    ['no until', { ...good, until: undefined }, 'required until'],
    ['a duration', { ...good, until: '2h' }, 'invalid_type until'],
    ['a date', { ...good, until: new Date(good.until) }, 'invalid_type until'],
    ['NaN', { ...good, until: Number.NaN }, 'invalid_type until'],
    ['half a millisecond', { ...good, until: good.until + 0.5 }, 'invalid_type until'],
    ['the past', { ...good, until: 0 }, 'invalid_value until'],
    ['now', { ...good, until: Date.UTC(2026, 0) }, 'invalid_value until'],
    ['later than any date', { ...good, until: 8.64e15 + 1 }, 'limit_exceeded until'],
    ['no reason', { ...good, reason: undefined }, 'required reason'],
    ['an empty reason', { ...good, reason: '' }, 'invalid_value reason'],
    ['a long reason', { ...good, reason: 'a'.repeat(1001) }, 'limit_exceeded reason'],
    ['a prototype', JSON.parse('{"matcher":{"__proto__":1}}'), 'forbidden_key matcher.__proto__'],
  ])('%s is refused, with its path', async (_, definition, expected) => {
    const { engine } = await openMutes();
    const refused: unknown = await engine.mutes.create(definition as never).catch((error: unknown) => error);
    if (!TocsinError.is(refused)) throw new Error('It was not refused');
    expect(refused.code).toBe('invalid_mute');
    expect(refused.issues.map(({ code, path }) => `${code} ${path}`)).toEqual([expected]);
    expect(refused.issues[0]?.message).toMatch(/Expected|not allowed/);
    expect(await engine.mutes.list()).toEqual([]);
  });

  test('that is as far as it can be is taken', async () => {
    const { mute } = await openMutes();
    await mute({ until: 8.64e15, reason: 'a'.repeat(1000), matcher: { metric: 'a'.repeat(1000) } });
  });

  test('says whose id was meant', async () => {
    const { engine } = await openMutes();
    for (const id of ['nobody', '', 7, undefined, {}]) {
      await expect(engine.mutes.get(id as never)).rejects.toMatchObject({ code: 'not_found' });
      await expect(engine.mutes.delete(id as never)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('with a pattern that would make all of them too many to try is refused', async () => {
    const { engine, mute, runtime } = await openMutes();
    const metric = (number: number): string => `/${number}a{0,450}/`;
    const refusedAt = async (): Promise<number> => {
      for (let number = 0; number < 200; number += 1) {
        try {
          await mute({ matcher: { metric: metric(number) } });
        } catch (error) {
          expect(error).toMatchObject({
            code: 'invalid_mute',
            issues: [{ code: 'limit_exceeded', path: 'matcher.metric' }],
          });
          return number;
        }
      }
      return Number.POSITIVE_INFINITY;
    };
    expect(await refusedAt()).toBeLessThan(120);
    await mute({ matcher: { metric: 'plain' } });
    await runtime.advance(hourMs);
    expect(await engine.mutes.list()).toEqual([]);
    await mute({ matcher: { metric: metric(0) }, until: runtime.now() + 1 });
  });
});
