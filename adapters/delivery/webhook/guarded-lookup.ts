import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { DeliveryError } from '../../../src/index.js';
import { isPublicAddress } from './public-address.js';

/**
 * Makes a lookup that fails when any address of a name is not public. The connection is made with what it gives, so
 * nothing can change between the look and the use.
 *
 * @param lookup - Resolves names, as `dns.lookup` does.
 * @returns A lookup for `http.request`; it fails with a `DeliveryError` `address_refused`.
 */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error) return callback(error, []);
      const addresses = listOf(found, family);
      const [first] = addresses;
      if (first === undefined) return callback(noAddress(hostname), []);
      if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(addressRefused(hostname), []);
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

/**
 * Makes the error for a host that is not public. It does not tell the address: whoever writes integrations could map a
 * network by it.
 *
 * @param host - Its name, as the URL gives it.
 */
export function addressRefused(host: string): DeliveryError {
  return new DeliveryError({
    kind: 'channel',
    reason: 'address_refused',
    message: `${host} leads to an address that is not public; a host of your own network must be in allowedOrigins of the webhook delivery`,
  });
}

function listOf(found: string | LookupAddress[], family: number | undefined): LookupAddress[] {
  return typeof found === 'string' ? [{ address: found, family: family ?? 4 }] : found;
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}
