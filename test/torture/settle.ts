import { setTimeout as pause } from 'node:timers/promises';
import { fileStorage } from 'tocsin/storage/file';
import { isDeliveryLane } from '../../src/record/keys.js';
import { emitClosingEvents } from './closing-events.js';
import type { World } from './world.js';

/**
 * How long each thing may take once nobody is killed any more, in milliseconds: longer than a lane rests after three failures,
 * shorter than the lease that a dead process had.
 */
const boundMs = 25_000;

/** Lets everything come to its end: all is answered, all is delivered, all processes have closed. */
export async function settle(world: World): Promise<void> {
  const { places, log, counts, path, wrong } = world;

  const wait = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const startedMs = performance.now();
    while (!(await isSo())) {
      if (world.isBroken || performance.now() - startedMs > boundMs) {
        wrong.push(`not ${what} after ${boundMs / 1000} s`);
        return;
      }
      await pause(20);
    }
  };

  const isAnswered = (): boolean => places.every(({ waiting }) => waiting === 0);
  await wait('all emits were answered', isAnswered);
  await emitClosingEvents(log, places, counts.planned);
  await wait('all closing emits were answered', isAnswered);
  await wait('all messages were delivered', world.isDelivered);
  // What nobody was told of waits in the storage alone.
  const storage = fileStorage({ path });
  await wait('all lanes were empty', async () => {
    const lanes = await storage.lanes({ limit: 1000 });
    return !lanes.some(isDeliveryLane);
  });
  await storage.close();

  for (const place of places) place.close();
  for (const place of places) {
    const { exitCode, errors } = await place.ended();
    if (exitCode !== 0 || errors !== '') wrong.push(`a process closed with ${exitCode}: ${errors}`);
  }
}
