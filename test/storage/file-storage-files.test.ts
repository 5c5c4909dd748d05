import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TocsinError } from 'tocsin';
import { type FileStorageOptions, fileStorage } from 'tocsin/storage/file';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../adapters/storage/file/open-database.js';
import { storageFolders } from './storage-folders.js';

const newPath = storageFolders();

/** Makes a storage with some thousand records, and closes it. */
async function makeStorage(path = newPath(), records = 2000): Promise<string> {
  const storage = fileStorage({ path, durability: 'process' });
  for (let start = 0; start < records; start += 500) {
    const write = Array.from({ length: 500 }, (_, index) => {
      return {
        type: 'put' as const,
        key: `k/${start + index}`,
        value: { text: 'x'.repeat(index % 50 === 0 ? 9000 : 100) },
      };
    });
    await storage.commit({ steps: [{ write }] });
  }
  await storage.close();
  return path;
}

function codeOf(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    if (TocsinError.is(error)) return error.code;
    throw error;
  }
  return 'no error';
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const withPath = (path: string) => codeOf(() => fileStorage({ path }));

describe('the folder of fileStorage', () => {
  test('is made with mode 700 and its files with 600, whatever the umask', async () => {
    for (const mask of [0o000, 0o022, 0o777]) {
      const path = join(newPath());
      const before = process.umask(mask);
      const storage = fileStorage({ path });
      process.umask(before);
      await storage.commit({ steps: [{ write: [{ type: 'put', key: 'a', value: {} }] }] });
      expect(modeOf(path)).toBe('700');
      expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb', expect.stringMatching(/^process-/)]);
      for (const name of readdirSync(path)) expect(modeOf(join(path, name))).toBe('600');
      await storage.close();
      expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb']);
    }
  });

  test('is made with the folders above it, and taken as it is when it is there', async () => {
    const path = join(newPath(), 'a.b', 'c');
    await fileStorage({ path }).close();
    mkdirSync(join(path, 'mine'));
    writeFileSync(join(path, 'notes.txt'), 'mine');
    chmodSync(path, 0o750);
    await fileStorage({ path }).close();
    expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb', 'mine', 'notes.txt']);
    expect(modeOf(path)).toBe('750');
  });

  test('must be a folder', async () => {
    const path = newPath();
    writeFileSync(path, 'a file');
    expect(withPath(path)).toBe('invalid_options');
    expect(withPath(join(path, 'below'))).toBe('invalid_options');
    expect(readFileSync(path, 'utf8')).toBe('a file');
  });

  test('is refused with storage_forbidden where the process has no rights', async (context) => {
    if (process.getuid?.() !== 0 || process.seteuid === undefined) {
      return context.skip('only root can try it as somebody else');
    }
    const [ours, read, parent] = [await makeStorage(), await makeStorage(), newPath()];
    chmodSync(dirname(ours), 0o755);
    mkdirSync(parent, { mode: 0o755 });
    chmodSync(read, 0o755);
    chmodSync(join(read, 'data.mdb'), 0o644);
    process.seteuid(65_534);
    try {
      expect(withPath(ours)).toBe('storage_forbidden');
      expect(withPath(read)).toBe('storage_forbidden');
      expect(withPath(join(parent, 'below'))).toBe('storage_forbidden');
    } finally {
      process.seteuid(0);
    }
    await makeStorage(ours, 500);
  });
});

describe('the options of fileStorage', () => {
  test.each<[string, unknown]>([
    ['no path', {}],
    ['an empty path', { path: '' }],
    ['a path with a zero', { path: '/tmp/a\0b' }],
    ['a path that is no text', { path: 5 }],
    ['a misspelt option', { path: '/tmp/never-made', durabilty: 'disk' }],
    ['an unknown durability', { path: '/tmp/never-made', durability: 'memory' }],
    ['a bound that is too small', { path: '/tmp/never-made', maxBytes: 1000 }],
    ['a bound that is no number', { path: '/tmp/never-made', maxBytes: Number.NaN }],
    ['nothing at all', undefined],
  ])('with %s are refused', (_, options) => {
    expect(codeOf(() => fileStorage(options as FileStorageOptions))).toBe('invalid_options');
  });
});

