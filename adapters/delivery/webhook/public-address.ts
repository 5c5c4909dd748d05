import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** All of IPv6 that is given out for the public internet. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** In networks with IPv6 only, the name of an IPv4 host resolves to this prefix and its address. */
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Tells whether an address belongs to the public internet. It is a list of what is allowed: everything that is set apart
 * for anything else is not public, and neither is what can't be read.
 *
 * An address that carries an IPv4 address (IPv4-mapped, NAT64) is as public as that one. 6to4 and Teredo, which are out
 * of use, are never public.
 *
 * @param address - An IP address as a resolver or a socket gives it.
 * @see IANA, "IPv4 Special-Purpose Address Registry" and "IPv6 Special-Purpose Address Registry".
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return isPublicIPv4(ipaddr.IPv4.parse(address));
    case 6:
      return isPublicIPv6(address);
    default:
      return false;
  }
}

function isPublicIPv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast';
}

function isPublicIPv6(text: string): boolean {
  // Spelt anew, because ipaddr.js takes ::8.8.8.8 for ::ffff:8.8.8.8. A zone, as in fe80::1%eth0, is of a link and no URL.
  const url = `http://[${text}]/`;
  if (!URL.canParse(url)) return false;
  const address = ipaddr.IPv6.parse(new URL(url).hostname.slice(1, -1));
  if (address.isIPv4MappedAddress()) return isPublicIPv4(address.toIPv4Address());
  if (address.match(nat64)) return isPublicIPv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.match(globalUnicast) && address.range() === 'unicast';
}
