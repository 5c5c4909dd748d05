import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Makes paths at which nothing is yet, in a folder that is removed when the tests of the file have ended. */
export function storageFolders(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-storage-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return () => {
    count += 1;
    return join(folder, `storage-${count}`);
  };
}
