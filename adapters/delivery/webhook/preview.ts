import type { JsonValue, PreviewRequest } from '../../../src/index.js';
import { messageJson } from './message-json.js';
import { requestHeaders } from './request-headers.js';
import type { SignatureEncoding } from './signatures.js';
import { webhookIntegration } from './target-url.js';

/**
 * Shows a request without sending it. Where a secret or a signature would stand, words stand.
 *
 * @param request - What would be sent and where.
 * @param encoding - How `X-Wandb-Signature` is written.
 * @returns Method, URL, headers and body.
 * @throws `DeliveryError` of kind `message` for a header that can't be sent.
 */
export function previewOf(request: PreviewRequest, encoding: SignatureEncoding): JsonValue {
  const integration = webhookIntegration(request.integration);
  const { url, accessTokenSecretName, signingSecretName, previousSigningSecretName } = integration;
  const signers = [signingSecretName, previousSigningSecretName].filter((name) => name !== undefined);
  const headers = requestHeaders(
    {
      id: '<id of the execution>',
      timestamp: '<time of the attempt, in seconds>',
      authorization: accessTokenSecretName === undefined ? undefined : `Bearer <secret ${accessTokenSecretName}>`,
      wandbSignature:
        signingSecretName === undefined
          ? undefined
          : `<HMAC-SHA256 of the body with secret ${signingSecretName}, in ${encoding}>`,
      standardSignatures:
        signers.length === 0 ? undefined : signers.map((name) => `v1,<signature with secret ${name}>`).join(' '),
    },
    request.message === undefined ? request.headers : {},
  );
  const body = request.message === undefined ? request.payload : messageJson(request.message, false);
  return { method: 'POST', url, headers, body };
}