describe('a file that is damaged, or none of ours,', () => {
  /** Damages the file of a storage, and checks that it is refused and stays as it is. */
  async function isRefused(damage: (file: string) => void, code = 'storage_corrupt'): Promise<void> {
    const path = await makeStorage();
    const file = join(path, 'data.mdb');
    damage(file);
    const before = readFileSync(file);
    expect(withPath(path)).toBe(code);
    expect(readFileSync(file).equals(before)).toBe(true);
  }

  test('is refused when it is empty', () => isRefused((file) => truncateSync(file, 0)));

  test('is refused wherever it is cut off', async () => {
    const path = await makeStorage();
    const file = join(path, 'data.mdb');
    const whole = readFileSync(file);
    for (const share of [0.00001, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95]) {
      writeFileSync(file, whole.subarray(0, Math.floor(whole.length * share)));
      expect(withPath(path), `${share}`).toBe('storage_corrupt');
    }
    writeFileSync(file, whole);
    expect(withPath(path)).toBe('no error');
  });

  test('is refused when it is a text', () => isRefused((file) => writeFileSync(file, 'Dear diary, '.repeat(10_000))));

  test.each([
    ['the magic number', 24],
    ['the magic number of the second head', 4096 + 24],
    ['the size of pages', 48],
    ['the kind of page', 18],
    ['the version', 28],
  ])('is refused when %s is another', (_, offset) =>
    isRefused((file) => {
      const bytes = readFileSync(file);
      bytes.writeUInt8(bytes.readUInt8(offset) ^ 0xff, offset);
      writeFileSync(file, bytes);
    }),
  );

  test('is refused when its first pages have been overwritten', () =>
    isRefused((file) => {
      const bytes = readFileSync(file);
      bytes.fill(0, 2 * 4096);
      writeFileSync(file, bytes);
    }));

  test("is refused when it is a folder, or somebody else's database", async () => {
    const folder = newPath();
    mkdirSync(join(folder, 'data.mdb'), { recursive: true });
    expect(withPath(folder)).toBe('storage_corrupt');

    const path = newPath();
    const { open } = createRequire(import.meta.url)('lmdb');
    const other = open({ path, noSubdir: false });
    await other.put('theirs', { n: 1 });
    await other.close();
    const before = readFileSync(join(path, 'data.mdb'));
    expect(withPath(path)).toBe('storage_corrupt');
    expect(readFileSync(join(path, 'data.mdb')).equals(before)).toBe(true);
  });

  test('does not keep a storage from being made elsewhere, nor from being opened when it has been restored', async () => {
    const path = await makeStorage();
    const whole = readFileSync(join(path, 'data.mdb'));
    truncateSync(join(path, 'data.mdb'), 10_000);
    expect(withPath(path)).toBe('storage_corrupt');
    await makeStorage();
    writeFileSync(join(path, 'data.mdb'), whole);
    const storage = fileStorage({ path });
    expect((await storage.listKeys({ prefix: '', limit: 5000 })).keys).toHaveLength(2000);
    await storage.close();
  });
});

describe('the format of the file', () => {
  const noStep = () => {};

  test('of a newer version is refused, with both versions named, and nothing is changed', async () => {
    const path = newPath();
    await openDatabase({ path, durability: 'disk' }, [noStep, noStep]).root.close();
    const before = readFileSync(join(path, 'data.mdb'));
    expect(() => fileStorage({ path })).toThrow(/format 1 .* got 3/);
    expect(withPath(path)).toBe('storage_format');
    expect(readFileSync(join(path, 'data.mdb')).equals(before)).toBe(true);
  });

  test('of an older version is brought up to date, step by step, once', async () => {
    const path = await makeStorage(newPath(), 500);
    const steps = [2, 3].map((to) => (tables: ReturnType<typeof openDatabase>['tables']) => {
      for (const key of [...tables.records.getKeys({ start: 'k/', end: 'k/\u00ff' })]) {
        tables.records.put(key, `${tables.records.get(key)?.slice(0, -1)},"to${to}":true}`);
      }
    });
    const migrated = openDatabase({ path, durability: 'disk' }, steps);
    expect(migrated.tables.records.get('k/1')).toMatch(/"to2":true,"to3":true}$/);
    await migrated.root.close();
    const again = openDatabase({ path, durability: 'disk' }, steps);
    expect(again.tables.records.get('k/1')?.match(/to\d/g)).toEqual(['to2', 'to3']);
    await again.root.close();
    expect(withPath(path)).toBe('storage_format');
  });

  test('stays what it was when a step of bringing it up to date fails', async () => {
    const path = await makeStorage(newPath(), 500);
    const spoil = (tables: ReturnType<typeof openDatabase>['tables']) => {
      tables.records.put('k/1', 'spoilt');
      throw new Error('The disk fell out');
    };
    expect(() => openDatabase({ path, durability: 'disk' }, [noStep, spoil])).toThrow('The disk fell out');
    const storage = fileStorage({ path });
    expect((await storage.get('k/1'))?.value).toEqual({ text: 'x'.repeat(100) });
    await storage.close();
  });
});

describe('without lmdb', () => {
  test('fileStorage says how to install it, and makes nothing', () => {
    const loader = createRequire(import.meta.url)('node:module');
    const load = loader._load;
    loader._load = (request: string, ...rest: unknown[]) => {
      if (request === 'lmdb') throw Object.assign(new Error("Cannot find module 'lmdb'"), { code: 'MODULE_NOT_FOUND' });
      return load(request, ...rest);
    };
    const path = newPath();
    try {
      expect(withPath(path)).toBe('dependency_missing');
      expect(() => fileStorage({ path })).toThrow('npm install lmdb');
    } finally {
      loader._load = load;
    }
    expect(() => statSync(path)).toThrow('ENOENT');
  });
});
