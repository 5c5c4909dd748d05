/**
 * A delivery to Slack by incoming webhooks, for integrations of type `slack`.
 *
 * @packageDocumentation
 */
import { type Delivery, DeliveryError, type DeliveryTarget, type Pacing, TocsinError } from '../../../src/index.js';
import { checkAdapterOptions } from '../../../src/ports/adapter-options.js';
import { slackPacing } from '../slack-message/pacing.js';
import { parseUrl } from '../slack-message/parse-url.js';
import { positiveMs } from '../slack-message/positive-ms.js';
import { previewPayload } from '../slack-message/preview-payload.js';
import { postToWebhook } from './post-to-webhook.js';
import { webhookUrl } from './webhook-url.js';

/** What {@link slackWebhook} takes. */
export interface SlackWebhookOptions {
  /**
   * The incoming webhook's URL for integrations without a `urlSecretName`. It is a secret.
   *
   * @default none: such integrations are refused as `no_url`
   */
  readonly url?: string | undefined;
  /**
   * How long one post may take, in milliseconds, above 0.
   *
   * @default 10_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Where a webhook URL may lead. Whoever can store a secret could otherwise make this process post into its own network.
   *
   * @default ['https://hooks.slack.com', 'https://hooks.slack-gov.com']
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * How fast one webhook may be fed. Slack allows about one message a second.
   *
   * @default { messagesPerSecond: 1, burst: 3 }
   */
  readonly pacing?: Pacing | undefined;
}

/**
 * Delivers to one Slack channel through an incoming webhook.
 *
 * A webhook answers with no id and shows no history. So after an attempt whose outcome is not known the message is posted
 * again, and the receipt's note says that it may be a duplicate.
 *
 * It has no capabilities: no replies, no reactions, no pictures from memory (one with a URL is shown), no other channel than
 * its own. tocsin posts a reply as a message that says what it refers to; what is left out stands in the receipt's note.
 *
 * @param options - The URL and how to call it.
 * @returns The adapter, named `slack-webhook`. Its `deliver` throws `DeliveryError` of every kind. Its `verify` checks
 * only that a URL can be read and where it leads: whether Slack takes it can't be found out without posting.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function slackWebhook(options: SlackWebhookOptions = {}): Delivery {
  checkAdapterOptions(options, { url: 'text', timeoutMs: 'number', allowedOrigins: 'list', pacing: 'object' });
  const timeoutMs = positiveMs('timeoutMs', options.timeoutMs ?? 10_000);
  const allowedOrigins = (options.allowedOrigins ?? slackOrigins).map(originOf);
  const urlOf = (target: DeliveryTarget): Promise<URL> => webhookUrl(target, options.url, allowedOrigins);
  return {
    name: 'slack-webhook',
    integrationTypes: ['slack'],
    pacing: options.pacing ?? slackPacing,
    check: (integration) =>
      options.url === undefined && integration.type === 'slack' && integration.urlSecretName === undefined
        ? [
            {
              code: 'required',
              path: 'urlSecretName',
              message: 'Expected the name of the secret that holds the webhook URL',
            },
          ]
        : [],
    deliver: async (request) => postToWebhook(await urlOf(request), timeoutMs, request),
    preview: ({ message }) => previewPayload(message),
    verify: async (target) => {
      try {
        await urlOf(target);
        return { ok: true, conclusive: false, problems: [] };
      } catch (error) {
        if (!DeliveryError.is(error) || error.retryable) {
          throw error;
        }
        const kind = error.kind === 'channel' ? 'channel' : 'credential';
        return { ok: false, problems: [{ reason: error.reason, kind, message: error.message }] };
      }
    },
  };
}

const slackOrigins = ['https://hooks.slack.com', 'https://hooks.slack-gov.com'];

function originOf(allowed: string): string {
  const url = parseUrl(allowed);
  if (url === undefined) {
    throw new TocsinError({
      code: 'invalid_options',
      message: 'Expected every one of allowedOrigins to be an origin such as https://hooks.slack.com',
    });
  }
  return url.origin;
}
