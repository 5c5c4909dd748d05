import { IncomingWebhook } from '@slack/webhook';
import type { DeliveryRequest, Receipt } from '../../../src/index.js';
import { keepDoubt } from '../slack-message/fault/keep-doubt.js';
import { withHttpCall } from '../slack-message/http-call.js';
import { duplicateNote, noted, pictureNote } from '../slack-message/notes.js';
import { slackPayload } from '../slack-message/slack-payload.js';
import { slackIntegration } from '../slack-message/slack-target.js';
import { classifyWebhookError, unreadableAnswer } from './classify-error.js';
import { secretsOf } from './webhook-url.js';

/**
 * Posts a message through an incoming webhook, once.
 *
 * @param url - The webhook's URL.
 * @param timeoutMs - How long it may take, in milliseconds.
 * @param request - What to deliver.
 * @returns The receipt; Slack tells neither channel nor id.
 * @throws `DeliveryError` of any kind.
 */
export async function postToWebhook(url: URL, timeoutMs: number, request: DeliveryRequest): Promise<Receipt> {
  const { channelName } = slackIntegration(request.integration);
  const secrets = secretsOf(url);
  const payload = slackPayload(request);
  const posted = withHttpCall(request.signal, async (http) => {
    const webhook = new IncomingWebhook(url.href, {
      fetch: http.fetch,
      timeout: timeoutMs,
      retryConfig: { retries: 0 },
    });
    try {
      const { text } = await webhook.send(payload);
      if (text.trim() !== 'ok') {
        throw unreadableAnswer(text, secrets);
      }
    } catch (error) {
      throw classifyWebhookError(error, { secrets, status: http.status, retryAfter: http.retryAfter });
    }
  });
  if (!request.mayHaveArrived) {
    await posted;
    return { channelName, status: 200, ...noted(...leftOut(request)) };
  }
  await posted.catch(keepDoubt);
  return { channelName, status: 200, ...noted(duplicateNote('a webhook shows no history'), ...leftOut(request)) };
}

/** What a webhook can't do: it posts in one channel, as itself, and takes no files. */
function leftOut({ message, destination }: DeliveryRequest): string[] {
  return [
    ...(message.image?.type === 'stored'
      ? [pictureNote('a webhook takes no files; give a URL, or use an integration with a bot token')]
      : []),
    ...(destination === undefined
      ? []
      : [`posted in the webhook's own channel, not in ${destination.channel}: a webhook has no other`]),
  ];
}
