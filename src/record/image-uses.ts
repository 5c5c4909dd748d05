import type { Write } from '../ports/storage.js';
import { storageKey } from './keys.js';

/** Whence a picture is: the host gave it to `engine.images`, or an event brought it. */
export type ImageOrigin = 'host' | 'event';

/** How the keys begin that tell of each picture whence it is and which executions show it. */
export const imageUses = 'image-use/';

/** How those of one picture begin. */
export function imageUsesOf(handle: string): string {
  return `${storageKey('image-use', handle)}/`;
}

/** Says whence a picture is. */
export function putImageOrigin(handle: string, origin: ImageOrigin): Write {
  return { type: 'put', key: storageKey('image-use', handle, origin), value: {} };
}

/** Says that an execution shows a picture: from then on it is kept until all executions that do have been deleted. */
export function putImageUse(handle: string, executionId: string): Write {
  return { type: 'put', key: storageKey('image-use', handle, executionId), value: {} };
}

/** What the executions and origins are, behind the handle, of what {@link imageUses} begins. */
export function readImageUse(key: string): { readonly handle: string; readonly user: string } {
  const [, handle = '', user = ''] = key.split('/');
  return { handle, user };
}
