import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { TocsinError } from '../../../src/index.js';
import { findBadPage } from './page-walk.js';

/** What the head of a file says. It stands there twice, and each commit writes the one that is older. */
interface Head {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  /** The first pages of the list of free pages, and of everything else; -1 for none. */
  readonly roots: readonly bigint[];
}

/** Where things stand in a head, in bytes, as lmdb's version 2 of its format writes them. */
const at = {
  flags: 18,
  magic: 24,
  version: 28,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  transaction: 152,
};

const headBytes = 168;
const headFlag = 0x08;
const magic = 0xbeefc0de;
const lmdbFormat = 2;

/** How often a head is read until it is the same twice: others may be writing. */
const maxReadings = 20;

/**
 * Looks at a file before lmdb does: lmdb maps it into memory, where a page that is missing would end the process.
 *
 * @throws `TocsinError` with code `storage_corrupt`; whatever the file system throws.
 */
export function checkDataFile(file: string): void {
  checkIsFile(file);
  const handle = openSync(file, 'r');
  try {
    let head = readHead(handle, file);
    for (let reading = 1; reading < maxReadings; reading += 1) {
      const isWhole = (head.lastPage + 1) * head.pageSize <= fstatSync(handle).size;
      // The last pages are missing where they were free when they would have been written first: only then all are visited.
      const badPage = findBadPage(handle, head.pageSize, head.roots, isWhole ? 'roots' : 'all');
      if (badPage === undefined) return;
      const again = readHead(handle, file);
      if (again.transaction === head.transaction) {
        corrupt(file, `${fstatSync(handle).size} bytes, page ${badPage} of ${head.lastPage} is missing or no page`);
      }
      // Somebody has written meanwhile, so pages may have been used again while they were visited.
      head = again;
    }
  } finally {
    closeSync(handle);
  }
}

/**
 * Checks that what is there is a file: to open a pipe would wait for ever.
 *
 * @throws `TocsinError` with code `storage_corrupt`; whatever the file system throws.
 */
export function checkIsFile(file: string): void {
  const about = statSync(file, { throwIfNoEntry: false });
  if (about?.isFile()) return;
  const got = about === undefined ? 'a link to nothing' : 'something else';
  throw new TocsinError({ code: 'storage_corrupt', message: `Expected a file, got ${got}: ${file}` });
}

function readHead(handle: number, file: string): Head {
  const first = readOne(handle, 0, file);
  const second = readOne(handle, first.pageSize, file);
  return first.transaction > second.transaction ? first : second;
}

function readOne(handle: number, offset: number, file: string): Head {
  let bytes = Buffer.alloc(headBytes);
  for (let reading = 0; reading < maxReadings; reading += 1) {
    const again = Buffer.alloc(headBytes);
    if (readSync(handle, again, 0, headBytes, offset) < headBytes) corrupt(file, 'it is empty or cut off');
    if (reading > 0 && again.equals(bytes)) break;
    bytes = again;
  }
  if (bytes.readUInt32LE(at.magic) !== magic || (bytes.readUInt16LE(at.flags) & headFlag) === 0) {
    corrupt(file, 'it does not begin as a database of lmdb does');
  }
  const version = bytes.readUInt16LE(at.version);
  if (version !== lmdbFormat) corrupt(file, `lmdb's own format is ${version} instead of ${lmdbFormat}`);
  const pageSize = bytes.readUInt32LE(at.pageSize);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    corrupt(file, `pages of ${pageSize} bytes`);
  return {
    pageSize,
    lastPage: Number(bytes.readBigUInt64LE(at.lastPage)),
    transaction: bytes.readBigUInt64LE(at.transaction),
    roots: [bytes.readBigInt64LE(at.freeRoot), bytes.readBigInt64LE(at.mainRoot)],
  };
}

function corrupt(file: string, what: string): never {
  const message = `Expected a whole database of lmdb, got a file that is damaged or of something else: ${file} (${what})`;
  throw new TocsinError({ code: 'storage_corrupt', message });
}
