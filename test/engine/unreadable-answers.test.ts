import { DeliveryError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { down, minuteMs, openWaitingLane } from './waiting-lane.js';

const throws = (what: string) => (): never => {
  throw new Error(`${what} throws`);
};

/** Everything that is done to it throws, but that it is awaited. */
const hostile = (thrown: () => never): object =>
  new Proxy(
    {},
    {
      get: (_, name) => (name === 'then' ? undefined : thrown()),
      has: thrown,
      getPrototypeOf: thrown,
      ownKeys: thrown,
      getOwnPropertyDescriptor: thrown,
    },
  );

const throwsHostile = (): never => {
  throw hostile(throws('all'));
};

const withGetter = (error: Error, name: string): Error =>
  Object.defineProperty(error, name, { get: throws(name) }) as Error;

const deliveryError = (): DeliveryError => new DeliveryError({ kind: 'message', reason: 'refused', message: 'No' });

describe('a receipt that cannot be read', () => {
  test.each<[string, () => unknown]>([
    ['its id throws', () => Object.defineProperty({}, 'messageId', { get: throws('messageId'), enumerable: true })],
    ['its body throws', () => Object.defineProperty({ messageId: '7' }, 'body', { get: throws('body') })],
    ['all of it throws', () => hostile(throws('all'))],
    ['it throws what throws', () => hostile(throwsHostile)],
  ])('has arrived, and is sent once: %s', async (_, answer) => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', answer);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(5 * minuteMs);
    lane.channels.delete('#ops');
    await lane.ring('second');
    expect(lane.in('#ops')).toEqual(['first', 'second']);
    const finished = await lane.get(id);
    expect(finished).toMatchObject({ status: 'finished', attempts: [{ outcome: 'delivered' }] });
    expect(finished.receipt).toEqual({});
    expect(lane.lines).toEqual([]);
  });
});

describe('an error that cannot be read', () => {
  test.each<[string, () => unknown]>([
    ['its message throws', () => withGetter(new Error('x'), 'message')],
    ['its kind throws', () => withGetter(deliveryError(), 'kind')],
    ['its body throws', () => withGetter(deliveryError(), 'body')],
    ['its cause throws', () => withGetter(deliveryError(), 'cause')],
    ['all of it throws', () => hostile(throws('all'))],
    ['it throws what throws', () => hostile(throwsHostile)],
  ])('may have arrived: it is tried again at the usual pace, and recorded: %s', async (_, thrown) => {
    const lane = await openWaitingLane({ giveUpAfterMs: 2 * minuteMs });
    let calls = 0;
    const looked: boolean[] = [];
    lane.channels.set('#ops', ({ mayHaveArrived }) => {
      calls += 1;
      looked.push(mayHaveArrived);
      throw thrown();
    });
    const { id } = await lane.ring('first');
    await lane.runtime.advance(5 * minuteMs);
    const failed = await lane.get(id);
    expect(failed).toMatchObject({ status: 'failed', reason: 'gave_up' });
    expect(failed.attempts).toHaveLength(calls);
    expect(calls).toBeLessThan(12);
    expect(failed.attempts[0]).toMatchObject({
      kind: 'unavailable',
      error: 'unexpected_error',
      message: 'It threw something that cannot be read',
      ambiguous: true,
    });
    expect(looked.slice(0, 2)).toEqual([false, true]);
    lane.channels.set('#ops', down);
    await lane.ring('second');
    lane.channels.delete('#ops');
    await lane.runtime.advance(10 * minuteMs);
    expect(lane.in('#ops')).toEqual(['second']);
  });
});
