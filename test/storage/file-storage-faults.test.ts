import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TocsinError } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { describe, expect, test } from 'vitest';
import { isSomebodyOpening, openAlone } from '../../adapters/storage/file/opening.js';
import { storageFolders } from './storage-folders.js';

const newPath = storageFolders();
const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const program = fileURLToPath(new URL('../programs/meet-file-faults.ts', import.meta.url));
const tsx = pathToFileURL(fileURLToPath(import.meta.resolve('tsx'))).href;
const [root, service] = [0, 65_534];
const isRoot = process.getuid?.() === root;

/** Opens a folder in a process of its own, and says what came of it: a signal, where it came to its end. */
function outcomeOf(path: string, missing: string, amount = 0, limit = 'true'): string {
  const command = [process.execPath, '--import', tsx, program, path, missing, String(amount)];
  const run = ['-c', `${limit}; exec "$@"`, 'sh', ...command];
  const { signal, stdout } = spawnSync('/bin/sh', run, { cwd: projectFolder, encoding: 'utf8', timeout: 30_000 });
  return signal ?? stdout;
}

function codeOf(path: string): string {
  try {
    fileStorage({ path });
  } catch (error) {
    if (TocsinError.is(error)) return error.code;
    throw error;
  }
  return 'no error';
}

async function makeStorage(path = newPath()): Promise<string> {
  const storage = fileStorage({ path });
  await storage.commit({ steps: [{ write: [{ type: 'put', key: 'a', value: {} }] }] });
  await storage.close();
  return path;
}

/** Makes a folder of somebody who is not root, whom the folders above it let through. */
function folderOfService(): string {
  const path = newPath();
  mkdirSync(path, { mode: 0o700 });
  chmodSync(dirname(path), 0o755);
  chownSync(path, service, service);
  return path;
}

const ownersIn = (path: string) => readdirSync(path).map((name) => statSync(join(path, name)).uid);

describe('a relative path', () => {
  test('is where it was when the storage was opened, wherever the process goes then', async () => {
    const [one, other] = [newPath(), newPath()];
    mkdirSync(one);
    mkdirSync(join(other, 'kept'), { recursive: true });
    const before = process.cwd();
    process.chdir(one);
    try {
      const storage = fileStorage({ path: 'kept' });
      process.chdir(other);
      mkdirSync(join(one, 'kept', 'opening'));
      writeFileSync(join(one, 'kept', 'opening', '11111111-1111-1111-1111-111111111111'), '0{"place":"other","pid":1}');
      let isWritten = false;
      const commit = storage.commit({ steps: [{ write: [{ type: 'put', key: 'a', value: {} }] }] }).then(() => {
        isWritten = true;
      });
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(isWritten).toBe(false);
      rmSync(join(one, 'kept', 'opening'), { recursive: true });
      await commit;
      expect(await storage.get('a')).toMatchObject({ revision: 1 });
      await storage.close();
      expect(readdirSync(join(one, 'kept')).sort()).toEqual(['data.mdb', 'lock.mdb']);
      expect(readdirSync(join(other, 'kept'))).toEqual([]);
    } finally {
      process.chdir(before);
    }
  });
});

