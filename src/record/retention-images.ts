import type { Storage } from '../ports/storage.js';
import { findAutomationImages } from './automation-images.js';
import { type ImageState, imageOfState, imageStateKey, imageUses, imageUsesOf, isImageShown } from './image-uses.js';
import { deleteImage } from './images.js';
import type { RoundOptions } from './round-options.js';
import { idsFrom } from './sortable-id.js';

/** How many keys are walked over at once. */
const keysPerSlice = 1000;

/** The execution that shows an event's picture is committed behind it, or never: for so long it is waited for, in milliseconds. */
const eventImageMs = 3_600_000;

/**
 * Deletes the pictures that no execution shows any more, and those that none has come to show in time; but none that an automation
 * names.
 */
export async function deleteUnusedImages(storage: Storage, options: RoundOptions): Promise<void> {
  const { executionRetentionMs, nowMs, giveWay, isStopped } = options;
  const unusedFrom: Readonly<Record<string, string>> = {
    host: idsFrom(nowMs - executionRetentionMs),
    event: idsFrom(nowMs - Math.min(eventImageMs, executionRetentionMs)),
  } satisfies Record<Exclude<ImageState, 'shown'>, string>;
  let named: ReadonlySet<string> | undefined;

  /** For a picture that no execution was seen to show. */
  const settle = async (handle: string): Promise<void> => {
    const stateRecord = await storage.get(imageStateKey(handle));
    if (stateRecord === undefined) return;
    const from = unusedFrom[String(stateRecord.value['state'])];
    if (from !== undefined && handle >= from) return;
    named ??= await findAutomationImages(storage, options);
    // One may have come to show it since the keys were listed; one that comes from here on changes the state's revision.
    if (isStopped() || named.has(handle) || (await isImageShown(storage, handle))) return;
    await deleteImage(storage, handle, stateRecord.revision);
  };

  let previous = '';
  let after: { readonly after: string } | undefined;
  while (!isStopped()) {
    const page = await storage.listKeys({ prefix: imageUses, limit: keysPerSlice, ...after });
    for (const key of page.keys) {
      const handle = imageOfState(key);
      if (handle !== undefined && !previous.startsWith(imageUsesOf(handle))) {
        if (isStopped()) return;
        await settle(handle);
        await giveWay();
      }
      previous = key;
    }
    if (page.next === undefined) return;
    after = { after: page.next };
    await giveWay();
  }
}
