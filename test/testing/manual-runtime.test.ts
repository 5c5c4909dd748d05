import fc from 'fast-check';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';

describe('the clock of manualRuntime', () => {
  test('starts with the year 2026, or where it is told to', () => {
    expect(manualRuntime().now()).toBe(Date.parse('2026-01-01T00:00:00Z'));
    expect(manualRuntime({ startMs: 5 }).now()).toBe(5);
    expect(manualRuntime({ startMs: 0 }).now()).toBe(0);
  });

  test('moves only when it is told to, and exactly that far', async () => {
    const runtime = manualRuntime({ startMs: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(runtime.now()).toBe(1000);
    await runtime.advance(250);
    await runtime.advance(0);
    expect(runtime.now()).toBe(1250);
  });
});

describe('the timers of manualRuntime', () => {
  /** A runtime that starts at 0, and a log of what fired when. */
  function logged() {
    const runtime = manualRuntime({ startMs: 0 });
    const fired: string[] = [];
    const log = (name: string) => () => {
      fired.push(`${name}@${runtime.now()}`);
    };
    return { runtime, fired, log };
  }

  test('fire at their own time, in the order in which they are due', async () => {
    const { runtime, fired, log } = logged();
    runtime.setTimer(log('c'), 30);
    runtime.setTimer(log('a'), 10);
    runtime.setTimer(log('b'), 20);
    await runtime.advance(100);
    expect(fired).toEqual(['a@10', 'b@20', 'c@30']);
    expect(runtime.now()).toBe(100);
  });

  test('that are due at once fire in the order in which they were set', async () => {
    const { runtime, fired, log } = logged();
    for (const name of ['a', 'b', 'c']) runtime.setTimer(log(name), 10);
    await runtime.advance(10);
    expect(fired).toEqual(['a@10', 'b@10', 'c@10']);
  });

  test('fire when they are due, not a millisecond before, and only once', async () => {
    const { runtime, fired, log } = logged();
    runtime.setTimer(log('a'), 10);
    await runtime.advance(9);
    expect(fired).toEqual([]);
    await runtime.advance(1);
    await runtime.advance(100);
    expect(fired).toEqual(['a@10']);
  });

  test('never fire inside setTimer, nor before the clock is told to go on', async () => {
    const { runtime, fired, log } = logged();
    runtime.setTimer(log('now'), 0);
    runtime.setTimer(log('past'), -50);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fired).toEqual([]);
    await runtime.advance(0);
    expect(fired).toEqual(['now@0', 'past@0']);
  });

  test('that a timer sets fire on the same way when they are due on it', async () => {
    const { runtime, fired, log } = logged();
    runtime.setTimer(() => {
      log('outer')();
      runtime.setTimer(log('inner'), 5);
      runtime.setTimer(log('late'), 500);
      runtime.setTimer(log('at once'), 0);
    }, 10);
    runtime.setTimer(log('between'), 12);
    await runtime.advance(100);
    expect(fired).toEqual(['outer@10', 'at once@10', 'between@12', 'inner@15']);
    await runtime.advance(410);
    expect(fired.at(-1)).toBe('late@510');
  });

  test('that set themselves again tick at every interval', async () => {
    const { runtime, fired, log } = logged();
    const tick = (): void => {
      log('tick')();
      runtime.setTimer(tick, 10);
    };
    runtime.setTimer(tick, 10);
    await runtime.advance(35);
    expect(fired).toEqual(['tick@10', 'tick@20', 'tick@30']);
    expect(runtime.pendingTimers).toBe(1);
  });

  test('let run what they set off before the next one fires', async () => {
    const { runtime, fired, log } = logged();
    runtime.setTimer(async () => {
      await Promise.resolve();
      log('promise')();
      await new Promise((resolve) => setImmediate(resolve));
      log('immediate')();
      runtime.setTimer(log('set by it'), 1);
    }, 10);
    runtime.setTimer(log('next'), 20);
    await runtime.advance(20);
    expect(fired).toEqual(['promise@10', 'immediate@10', 'set by it@11', 'next@20']);
  });

  test('let run what was on its way before the clock moves', async () => {
    const { runtime, fired, log } = logged();
    const work = (async () => {
      await Promise.resolve();
      runtime.setTimer(log('a'), 10);
    })();
    await runtime.advance(10);
    await work;
    expect(fired).toEqual(['a@10']);
  });

  test('that were cancelled do not fire, also when another timer cancels them at the same time', async () => {
    const { runtime, fired, log } = logged();
    runtime.setTimer(log('never'), 10).cancel();
    runtime.setTimer(() => sibling.cancel(), 20);
    const sibling = runtime.setTimer(log('sibling'), 20);
    await runtime.advance(100);
    expect(fired).toEqual([]);
  });

  test('can be cancelled again, and after they fired, without harm', async () => {
    const { runtime, fired, log } = logged();
    const timer = runtime.setTimer(log('a'), 10);
    runtime.setTimer(log('b'), 20);
    await runtime.advance(10);
    timer.cancel();
    timer.cancel();
    await runtime.advance(10);
    expect(fired).toEqual(['a@10', 'b@20']);
  });

  test('are counted while they wait', async () => {
    const { runtime, log } = logged();
    expect(runtime.pendingTimers).toBe(0);
    const timers = [10, 20, 30].map((delayMs) => runtime.setTimer(log('a'), delayMs));
    expect(runtime.pendingTimers).toBe(3);
    await runtime.advance(10);
    expect(runtime.pendingTimers).toBe(2);
    timers[2]?.cancel();
    expect(runtime.pendingTimers).toBe(1);
    await runtime.advance(10);
    expect(runtime.pendingTimers).toBe(0);
  });

  test('fire in the order of the times they are due, whatever was set and however the clock went', async () => {
    const delays = fc.array(fc.nat(50), { minLength: 1, maxLength: 12 });
    const moves = fc.array(fc.nat(30), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(delays, moves, async (delaysMs, movesMs) => {
        const runtime = manualRuntime({ startMs: 0 });
        const fired: { readonly index: number; readonly atMs: number }[] = [];
        for (const [index, delayMs] of delaysMs.entries()) {
          runtime.setTimer(() => fired.push({ index, atMs: runtime.now() }), delayMs);
        }
        for (const ms of movesMs) await runtime.advance(ms);
        const untilMs = movesMs.reduce((sum, ms) => sum + ms, 0);
        const expected = delaysMs
          .map((atMs, index) => ({ index, atMs }))
          .filter(({ atMs }) => atMs <= untilMs)
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        expect(fired).toEqual(expected);
        expect(runtime.pendingTimers).toBe(delaysMs.length - expected.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the chance of manualRuntime', () => {
  const draw = (count: number, seed?: number): number[] => {
    const runtime = manualRuntime(seed === undefined ? {} : { seed });
    return Array.from({ length: count }, () => runtime.random());
  };

  test('draws the published sequence of mulberry32', () => {
    expect(draw(3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(draw(100, 7)).toEqual(draw(100, 7));
    expect(draw(3, 7)).not.toEqual(draw(3, 8));
    expect(draw(100)).toEqual(draw(100, 1));
  });

  test('lies from 0 to below 1, evenly', () => {
    const numbers = draw(10_000, 42);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(new Set(numbers).size).toBeGreaterThan(9_990);
  });

  test('is not drawn from by the clock or the timers', async () => {
    const runtime = manualRuntime();
    runtime.setTimer(() => {}, 10);
    await runtime.advance(10);
    expect(runtime.random()).toBe(draw(1)[0]);
  });
});

describe('the abort controllers of manualRuntime', () => {
  test('tell their listeners, and are apart from each other', () => {
    const runtime = manualRuntime();
    const first = runtime.abortController();
    const second = runtime.abortController();
    let told = 0;
    first.signal.addEventListener('abort', () => {
      told += 1;
    });
    first.abort();
    expect([told, first.signal.aborted, second.signal.aborted]).toEqual([1, true, false]);
  });
});
