import fc from 'fast-check';
import { runEvent } from 'tocsin';
import { expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { createHost, type Process } from './engines.js';
import { log, watch } from './streams.js';

const places = [0, 1, 2] as const;
const runIds = ['a', 'b'] as const;
const place = fc.constantFrom(...places);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('log' as const), place, id: fc.constantFrom(...runIds) }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('pass' as const), place, ms: fc.constantFrom(0, 5000, 31_000) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('kill' as const), place }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('close' as const), place }) },
);

test('whatever processes have done to one another, each run comes to belong to one of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const host = createHost({ shared: true });
      const processes = new Map<number, Process>();
      for (const each of places) processes.set(each, await host.start());
      const all = (): Process[] => [...processes.values()];
      await watch(all()[0] as Process, runEvent.metric('loss').avg(50).gt(5));
      for (const each of steps) {
        const process = processes.get(each.place) as Process;
        if (each.type === 'log') await log(process, [1], { run: { id: each.id } });
        else if (each.type === 'pass') await process.pass(each.ms);
        else {
          if (each.type === 'close') await process.engine.close();
          processes.set(each.place, await host.start());
        }
      }
      // All go on side by side, and all log both.
      for (let round = 0; round < 12; round += 1) {
        for (const process of all()) {
          for (const id of runIds) await log(process, [1], { run: { id } });
          await process.pass(5000);
        }
      }
      for (const id of runIds) {
        const samples: number[] = [];
        for (const { engine } of all()) {
          const [automation] = (await engine.automations.list()).items;
          const { filter } = await engine.explain(automation?.id ?? '', metricsEvent({ other: 1 }, {}, id));
          samples.push((filter as { samples: number }).samples);
        }
        expect(samples.filter((count) => count > 0)).toHaveLength(1);
      }
      for (const { errors } of all()) expect(errors).toEqual([]);
    }),
    { numRuns: 15 },
  );
}, 60_000);
