/**
 * A delivery to HTTP endpoints, for integrations of type `webhook`.
 *
 * @packageDocumentation
 */
import type { Delivery, IntegrationDefinition, Issue } from '../../../src/index.js';
import { deliverTo } from './deliver.js';
import { messageJson } from './message-json.js';
import type { WebhookDeliveryOptions } from './options.js';
import { previewOf } from './preview.js';
import { settingsOf } from './settings.js';
import { readTarget } from './target-url.js';
import { verifyTarget } from './verify-target.js';

export type { WebhookDeliveryOptions } from './options.js';
export type { SignatureEncoding } from './signatures.js';

/**
 * Posts JSON to HTTP endpoints: the payloads of webhook actions, and notifications.
 *
 * Requests carry the integration's access token, W&B's signature and the signatures of Standard Webhooks; `webhook-id` is
 * the same at every attempt. Addresses that are not public are refused when the connection is made, redirects are not
 * followed, and proxies of the environment are not used. `docs/webhooks.md` tells receivers all of it.
 *
 * @param options - How to call, and what to allow.
 * @returns The adapter, named `webhook`. Its `deliver` throws `DeliveryError` of every kind. Its `verify` looks at the URL, the
 * secrets and the host's addresses: whether the receiver takes a request can't be found out without posting.
 * @throws `TocsinError` with code `invalid_options`.
 * @see W&B, "Create a webhook automation"; Standard Webhooks, https://www.standardwebhooks.com.
 */
export function webhook(options: WebhookDeliveryOptions = {}): Delivery {
  const settings = settingsOf(options);
  return {
    name: 'webhook',
    integrationTypes: ['webhook'],
    pacing: options.pacing,
    check: (integration) => issuesOf(integration, settings.allowedOrigins),
    deliver: async (request) =>
      deliverTo(settings, request, { payload: messageJson(request.message, request.plainText), headers: {} }),
    deliverPayload: async (request) => deliverTo(settings, request, request),
    preview: (request) => previewOf(request, settings.encoding),
    verify: async (target) => verifyTarget(settings, target),
  };
}

function issuesOf(integration: IntegrationDefinition, allowedOrigins: ReadonlySet<string>): readonly Issue[] {
  if (integration.type !== 'webhook') return [];
  const issues: Issue[] = [];
  const target = readTarget(integration.url, allowedOrigins);
  if (target.type === 'refused') issues.push({ code: 'invalid_value', path: 'url', message: target.message });
  if (integration.previousSigningSecretName !== undefined && integration.signingSecretName === undefined) {
    const message = 'Expected the name of the present signing secret beside that of the previous one';
    issues.push({ code: 'required', path: 'signingSecretName', message });
  }
  return issues;
}
