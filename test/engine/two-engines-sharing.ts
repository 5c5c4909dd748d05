import type { EngineOptions, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { openShared, type SharedData } from '../storage/shared-storage.js';
import { type OpenedEngine, openEngine } from '../support/open-engine.js';

/** Two engines as two processes have them: one storage, two handles. */
export interface TwoEngines {
  readonly runtime: ManualRuntime;
  /** What both see, without the detour of a handle. */
  readonly kept: Storage;
  readonly one: OpenedEngine;
  readonly other: OpenedEngine;
  /** Lets the time pass in which a change must have come through, and what it sets off. */
  hearOfIt(): Promise<void>;
}

/** How the second engine's storage differs, for a test that makes it fail. */
type Handle = (storage: Storage) => Storage;

/** Opens two engines on one storage. */
export async function openTwo(
  options: Partial<EngineOptions> = {},
  handle: Handle = (storage) => storage,
): Promise<TwoEngines> {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  const data: SharedData = { kept, queue: Promise.resolve() };
  const one = await openEngine({ ...options, storage: openShared(data), runtime });
  const other = await openEngine({ ...options, storage: handle(openShared(data)), runtime });
  const hearOfIt = async (): Promise<void> => {
    // A look that is still under way began too early, and the next is due only once it has ended.
    await quiet(runtime, data);
    await runtime.advance(options.refreshMs ?? 1000);
    await quiet(runtime, data);
  };
  await hearOfIt();
  return { runtime, kept, one, other, hearOfIt };
}

/** Resolves when no handle has anything under way. */
export async function quiet(runtime: ManualRuntime, data: SharedData): Promise<void> {
  for (let before: unknown; before !== data.queue; ) {
    before = data.queue;
    await data.queue;
    await runtime.advance(0);
  }
}
