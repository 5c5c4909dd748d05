import { describeIssues } from '../definition/describe-issues.js';
import type { Limits } from '../definition/limits.js';
import { TocsinError } from '../errors.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { imageFault, newImageHandle, writeImage } from '../record/images.js';

/** An event that carried a picture. */
export interface PicturedInput {
  /** As it is parsed: with a handle in the picture's place. */
  readonly input: unknown;
  /** Keeps the picture under a handle: that of the event which rings. */
  readonly keepPicture: (handle: string) => Promise<void>;
}

/** Takes the bytes of pictures out of events. */
export interface Pictures {
  /**
   * Puts a handle in the place of an anomaly's picture.
   *
   * @returns `undefined` when the event carries none, as nearly all.
   * @throws `invalid_event` when it is no picture, or too large a one.
   */
  accept(input: unknown): PicturedInput | undefined;
}

/** What {@link createPictures} works with. */
export interface PicturesOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly limits: Pick<Limits, 'imageBytes'>;
  readonly nextId: () => string;
}

/** Makes what takes pictures out of events. */
export function createPictures({ storage, runtime, limits, nextId }: PicturesOptions): Pictures {
  return {
    accept(input) {
      const bytes = pictureOf(input);
      if (bytes === undefined) return undefined;
      const message = imageFault(bytes, limits.imageBytes);
      if (message !== undefined) {
        const issues = [{ code: 'invalid_value', path: 'image', message }] as const;
        throw new TocsinError({ code: 'invalid_event', message: describeIssues(issues), issues });
      }
      const image = newImageHandle(nextId, runtime);
      // A copy: what the host does to it afterwards must not be in it.
      const copy = Uint8Array.from(bytes);
      return {
        input: { ...(input as object), image },
        keepPicture: (handle) => writeImage(storage, runtime, { handle, bytes: copy, origin: 'event' }),
      };
    },
  };
}

function pictureOf(input: unknown): Uint8Array | undefined {
  try {
    const { type, image } = (input ?? {}) as { readonly type?: unknown; readonly image?: unknown };
    return type === 'anomaly.detected' && image instanceof Uint8Array ? image : undefined;
  } catch {
    // A getter of the host that throws: parsing says so.
    return undefined;
  }
}
