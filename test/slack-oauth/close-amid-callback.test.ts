import { expect, test } from 'vitest';
import { openHost } from './open-host.js';

test('an installation that an engine closes amid is told so, leaves nothing behind, and can be made again', async () => {
  let hasReached = (): void => {};
  const isReached = new Promise<void>((resolve) => {
    hasReached = resolve;
  });
  let goOn = (): void => {};
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const host = await openHost({
    wrap: (storage) => ({
      ...storage,
      async commit(commit) {
        const isSealing = JSON.stringify(commit).includes('"sealed-secret/');
        if (isSealing) {
          hasReached();
          await mayGoOn;
        }
        return storage.commit(commit);
      },
    }),
  });
  const installing = host.install();
  await isReached;
  await host.engine.close();
  goOn();
  const page = await installing;
  expect(page.status).toBe(503);
  expect(page.text).toContain('Go back and connect Slack again.');
  expect(host.told.join('\n')).toContain('engine_closed');

  const restarted = await openHost({ beside: host });
  await host.runtime.advance(900_001);
  await restarted.oauth.cleanUp();
  expect(await restarted.list()).toEqual([]);
  expect(await restarted.secrets.names()).toEqual([]);
  expect((await restarted.install()).status).toBe(200);
  expect(await restarted.list()).toHaveLength(1);
});
