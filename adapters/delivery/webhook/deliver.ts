import type { AttemptTarget, JsonValue, Receipt } from '../../../src/index.js';
import { receiptOf } from './classify-answer.js';
import { sendPost } from './post.js';
import { readSecrets, type WebhookSecrets } from './read-secrets.js';
import { requestHeaders } from './request-headers.js';
import type { WebhookSettings } from './settings.js';
import { standardSignatures, wandbSignature } from './signatures.js';
import { targetOf } from './target-url.js';

/** What to send. */
export interface WebhookContent {
  readonly payload: JsonValue;
  /** The action's own headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Posts JSON to a webhook, once.
 *
 * @param settings - How.
 * @param request - Where.
 * @param content - What.
 * @returns The receipt.
 * @throws `DeliveryError` of any kind.
 */
export async function deliverTo(
  settings: WebhookSettings,
  request: AttemptTarget,
  content: WebhookContent,
): Promise<Receipt> {
  const target = targetOf(request.integration, settings.allowedOrigins);
  const secrets = await readSecrets(request);
  const body = JSON.stringify(content.payload);
  const headers = signedHeaders(settings, request.deliveryId, secrets, body, content.headers);
  const { lookup, timeoutMs, maxResponseBytes } = settings;
  const { signal } = request;
  const answer = await sendPost({ target, headers, body, lookup, timeoutMs, maxResponseBytes, signal });
  const receipt = receiptOf(answer, { secrets: secrets.all, nowMs: settings.now() });
  return request.mayHaveArrived ? { ...receipt, note: duplicateNote } : receipt;
}

const duplicateNote =
  'may be a duplicate: an earlier attempt ended ambiguously; the receiver can tell it by its webhook-id';

function signedHeaders(
  { encoding, now }: WebhookSettings,
  id: string,
  { accessToken, signing, previousSigning }: WebhookSecrets,
  body: string,
  custom: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const timestamp = Math.floor(now() / 1000);
  const signers = [signing, previousSigning].filter((secret) => secret !== undefined);
  return requestHeaders(
    {
      id,
      timestamp: String(timestamp),
      authorization: accessToken === undefined ? undefined : `Bearer ${accessToken}`,
      wandbSignature: signing === undefined ? undefined : wandbSignature(body, signing, encoding),
      standardSignatures: signers.length === 0 ? undefined : standardSignatures({ id, timestamp, body }, signers),
    },
    custom,
  );
}
