import fc from 'fast-check';
import { runEvent } from 'tocsin';
import { expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { createHost, type Host, keysOf } from './engines.js';
import { watch } from './streams.js';

const step = fc.record({ id: fc.integer({ min: 0, max: 9 }), settles: fc.boolean() });

/** The losses of the only run as they stand in the storage. */
async function savedLosses(host: Host): Promise<readonly number[]> {
  const [key = ''] = await keysOf(host, 'run/');
  const stored = (await host.kept.get(key))?.value as { record?: { metrics?: { values: number[] }[] } } | undefined;
  return stored?.record?.metrics?.[0]?.values ?? [];
}

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
        const losses = await savedLosses(host);
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
