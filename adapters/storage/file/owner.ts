import { fchownSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './attempt.js';

/**
 * Gives what root makes in the folder of another to that one: who looks at a service's storage once with root's rights leaves nothing
 * that the service may not open.
 *
 * Where it was made is asked of the system, not by name: another could have put another folder in the place of theirs meanwhile. A system
 * that can't tell gives nothing away.
 *
 * @param handle - Of the file or folder.
 * @param way - From there to the folder.
 */
export function giveToOwner(handle: number, way: '..' | '../..' = '..'): void {
  if (process.geteuid?.() !== 0) return;
  const folder = attempt(() => join(readlinkSync(`/proc/self/fd/${handle}`), way));
  const owner = folder === undefined ? undefined : attempt(() => statSync(folder));
  // Not every file system can do it.
  if (owner !== undefined && owner.uid !== 0) attempt(() => fchownSync(handle, owner.uid, owner.gid));
}
