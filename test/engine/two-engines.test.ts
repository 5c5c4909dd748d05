import { type Delivery, onEvent, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';

test('a destination that another engine was working on waits a second at most, and counts where it is worked on', async () => {
  const runtime = manualRuntime();
  const storage = memoryStorage({ now: runtime.now });
  const delivered: string[] = [];
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const delivery = (by: string): Delivery => ({
    name: 'console',
    integrationTypes: ['console'],
    async deliver({ message }) {
      if (delivered.length === 0) await held;
      delivered.push(`${by} ${message.title}`);
      return {};
    },
  });
  const one = await openEngine({ storage, runtime, deliveries: [delivery('one')] });
  await one.engine.automations.create({
    name: 'deploys',
    event: onEvent('custom.deploy', { scope: team('my-team') }),
    action: sendNotification(one.terminal, { title: '${event.what}' }),
  });
  const other = await openEngine({ storage, runtime, deliveries: [delivery('other')] });
  const emit = (engine: typeof one.engine, what: string) =>
    engine.emit({ type: 'custom.deploy', entity: 'my-team', what } as never);

  await emit(one.engine, 'first');
  await emit(other.engine, 'second');
  await other.engine.idle();
  expect(other.engine.stats().undelivered).toBe(0);
  expect(one.engine.stats().undelivered).toBe(1);
  release();
  await one.engine.idle();
  expect(delivered).toEqual(['one first', 'one second']);

  await emit(other.engine, 'third');
  await runtime.advance(1000);
  await other.engine.idle();
  expect(delivered).toEqual(['one first', 'one second', 'other third']);
  expect(one.engine.stats().undelivered + other.engine.stats().undelivered).toBe(0);
});
