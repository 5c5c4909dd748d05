import fc from 'fast-check';
import { runEvent } from 'tocsin';
import { expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { createHost, type Process } from './engines.js';
import { savedLosses, watch } from './streams.js';

const step = fc.record({ id: fc.integer({ min: 0, max: 9 }), settles: fc.boolean() });

test('whatever is emitted again to a process that takes a run over, each event is in the windows once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 }),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('killed', 'closed'),
      async (first, then, end) => {
        const host = createHost({ shared: true });
        const [one, two] = [await host.start(), await host.start()];
        await watch(one, runEvent.metric('loss').avg(50).gt(100));
        await two.pass(2000);
        const emitTo = ({ engine }: typeof one, id: number) =>
          engine.emit(metricsEvent({ loss: id }, { id: `event ${id}` }));
        for (const id of first) await emitTo(one, id);
        await one.checkpoint();
        if (end === 'closed') await one.engine.close();
        else await two.pass(31_000);
        const unsettled = then.slice(0, then.findIndex(({ settles }) => settles) + 1);
        for (const { id, settles } of then) {
          await emitTo(two, id);
          if (settles) await two.pass(0);
        }
        await two.engine.close();
        const losses = await savedLosses(host, 'run-1');
        expect(new Set(losses).size).toBe(losses.length);
        expect(losses.slice(0, first.length)).toEqual(first);
        // What came before it was known whose the run is may be left out; nothing else.
        if (unsettled.length === 0) return;
        const early = new Set(unsettled.map(({ id }) => id));
        const later = then.map(({ id }) => id).filter((id) => !early.has(id));
        expect(losses).toEqual(expect.arrayContaining(later));
      },
    ),
    { numRuns: 60 },
  );
});

/** The runs that the processes of a random course log. */
const runs = ['one', 'two'];

const act = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('emit'),
      id: fc.integer({ min: 0, max: 19 }),
      process: fc.nat(),
      settles: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('state'), run: fc.constantFrom(...runs), process: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('pass'), ms: fc.constantFrom(0, 1000, 5000, 6000) }) },
  // Killed and stopped ones are taken for dead only after a while.
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('close', 'kill', 'stop'),
      process: fc.nat(),
      thenMs: fc.constantFrom(0, 35_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('goOn', 'start') }) },
);

/** Each id is of one run. */
function emitTo({ engine }: Process, id: number) {
  return engine.emit(metricsEvent({ loss: id }, { id: `event ${id}`, run: { id: id % 2 === 0 ? 'one' : 'two' } }));
}

test('whichever processes close, die, stand still, go on and start, each event is in the windows once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 30, maxLength: 40, size: 'max' }), async (acts) => {
      const host = createHost({ shared: true });
      let alive = [await host.start(), await host.start(), await host.start()];
      const still: Process[] = [];
      const before = new Map(runs.map((run) => [run, [] as readonly number[]]));
      const passAll = async (ms: number): Promise<void> => {
        for (let left = ms; left >= 0; left -= 5000) for (const each of alive) await each.pass(Math.min(left, 5000));
      };
      const close = async ({ engine, pass }: Process): Promise<void> => {
        let isClosed = false;
        const closing = engine.close().then(() => {
          isClosed = true;
        });
        for (let turn = 0; turn < 60 && !isClosed; turn += 1) await pass(1000);
        await closing;
      };
      const check = async (): Promise<void> => {
        for (const [run, had] of before) {
          const losses = await savedLosses(host, run);
          expect(new Set(losses).size).toBe(losses.length);
          expect(losses.slice(0, had.length)).toEqual(had);
          before.set(run, losses);
        }
      };
      const [maker] = alive;
      if (maker !== undefined) await watch(maker, runEvent.metric('loss').avg(50).gt(1000));
      await passAll(2000);
      for (const each of acts) {
        const process = 'process' in each ? alive[each.process % alive.length] : undefined;
        if ('id' in each && process !== undefined) {
          await emitTo(process, each.id);
          if (each.settles) await process.pass(0);
        } else if ('run' in each) await process?.engine.emit(stateEvent('running', { run: { id: each.run } }));
        else if ('ms' in each) await passAll(each.ms);
        else if ('thenMs' in each) {
          if (process === undefined || alive.length === 1) continue;
          alive = alive.filter((other) => other !== process);
          if (each.type === 'close') await close(process);
          if (each.type === 'stop') still.push(process);
          await passAll(each.thenMs);
        } else if (each.type === 'goOn') {
          const process = still.pop();
          if (process === undefined) continue;
          alive.push(process);
          await process.pass(host.now() - process.runtime.now());
        } else if (alive.length < 4) {
          const process = await host.start();
          alive.push(process);
          await process.pass(2000);
        }
        await check();
      }
      for (const each of alive) {
        await close(each);
        await check();
      }
    }),
    { numRuns: 250 },
  );
});
