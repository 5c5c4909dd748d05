import { TocsinError } from 'tocsin';
import { expect, test } from 'vitest';
import { createHost } from './engines.js';

/** Longer than a process that is silent counts as alive. */
const silentMs = 31_000;

const lanesOf = async (host: ReturnType<typeof createHost>): Promise<readonly string[]> =>
  host.kept.lanes({ limit: 1000 });

test('processes that died before they had saved anything leave nothing behind', async () => {
  const host = createHost({ shared: true });
  for (let died = 0; died < 5; died += 1) await host.start();
  expect(await lanesOf(host)).toHaveLength(5);
  const last = await host.start();
  await last.pass(silentMs);
  const next = await host.start();
  // The one that is alive and the new one.
  expect(await lanesOf(host)).toHaveLength(2);
  await next.engine.close();
  await last.engine.close();
  expect(await lanesOf(host)).toEqual([]);
});

test('an engine that could not be made is known to nobody', async () => {
  let isOut = false;
  const host = createHost({
    shared: true,
    change: (storage) => ({
      ...storage,
      lanes: (query) => (isOut && query.after === undefined ? Promise.reject(new Error('away')) : storage.lanes(query)),
    }),
  });
  isOut = true;
  await expect(host.start()).rejects.toSatisfy(TocsinError.is);
  isOut = false;
  expect(await lanesOf(host)).toEqual([]);
});
