import type { Limits } from '../definition/limits.js';
import { TocsinError } from '../errors.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { imageFault, newImageHandle, writeImage } from '../record/images.js';

/** The pictures that messages can show. */
export interface Images {
  /**
   * Keeps a picture for messages: give its handle as `image` of a notification or of an `anomaly.detected` event. It stays as long as an
   * automation has the handle as its `image`. Otherwise it goes with the last execution that shows it, or after `executionRetentionMs`
   * when none has by then; what names it later goes without a picture.
   *
   * @param bytes - A PNG, of 1 byte to `limits.imageBytes` (8 MiB).
   * @returns Its handle, which nobody can guess.
   * @throws `invalid_image`; `storage_unavailable`.
   * @example
   * `const image = await engine.images.put(await readFile('plot.png'))`
   */
  put(bytes: Uint8Array): Promise<string>;
}

/** What {@link createImages} works with. */
interface ImagesOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly limits: Pick<Limits, 'imageBytes'>;
  readonly nextId: () => string;
}

/** Makes `engine.images`. */
export function createImages({ storage, runtime, limits, nextId }: ImagesOptions): Images {
  return Object.freeze<Images>({
    async put(given) {
      const fault = imageFault(given, limits.imageBytes);
      if (fault !== undefined) throw new TocsinError({ code: 'invalid_image', message: fault });
      const handle = newImageHandle(nextId, runtime);
      // A copy: what the caller does to it meanwhile must not be half in it.
      await writeImage(storage, runtime, { handle, bytes: Uint8Array.from(given), origin: 'host' });
      return handle;
    },
  });
}
