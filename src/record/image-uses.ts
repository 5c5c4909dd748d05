import type { Storage, Write } from '../ports/storage.js';
import { storageKey } from './keys.js';

/** Whence a picture is: the host gave it to `engine.images`, or an event brought it. */
export type ImageOrigin = 'host' | 'event';

/** Whence a picture is, until an execution shows it for the first time. */
export type ImageState = ImageOrigin | 'shown';

/** How the keys begin that tell of each picture which executions show it and, behind those, its state. */
export const imageUses = 'image-use/';

/** What stands in an execution's place in the key of a picture's state: behind every id. */
const state = 'state';

/** How those of one picture begin. */
export function imageUsesOf(handle: string): string {
  return `${storageKey('image-use', handle)}/`;
}

/** Where a picture's state stands. Each use puts it anew, so that its revision tells whether there has been one since. */
export function imageStateKey(handle: string): string {
  return storageKey('image-use', handle, state);
}

/** Says in what state a picture is. */
export function putImageState(handle: string, state: ImageState): Write {
  return { type: 'put', key: imageStateKey(handle), value: { state } };
}

/** Says that an execution shows a picture: from then on it is kept until all executions that do have been deleted. */
export function putImageUse(handle: string, executionId: string): Write[] {
  return [{ type: 'put', key: imageUseKey(handle, executionId), value: {} }, putImageState(handle, 'shown')];
}

/** Says that an execution no longer shows a picture. */
export function deleteImageUse(handle: string, executionId: string): Write {
  return { type: 'delete', key: imageUseKey(handle, executionId) };
}

/** Whether an execution shows a picture. */
export async function isImageShown(storage: Storage, handle: string): Promise<boolean> {
  const { keys } = await storage.listKeys({ prefix: imageUsesOf(handle), limit: 1 });
  return keys.some((key) => key !== imageStateKey(handle));
}

/** The picture whose state a key tells; `undefined` for a key of a use. */
export function imageOfState(key: string): string | undefined {
  const [, handle, user] = key.split('/');
  return user === state ? handle : undefined;
}

function imageUseKey(handle: string, executionId: string): string {
  return storageKey('image-use', handle, executionId);
}
