import { type Secrets, TocsinError } from '../../src/index.js';

/**
 * Reads secrets from several places, such as the environment and a storage.
 *
 * @param places - Where to look, in this order. The first that has a secret of a name gives it; one that can't be asked now
 * ends the search, for it may have the secret.
 * @returns Secrets that resolve a name to the first value found, or to `undefined`.
 * @throws `TocsinError` with code `invalid_options` for anything that does not resolve secrets.
 */
export function firstOf(...places: readonly Secrets[]): Secrets {
  if (places.length === 0 || places.some((place) => typeof place?.resolve !== 'function')) {
    const message = 'Expected places of secrets, such as envSecrets and sealedSecrets';
    throw new TocsinError({ code: 'invalid_options', message });
  }
  return {
    attach(given) {
      for (const place of places) place.attach?.(given);
    },
    async resolve(request) {
      for (const place of places) {
        const value = await place.resolve(request);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    async renew(request) {
      for (const place of places) {
        const value = await place.resolve(request);
        // Whoever gave the value that was refused is asked for another.
        if (value !== undefined) return value === request.refused ? place.renew?.(request) : value;
      }
      return undefined;
    },
  };
}
