import { statfsSync } from 'node:fs';
import { TocsinError, type TocsinErrorCode } from '../../../src/index.js';

/** Codes of lmdb and of the operating system, and what they mean to a user. */
const codes: Readonly<Record<string, TocsinErrorCode>> = {
  // The map is full, and the numbers of EFBIG, ENOSPC and EDQUOT, which lmdb gives.
  '-30792': 'storage_full',
  '27': 'storage_full',
  '28': 'storage_full',
  '122': 'storage_full',
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  EFBIG: 'storage_full',
  // A page is missing, a page is of the wrong type, the file is none of lmdb's, it is of another version of lmdb, a tree is
  // too deep, a page has no room that should have, a table is of another kind.
  '-30797': 'storage_corrupt',
  '-30796': 'storage_corrupt',
  '-30793': 'storage_corrupt',
  '-30794': 'storage_corrupt',
  '-30787': 'storage_corrupt',
  '-30786': 'storage_corrupt',
  '-30784': 'storage_corrupt',
  // lmdb has met a fault before, there are too many readers, a reader has lost its place, a transaction can't be used, a problem.
  '-30795': 'storage_unavailable',
  '-30790': 'storage_unavailable',
  '-30783': 'storage_unavailable',
  '-30782': 'storage_unavailable',
  '-30779': 'storage_unavailable',
  // The process, or the host, has no more files that it may open.
  '23': 'storage_unavailable',
  '24': 'storage_unavailable',
  ENFILE: 'storage_unavailable',
  EMFILE: 'storage_unavailable',
  // Somebody has removed the folder.
  ENOENT: 'storage_unavailable',
  '1': 'storage_forbidden',
  '13': 'storage_forbidden',
  '30': 'storage_forbidden',
  EPERM: 'storage_forbidden',
  EACCES: 'storage_forbidden',
  EROFS: 'storage_forbidden',
  ENOTDIR: 'invalid_options',
  ENAMETOOLONG: 'invalid_options',
  ELOOP: 'invalid_options',
};

/** The number of EIO, which lmdb also gives when the last room of a disk was too little for all that it wrote. */
const inputOutput = '5';

const advice: Partial<Readonly<Record<TocsinErrorCode, string>>> = {
  invalid_options: 'Expected a folder at path',
  storage_full: 'There is no room to write',
  storage_unavailable: 'lmdb can not go on; close the storage and open it again',
  storage_corrupt: 'The file is damaged, or no database of tocsin',
  storage_forbidden: 'The process may not read and write',
};

const tooManyOpen = 'Too many files are open; raise the limit (ulimit -n)';

/** Where the code says too little. */
const adviceByName: Readonly<Record<string, string>> = {
  '23': tooManyOpen,
  '24': tooManyOpen,
  ENFILE: tooManyOpen,
  EMFILE: tooManyOpen,
  ENOENT: 'The folder, or something in it, is gone',
};

/** Makes an error of lmdb or of the file system one that says what to do; what is not known stays as it is. */
export function toFault(cause: unknown, path: string): unknown {
  if (TocsinError.is(cause)) return cause;
  const name = String((cause as { readonly code?: unknown } | null)?.code);
  const code = name === inputOutput && isDiskFull(path) ? 'storage_full' : codes[name];
  if (code === undefined) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new TocsinError({ code, message: `${adviceByName[name] ?? advice[code]}: ${path} (${why})`, cause });
}

function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize < 2 ** 20;
  } catch {
    // The folder is gone, and with it the disk, perhaps.
    return false;
  }
}

/**
 * The reason for which lmdb rejected a batch. Its error tells that in a promise of its own.
 */
export async function reasonOf(error: unknown): Promise<unknown> {
  const reason = (error as { readonly commitError?: Promise<unknown> } | null)?.commitError;
  if (reason === undefined) return error;
  return reason.then(
    () => error,
    (cause) => cause,
  );
}

/** Whether there was no room. */
export function isFull(error: unknown): boolean {
  return TocsinError.is(error) && error.code === 'storage_full';
}
