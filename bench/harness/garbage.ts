import { setTimeout as sleep } from 'node:timers/promises';

/** The collector sweeps on behind the program's back, the longer the larger the heap; meanwhile all takes twice its time. */
const leastSweepingMs = 20;
const sweepingMsPerMegabyte = 0.4;

/** Collects what nobody holds any more. Needs `--expose-gc`. */
function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('Expected node --expose-gc');
  globalThis.gc();
}

/** The same, and waits until it is swept, so that none of it is charged to whoever comes next. */
export async function settleHeap(): Promise<void> {
  collectGarbage();
  await sleep(leastSweepingMs + (sweepingMsPerMegabyte * process.memoryUsage().heapUsed) / 1e6);
}
