import { DeliveryError, TocsinError } from '../../src/index.js';
import { checkAdapterOptions } from '../../src/ports/adapter-options.js';
import { callSlack } from './call-slack.js';

/** What {@link slackTokenRefresh} takes. */
export interface SlackTokenRefreshOptions {
  /** Of the Slack app. */
  readonly clientId: string;
  /** Of the Slack app; a secret. */
  readonly clientSecret: string;
  /** Where Slack's Web API is. @default 'https://slack.com/api/' */
  readonly slackApiUrl?: string | undefined;
  /** How long the call may take, in milliseconds above 0. @default 10_000 */
  readonly timeoutMs?: number | undefined;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/**
 * Gets the next bot token of a Slack app with token rotation: what `sealedSecrets({ refresh })` of `tocsin/secrets` asks for.
 *
 * @param options - Which app.
 * @returns A function that takes a refresh token and resolves to the next token, with its own refresh token. It throws a
 * `DeliveryError`: of kind `credential` when Slack refuses the refresh token (the app has to be installed again), else of kind
 * `unavailable`.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function slackTokenRefresh(
  options: SlackTokenRefreshOptions,
): (request: {
  readonly refreshToken: string;
}) => Promise<{ accessToken: string; refreshToken: string; expiresAt: number }> {
  checkAdapterOptions(options, {
    clientId: 'text',
    clientSecret: 'text',
    slackApiUrl: 'text',
    timeoutMs: 'number',
    now: 'function',
  });
  const { clientId, clientSecret, slackApiUrl, timeoutMs = 10_000, now = Date.now } = options;
  requireText({ clientId, clientSecret });
  return async ({ refreshToken }) => {
    // The token's time begins at the latest when it is asked for.
    const askedAt = now();
    const answer = await callSlack({ slackApiUrl, timeoutMs }, (client) =>
      client.oauth.v2.access({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      }),
    ).catch((error) => {
      throw explained(error);
    });
    const { access_token: accessToken, refresh_token: next, expires_in: seconds } = answer;
    if (!accessToken || !next || typeof seconds !== 'number') {
      const message = 'Slack answered without a token that rotates';
      throw new DeliveryError({ kind: 'unavailable', reason: 'unreadable_response', message });
    }
    return { accessToken, refreshToken: next, expiresAt: askedAt + seconds * 1000 };
  };
}

/** Slack's names of a mistake in the options: it will pass as soon as they are right, so nobody has to install the app again. */
const misconfigured: ReadonlySet<string> = new Set(['bad_client_secret', 'invalid_client_id', 'invalid_client']);

/** Says what to do: the words are shown with the attempt that needed the token. */
function explained(error: unknown): unknown {
  if (!DeliveryError.is(error)) return error;
  const { kind, reason, retryAfterMs } = error;
  const message =
    kind === 'credential'
      ? `Slack does not take the refresh token any more (${reason}): install the app in the workspace again`
      : misconfigured.has(reason)
        ? `Slack does not know the app (${reason}): check clientId and clientSecret of slackTokenRefresh`
        : `Slack could not be asked for the next token (${reason}); it is tried again`;
  return new DeliveryError({ kind, reason, message, retryAfterMs });
}

/** @throws `TocsinError` with code `invalid_options`, naming the first that is missing. */
export function requireText(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'string' && value !== '') continue;
    throw new TocsinError({ code: 'invalid_options', message: `Expected a text at ${name}` });
  }
}
