import { DeliveryError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { type Arrival, down, openChannels, type Refusal, slackPace } from './outage-channels.js';

const minuteMs = 60_000;
const outageMs = 75 * minuteMs;
const channels = 50;
const messages = 200;

/** The last message of a channel may come so long after the return: 5 minutes, and what pacing takes. */
const drainMs = 5 * minuteMs + ((messages - slackPace.burst) * 1000) / slackPace.messagesPerSecond;

const poisoned = { channel: 'c7', number: 100 };
const throttled = { channel: 'c9', number: 50 };

/** Down for 75 minutes; then one message is poison, and one channel is told to wait. */
const outage: Refusal = ({ channel, number, atMs, attempt }) => {
  if (atMs < outageMs) return down();
  if (channel === poisoned.channel && number === poisoned.number) {
    return new DeliveryError({ kind: 'message', reason: 'invalid_blocks', message: 'refused' });
  }
  if (channel === throttled.channel && number === throttled.number && attempt === 1) {
    return new DeliveryError({ kind: 'unavailable', reason: 'ratelimited', message: 'wait', retryAfterMs: 30_000 });
  }
  return undefined;
};

const numbers = (arrivals: readonly Arrival[]): number[] => arrivals.map(({ number }) => number);
const all = Array.from({ length: messages }, (_, number) => number);

describe('Slack down for 75 minutes, with 10,000 messages for 50 channels waiting', () => {
  test('all arrive in order, within pacing and 5 minutes of its return; one that is refused fails alone', async () => {
    const opened = await openChannels(channels, outage);
    for (let sent = 0; sent < messages; sent += 1) await opened.send();
    expect(opened.engine.stats().undelivered).toBe(channels * messages);
    await opened.runtime.advance(outageMs);
    expect(opened.arrivals).toEqual([]);
    await opened.runtime.advance(drainMs);

    for (let index = 0; index < channels; index += 1) {
      const name = `c${index}`;
      const expected = name === poisoned.channel ? all.filter((number) => number !== poisoned.number) : all;
      const arrived = opened.in(name);
      // The one that is told to wait has half a minute more.
      if (name !== throttled.channel) expect(numbers(arrived), name).toEqual(expected);
      for (const [position, { atMs }] of arrived.entries()) {
        const earlier = arrived[position - slackPace.burst];
        if (earlier !== undefined) expect(atMs - earlier.atMs, `${name} ${position}`).toBeGreaterThanOrEqual(1000);
      }
    }
    await opened.runtime.advance(30_000);
    expect(numbers(opened.in(throttled.channel))).toEqual(all);
    // Its turn came a second after the one before, and half a minute later again.
    const waits = opened.in(throttled.channel).map(({ atMs }, index, list) => atMs - (list[index - 1]?.atMs ?? atMs));
    expect(waits.filter((waitMs) => waitMs > 2_000)).toEqual([31_000]);

    expect(opened.engine.stats().undelivered).toBe(0);
    const { items: failed } = await opened.engine.executions.list({ status: 'failed' });
    expect(failed.map(({ message, reason }) => [message?.title, reason])).toEqual([['100', 'message_refused']]);
    const { items: pending } = await opened.engine.executions.list({ status: 'pending' });
    expect(pending).toEqual([]);
    await opened.engine.close();
  });
});

describe('Slack down for 75 minutes, with somebody to tell and somewhere else to go', () => {
  const names = Array.from({ length: 10 }, (_, index) => `c${index}`);
  const away = 'c4';
  const waiting = Array.from({ length: 100 }, (_, number) => number);

  test('each channel is said once to lag; one with a fallback sends all it has there, once, after ten minutes', async () => {
    const opened = await openChannels(names.length, ({ atMs }) => (atMs < outageMs ? down() : undefined), [away]);
    const { engine, runtime } = opened;
    const lagging: { readonly name: string; readonly atMs: number; readonly waitedMs: number }[] = [];
    const integrations = new Map((await engine.integrations.list()).map(({ id, name }) => [id, name]));
    engine.on('delivery-lagging', ({ integrationId, waitedMs, reason, undelivered }) => {
      lagging.push({
        name: integrations.get(integrationId ?? '') ?? '?',
        atMs: runtime.now() - opened.startMs,
        waitedMs,
      });
      expect([reason, undelivered]).toEqual(['http_503', waiting.length]);
    });
    for (const _ of waiting) await opened.send();

    await runtime.advance(2 * minuteMs - 1);
    expect(lagging).toEqual([]);
    await runtime.advance(minuteMs);
    expect(lagging.map(({ name }) => name).sort()).toEqual([...names]);
    for (const { waitedMs } of lagging) expect(waitedMs).toBeLessThan(2 * minuteMs + 1_000);

    await runtime.advance(7 * minuteMs);
    expect(opened.arrivals).toEqual([]);
    await runtime.advance(minuteMs);
    expect(numbers(opened.in('backup'))).toEqual(waiting);
    expect(opened.in('backup').every(({ text }) => text.startsWith('It has waited for c4 for 10 minutes'))).toBe(true);
    expect(opened.in('backup').every(({ atMs }) => atMs < 10 * minuteMs + 1_000)).toBe(true);

    await runtime.advance(outageMs - 11 * minuteMs + drainMs);
    await opened.send();
    await runtime.advance(minuteMs);
    for (const name of names) {
      expect(numbers(opened.in(name)), name).toEqual(name === away ? [waiting.length] : [...waiting, waiting.length]);
    }
    expect(numbers(opened.in('backup'))).toEqual(waiting);
    // The one that lags is told once, however long it takes, and not of what came after.
    expect(lagging).toHaveLength(names.length);
    const { items: moved } = await engine.executions.list({ status: 'cancelled', limit: 1000 });
    expect(moved).toHaveLength(waiting.length);
    expect(new Set(moved.map(({ reason }) => reason))).toEqual(new Set(['sent_to_fallback']));
    await engine.close();
  });
});
