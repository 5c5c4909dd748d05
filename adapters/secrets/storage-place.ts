import { type Storage, TocsinError } from '../../src/index.js';

/** Where secrets are kept, which may be known only when the engine is made. */
interface StoragePlace {
  /** @throws `TocsinError` with code `invalid_options` while there is none. */
  storage(): Storage;
  /** Takes the engine's storage, unless one was given. @throws `TocsinError` with code `invalid_options` for a second one. */
  attach(given: { readonly storage: Storage }): void;
}

/**
 * Makes the place of the storage.
 *
 * @param given - The one that the host chose; `undefined`: that of the engine.
 * @throws `TocsinError` with code `invalid_options` for anything that is no storage.
 */
export function createStoragePlace(given: Storage | undefined): StoragePlace {
  if (given !== undefined && typeof given?.commit !== 'function') throw invalid('Expected a storage at storage');
  let place = given;
  return {
    storage() {
      if (place !== undefined) return place;
      throw invalid(
        'sealedSecrets has no storage yet: give it to createEngine({ secrets }) before it is used, or give it one by its option storage',
      );
    },
    attach({ storage }) {
      if (given !== undefined) return;
      if (place !== undefined && place !== storage) {
        throw invalid(
          'sealedSecrets keeps its secrets in the storage of another engine: make one for each engine, or give both a storage by its option storage',
        );
      }
      place = storage;
    },
  };
}

function invalid(message: string): TocsinError {
  return new TocsinError({ code: 'invalid_options', message });
}
