import { isIP } from 'node:net';
import { DeliveryError, type Integration } from '../../../src/index.js';
import { isPublicAddress } from './public-address.js';

/** An integration of type `webhook`. */
export type WebhookIntegration = Extract<Integration, { type: 'webhook' }>;

/** Where a webhook leads. */
export interface WebhookTarget {
  readonly type: 'target';
  readonly url: URL;
  /** The host vouches for this origin: its address may be anything. */
  readonly isAllowed: boolean;
}

/** Why a URL is not posted to. */
export interface RefusedUrl {
  readonly type: 'refused';
  readonly reason: 'invalid_url' | 'address_refused';
  /** What was expected. The URL is not quoted: a password may stand in it. */
  readonly message: string;
}

/**
 * Makes sure that an integration is a webhook.
 *
 * @param integration - Any integration.
 * @returns The same, narrowed.
 * @throws `DeliveryError` of kind `channel` when it is of another type.
 */
export function webhookIntegration(integration: Integration): WebhookIntegration {
  if (integration.type === 'webhook') return integration;
  throw new DeliveryError({
    kind: 'channel',
    reason: 'not_a_webhook_integration',
    message: `Expected an integration of type webhook, got ${integration.type}`,
  });
}

/**
 * Reads a webhook's URL, as far as that is possible without resolving its host.
 *
 * @param text - The URL.
 * @param allowedOrigins - The origins that the host vouches for.
 * @returns Where it leads, or why nothing is posted there.
 */
export function readTarget(text: string, allowedOrigins: ReadonlySet<string>): WebhookTarget | RefusedUrl {
  if (!URL.canParse(text)) return invalid('Expected an absolute http or https URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return invalid('Expected an http or https URL');
  if (url.username !== '' || url.password !== '') {
    return invalid('Expected a URL without a user or password in it; name a secret in accessTokenSecretName instead');
  }
  if (url.href.includes('#')) return invalid('Expected a URL without a fragment, which is never sent');
  const isAllowed = allowedOrigins.has(url.origin);
  if (isAllowed || !isPrivateHost(url.hostname)) return { type: 'target', url, isAllowed };
  return {
    type: 'refused',
    reason: 'address_refused',
    message:
      'Expected the URL of a public host; the webhook delivery posts to others only if they are in allowedOrigins',
  };
}

/**
 * Finds out where an integration leads.
 *
 * @param integration - The integration.
 * @param allowedOrigins - The origins that the host vouches for.
 * @returns Where it leads.
 * @throws `DeliveryError` of kind `channel`: `invalid_url`, `address_refused`.
 */
export function targetOf(integration: Integration, allowedOrigins: ReadonlySet<string>): WebhookTarget {
  const target = readTarget(webhookIntegration(integration).url, allowedOrigins);
  if (target.type === 'target') return target;
  throw new DeliveryError({ kind: 'channel', reason: target.reason, message: target.message });
}

/** `URL` has spelt the host anew by now: 2130706433, 0177.0.0.1 and 0x7f.1 all stand there as 127.0.0.1. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$|\.$/g, '');
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return host === 'localhost' || host.endsWith('.localhost');
}

function invalid(message: string): RefusedUrl {
  return { type: 'refused', reason: 'invalid_url', message };
}
