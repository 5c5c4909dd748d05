import { isImageHandle } from '../definition/image.js';
import { describeValue } from '../definition/path.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage, Write } from '../ports/storage.js';
import { fromBase64, toBase64 } from './base64.js';
import { createGiveWay } from './give-way.js';
import { type ImageOrigin, imageStateKey, imageUsesOf, putImageState } from './image-uses.js';
import { storageKey } from './keys.js';
import { fromStored, toStored } from './stored.js';

/** How many bytes stand in one record: a storage need not take one of many megabytes. A multiple of 3, so that no part is padded. */
const bytesPerPart = 3 * 131_072;

/** How many records are deleted at once. */
const deletedAtOnce = 50;

/** How every PNG begins. */
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Says why something is no picture; `undefined` when it is one. */
export function imageFault(given: unknown, mostBytes: number): string | undefined {
  if (!(given instanceof Uint8Array)) return `Expected the bytes of a PNG, got ${describeValue(given)}`;
  if (given.length > mostBytes) return `Expected a PNG of up to ${mostBytes} bytes, got ${given.length} bytes`;
  if (signature.every((byte, position) => given[position] === byte)) return undefined;
  return `Expected the bytes of a PNG, got ${given.length} bytes that are none`;
}

/** The handle of a new picture: by its beginning it is let go in time, by its end nobody can guess it. */
export function newImageHandle(nextId: () => string, runtime: Runtime): string {
  const letters = Array.from({ length: 26 }, () => Math.trunc(runtime.random() * 32).toString(32));
  return `${nextId()}-${letters.join('')}`;
}

/** A picture that is to be kept. */
interface GivenImage {
  readonly handle: string;
  readonly bytes: Uint8Array;
  readonly origin: ImageOrigin;
}

/** Writes a picture under its handle, in one commit: it is there whole, or not at all. */
export async function writeImage(storage: Storage, runtime: Runtime, image: GivenImage): Promise<void> {
  const { handle, bytes, origin } = image;
  const giveWay = createGiveWay(runtime, { isAwaited: true });
  const write: Write[] = [];
  const parts = Math.ceil(bytes.length / bytesPerPart);
  for (let part = 0; part < parts; part += 1) {
    await giveWay();
    const text = toBase64(bytes.subarray(part * bytesPerPart, (part + 1) * bytesPerPart));
    write.push({ type: 'put', key: partKey(handle, part), value: toStored({ text }) });
  }
  const head = toStored({ parts, bytes: bytes.length });
  write.push({ type: 'put', key: storageKey('image', handle), value: head }, putImageState(handle, origin));
  await storage.commit({ steps: [{ write }] });
}

/** Reads a picture; `undefined` when there is none under this handle, or none any more. */
export async function readImage(storage: Storage, handle: string): Promise<Uint8Array | undefined> {
  if (!isImageHandle(handle)) return undefined;
  const head = await storage.get(storageKey('image', handle));
  if (head === undefined) return undefined;
  const { parts, bytes: length } = fromStored<{ readonly parts: number; readonly bytes: number }>(head.value);
  const bytes = new Uint8Array(length);
  for (let part = 0; part < parts; part += 1) {
    const record = await storage.get(partKey(handle, part));
    // It may be let go at this moment.
    if (record === undefined) return undefined;
    bytes.set(fromBase64(fromStored<{ readonly text: string }>(record.value).text), part * bytesPerPart);
  }
  return bytes;
}

/**
 * Deletes a picture, unless it has come into use since its state had a revision; and then what tells of its uses: if that is not
 * reached, it is looked at again.
 */
export async function deleteImage(storage: Storage, handle: string, revision: number): Promise<void> {
  const { committed } = await storage.commit({
    require: [{ type: 'revision', key: imageStateKey(handle), revision }],
    steps: [{ write: [{ type: 'delete', key: storageKey('image', handle) }] }],
  });
  if (!committed) return;
  for (const prefix of [storageKey('image', handle), imageUsesOf(handle)]) {
    while ((await storage.deleteRange({ prefix, limit: deletedAtOnce })) === deletedAtOnce);
  }
}

function partKey(handle: string, part: number): string {
  return storageKey('image', handle, String(part));
}
