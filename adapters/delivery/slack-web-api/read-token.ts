import { DeliveryError, type DeliveryTarget } from '../../../src/index.js';
import { slackError } from '../slack-message/fault/slack-error.js';
import { slackIntegration } from '../slack-message/slack-target.js';

/**
 * Finds the token for an integration: its own secret, else the adapter's token.
 *
 * @param target - The integration, and how to read its secrets.
 * @param fallbackToken - The adapter's token.
 * @returns The token without surrounding white space, which secrets read from files tend to have.
 * @throws `DeliveryError` of kind `credential`: `not_authed` when there is none, `invalid_auth` when it can't be one.
 */
export async function readToken(target: DeliveryTarget, fallbackToken: string | undefined): Promise<string> {
  const { tokenSecretName } = slackIntegration(target.integration);
  const raw = tokenSecretName === undefined ? fallbackToken : await target.secret(tokenSecretName);
  const token = raw?.trim() ?? '';
  if (token === '') {
    throw missingToken();
  }
  // In a header such a value makes `fetch` throw an error that quotes it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw slackError({
      fault: 'credential',
      reason: 'invalid_auth',
      detail: 'The token has characters that no token has',
    });
  }
  return token;
}

function missingToken(): DeliveryError {
  return new DeliveryError({
    kind: 'credential',
    reason: 'not_authed',
    message: 'No Slack token: give the integration a tokenSecretName, or slackWebApi a token',
  });
}
