import { DeliveryError, type DeliveryTarget } from '../../../src/index.js';
import { parseUrl } from '../slack-message/parse-url.js';
import { slackIntegration } from '../slack-message/slack-target.js';

/**
 * Finds the webhook URL for an integration: its own secret, else the adapter's URL. No error ever quotes it.
 *
 * @param target - The integration, and how to read its secrets.
 * @param fallbackUrl - The adapter's URL.
 * @param allowedOrigins - Where it may lead.
 * @returns The URL.
 * @throws `DeliveryError` of kind `credential`: `no_url`, `invalid_url`, `origin_not_allowed`.
 */
export async function webhookUrl(
  target: DeliveryTarget,
  fallbackUrl: string | undefined,
  allowedOrigins: readonly string[],
): Promise<URL> {
  const { urlSecretName } = slackIntegration(target.integration);
  const raw = urlSecretName === undefined ? fallbackUrl : await target.secret(urlSecretName);
  if (raw === undefined || raw.trim() === '') {
    throw refused('no_url', 'No webhook URL: give the integration a urlSecretName, or slackWebhook a url');
  }
  const url = parseUrl(raw.trim());
  // `fetch` refuses a URL with a user name, with an error that quotes it.
  if (url === undefined || url.username !== '' || url.password !== '') {
    throw refused('invalid_url', 'The webhook URL is not a URL as Slack gives it');
  }
  if (!allowedOrigins.includes(url.origin)) {
    throw refused(
      'origin_not_allowed',
      `The webhook URL leads to none of the allowed origins: ${allowedOrigins.join(', ')}`,
    );
  }
  return url;
}

/**
 * Lists every form in which a webhook URL could be quoted.
 *
 * @param url - The URL.
 * @returns What to remove from texts, longest first.
 */
export function secretsOf(url: URL): readonly string[] {
  const key = url.pathname.split('/').at(-1) ?? '';
  return [url.href, `${url.pathname}${url.search}`, url.pathname, key].filter((part) => part.length >= 8);
}

function refused(reason: string, message: string): DeliveryError {
  return new DeliveryError({ kind: 'credential', reason, message });
}
