import { resolve } from 'node:path';
import { TocsinError } from '../../../src/index.js';
import { checkAdapterOptions } from '../../../src/ports/adapter-options.js';
import { attempt } from './attempt.js';

/** What `fileStorage` takes. */
export interface FileStorageOptions {
  /**
   * The folder, on a disk of this host, not on a network's. It is made with mode 0700 when it is missing; its files get mode
   * 0600; what is there keeps its modes. Other things in it are not touched. A relative path starts at the working folder of
   * this moment, wherever the process goes later.
   */
  readonly path: string;
  /**
   * How many bytes may be kept, from 1 MiB. Then writing is refused with `storage_full`, but for what only deletes. The file can be a
   * little larger. Every process that opens the folder has its own bound.
   *
   * @default 16 GiB
   */
  readonly maxBytes?: number;
  /**
   * What a commit that resolved survives: `disk` the loss of power, `process` the end of the process in any way. With `process` the loss
   * of power can damage the file.
   *
   * @default 'disk'
   */
  readonly durability?: 'disk' | 'process';
  /** The clock by which lane leases expire, in epoch milliseconds; the same for all who share the folder. @default Date.now */
  readonly now?: () => number;
}

/** The options with their defaults. */
export type FileSettings = Required<FileStorageOptions>;

const minBytes = 2 ** 20;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws `invalid_options`.
 */
export function settingsOf(options: FileStorageOptions): FileSettings {
  checkAdapterOptions(options, { path: 'text', maxBytes: 'number', durability: 'text', now: 'function' });
  const { path, maxBytes = 2 ** 34, durability = 'disk', now = Date.now } = options;
  if (typeof path !== 'string' || path === '' || path.includes('\0')) refuse('Expected the path of a folder at path');
  // There is no working folder any more when it has been removed.
  const folder =
    attempt(() => resolve(path)) ?? refuse('Expected an absolute path at path: the working folder is gone');
  if (!Number.isSafeInteger(maxBytes) || maxBytes < minBytes) {
    refuse(`Expected a whole number of bytes from ${minBytes} at maxBytes, got ${maxBytes}`);
  }
  if (durability !== 'disk' && durability !== 'process') refuse("Expected 'disk' or 'process' at durability");
  return { path: folder, maxBytes, durability, now };
}

function refuse(message: string): never {
  throw new TocsinError({ code: 'invalid_options', message });
}
