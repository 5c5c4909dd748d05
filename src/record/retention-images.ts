import type { Storage } from '../ports/storage.js';
import { type ImageOrigin, imageUses, readImageUse } from './image-uses.js';
import { deleteImage } from './images.js';
import { keys } from './keys.js';
import type { RoundOptions } from './round-options.js';
import { idsFrom, isSortableId } from './sortable-id.js';

/** How many keys are walked over at once. */
const keysPerSlice = 1000;

/** The execution that shows an event's picture is committed behind it, or never: for so long it is waited for, in milliseconds. */
const eventImageMs = 3_600_000;

/** A picture, with who shows it: executions, and whence it is. */
interface UsedImage {
  readonly handle: string;
  readonly users: string[];
}

/** Deletes the pictures that no execution shows any more, and those that none has come to show in time. */
export async function deleteUnusedImages(storage: Storage, options: RoundOptions): Promise<void> {
  const { executionRetentionMs, nowMs, giveWay, isStopped } = options;
  const unusedFrom: Readonly<Record<ImageOrigin, string>> = {
    host: idsFrom(nowMs - executionRetentionMs),
    event: idsFrom(nowMs - Math.min(eventImageMs, executionRetentionMs)),
  };

  const isThere = async (executionId: string): Promise<boolean> =>
    (await storage.listKeys({ prefix: keys.execution(executionId), limit: 1 })).keys.length > 0;

  const isUsed = async ({ handle, users }: UsedImage): Promise<boolean> => {
    const executionIds = users.filter(isSortableId);
    if (executionIds.length === 0) return handle >= unusedFrom[users.includes('event') ? 'event' : 'host'];
    // The newest is the last to go.
    for (const executionId of executionIds.reverse()) if (await isThere(executionId)) return true;
    return false;
  };

  const settle = async (image: UsedImage | undefined): Promise<void> => {
    if (image === undefined || isStopped()) return;
    if (!(await isUsed(image))) await deleteImage(storage, image.handle);
    await giveWay();
  };

  let image: UsedImage | undefined;
  let after: { readonly after: string } | undefined;
  while (!isStopped()) {
    const page = await storage.listKeys({ prefix: imageUses, limit: keysPerSlice, ...after });
    for (const { handle, user } of page.keys.map(readImageUse)) {
      if (handle !== image?.handle) {
        await settle(image);
        image = { handle, users: [] };
      }
      image.users.push(user);
    }
    if (page.next === undefined) return settle(image);
    after = { after: page.next };
    await giveWay();
  }
}
