import { fchownSync, statSync } from 'node:fs';
import { attempt } from './attempt.js';

/**
 * Gives what root makes in the folder of another to that one: who looks at a service's storage once with root's rights leaves nothing
 * that the service may not open.
 *
 * @param handle - Of the file or folder: in a place of another, a name may lead elsewhere by now.
 */
export function giveToOwner(handle: number, folder: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  // Not every file system can do it.
  if (uid !== 0) attempt(() => fchownSync(handle, uid, gid));
}