describe('a process that opens a folder', () => {
  test.each([
    ['a folder', (file: string) => mkdirSync(file)],
    ['a link to nothing', (file: string) => symlinkSync('nowhere', file)],
  ])('goes on with storage_corrupt when its lock.mdb is %s', { timeout: 60_000 }, async (_, spoil) => {
    const path = await makeStorage();
    rmSync(join(path, 'lock.mdb'));
    spoil(join(path, 'lock.mdb'));
    expect(outcomeOf(path, 'nothing')).toBe('storage_corrupt');
    rmSync(join(path, 'lock.mdb'), { recursive: true });
    expect(outcomeOf(path, 'nothing')).toBe('written');
  });

  test('goes on with storage_unavailable as long as it can open too few files, and leaves nothing', {
    timeout: 60_000,
  }, (context) => {
    if (!existsSync('/dev/null')) return context.skip('only where handles can be used up');
    const path = newPath();
    mkdirSync(path);
    const outcomes = outcomeOf(path, 'handles', 30, 'ulimit -n 200').split(' ');
    const [refused, opened] = ['storage_unavailable', 'written'].map((each) => outcomes.filter((one) => one === each));
    expect(refused?.length).toBeGreaterThan(4);
    expect(opened?.length).toBeGreaterThan(4);
    expect(outcomes).toEqual([...(refused ?? []), ...(opened ?? [])]);
    const left = readdirSync(path).flatMap((name) => readdirSync(join(path, name)));
    expect(left.filter((name) => name !== 'data.mdb' && name !== 'lock.mdb')).toEqual([]);
  });

  test('goes on with storage_full where files may not be so large (ulimit -f)', {
    timeout: 60_000,
  }, async (context) => {
    if (!existsSync('/proc/self/limits')) return context.skip('only where a process can read its limits');
    const path = newPath();
    expect(outcomeOf(path, 'nothing', 0, 'ulimit -f 4')).toBe('storage_full');
    expect(readdirSync(path)).toEqual([]);
    // In blocks of 512 bytes, or of 1024.
    expect(outcomeOf(path, 'room', 0, 'ulimit -f 2000')).toBe('storage_full, deleted');
    expect(outcomeOf(path, 'nothing')).toBe('written');
  });

  test('goes on with storage_full when the disk has no room to begin, and leaves nothing', {
    timeout: 60_000,
  }, async (context) => {
    const disk = newPath();
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('a disk of its own can only be mounted by root, where mounting is allowed');
    }
    const fill = (left: number): void => {
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(join(disk, 'other'), Buffer.alloc(bavail * bsize - left));
    };
    try {
      const path = join(disk, 'storage');
      fill(8192);
      expect(outcomeOf(path, 'nothing')).toBe('storage_full');
      expect(readdirSync(path)).toEqual([]);
      rmSync(join(disk, 'other'));
      await makeStorage(path);

      // As when a backup was restored without it.
      rmSync(join(path, 'lock.mdb'));
      fill(4096);
      expect(outcomeOf(path, 'nothing')).toBe('storage_full');
      expect(readdirSync(path)).toEqual(['data.mdb']);
      rmSync(join(disk, 'other'));
      expect(outcomeOf(path, 'nothing')).toBe('written');
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('goes on with storage_forbidden when its lock.mdb is not its own, or only to be read', {
    timeout: 60_000,
  }, async (context) => {
    if (!isRoot) return context.skip('only root can make what belongs to somebody else');
    const path = await makeStorage(folderOfService());
    expect(outcomeOf(path, 'rights', service)).toBe('written');
    chownSync(join(path, 'lock.mdb'), root, root);
    expect(outcomeOf(path, 'rights', service)).toBe('storage_forbidden');
    chownSync(join(path, 'lock.mdb'), service, service);
    chmodSync(join(path, 'lock.mdb'), 0o444);
    expect(outcomeOf(path, 'rights', service)).toBe('storage_forbidden');
    chmodSync(join(path, 'lock.mdb'), 0o600);
    expect(outcomeOf(path, 'rights', service)).toBe('written');
  });
});

describe("root in the folder of somebody else's storage", () => {
  test('leaves nothing that its owner may not open', { timeout: 60_000 }, async (context) => {
    if (!isRoot) return context.skip('only root can look into the folder of somebody else');
    const path = folderOfService();
    const storage = fileStorage({ path });
    expect(ownersIn(path)).toEqual([service, service, service]);
    await storage.close();
    // A backup may be restored without it.
    rmSync(join(path, 'lock.mdb'));
    await makeStorage(path);
    expect(outcomeOf(path, 'rights', service)).toBe('written');
  });

  test('is waited for while it opens it, as anybody else', async (context) => {
    if (!isRoot || process.seteuid === undefined) return context.skip('only root can try it as somebody else');
    const path = await makeStorage(folderOfService());
    const seen = openAlone(path, () => {
      process.seteuid?.(service);
      try {
        return isSomebodyOpening(path);
      } finally {
        process.seteuid?.(root);
      }
    });
    expect(seen.opened).toBe(true);
    expect(statSync(seen.own.file).uid).toBe(service);
    rmSync(seen.own.file);
    expect(existsSync(join(path, 'opening'))).toBe(false);
  });
});

describe('what is no file where the file should be', () => {
  test('is refused with storage_corrupt, and waited for never', async (context) => {
    if (process.platform === 'win32') return context.skip('only where a name can lead to a pipe');
    const path = await makeStorage();
    const file = join(path, 'data.mdb');
    rmSync(file);
    const server = createServer().listen(file);
    await new Promise((resolve) => server.once('listening', resolve));
    expect(codeOf(path)).toBe('storage_corrupt');
    await new Promise((resolve) => server.close(resolve));
    spawnSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', file]);
    expect(statSync(file).isFIFO()).toBe(true);
    expect(codeOf(path)).toBe('storage_corrupt');
    rmSync(file);
    symlinkSync('nowhere', file);
    expect(codeOf(path)).toBe('storage_corrupt');
  });

  test('is refused with invalid_options when it is the folder that leads to nothing', () => {
    const path = newPath();
    symlinkSync('nowhere', path);
    expect(codeOf(path)).toBe('invalid_options');
  });
});
