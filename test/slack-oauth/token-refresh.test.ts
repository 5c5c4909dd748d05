import { slackTokenRefresh } from 'tocsin/slack-oauth';
import { type SlackFault, startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

const refreshToken = 'xoxe-1-a-refresh-token';

const faults: readonly (readonly [string, SlackFault, object, string])[] = [
  ...['invalid_refresh_token', 'token_revoked', 'account_inactive'].map(
    (error) =>
      [
        error,
        { type: 'platform-error', error },
        { kind: 'credential', reason: error },
        `Slack does not take the refresh token any more (${error}): install the app in the workspace again`,
      ] as const,
  ),
  ...['bad_client_secret', 'invalid_client_id'].map(
    (error) =>
      [
        error,
        { type: 'platform-error', error },
        { kind: 'unavailable', reason: error },
        `Slack does not know the app (${error}): check clientId and clientSecret of slackTokenRefresh`,
      ] as const,
  ),
  [
    'an outage',
    { type: 'http-503' },
    { kind: 'unavailable', reason: 'http_503' },
    'Slack could not be asked for the next token (http_503); it is tried again',
  ],
  [
    'throttling',
    { type: '429', retryAfterSeconds: 30 },
    { kind: 'unavailable', reason: 'ratelimited', retryAfterMs: 30_000 },
    'Slack could not be asked for the next token (ratelimited); it is tried again',
  ],
  [
    'an error that quotes the token',
    { type: 'platform-error', error: refreshToken },
    { kind: 'unavailable', reason: 'unreadable_response' },
    'Slack could not be asked for the next token (unreadable_response); it is tried again',
  ],
];

describe('slackTokenRefresh', () => {
  test.each(faults)('says of %s what to do, and quotes no secret', async (_, fault, expected, message) => {
    const workspace = await startSlackWorkspace();
    onTestFinished(() => workspace.close());
    workspace.fault({ ...fault, method: 'oauth.v2.access' });
    const refresh = slackTokenRefresh({ clientId: '1.2', clientSecret: 'of-the-app', slackApiUrl: workspace.apiUrl });
    const error = await refresh({ refreshToken }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'delivery_failed', ...expected, message });
    expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toMatch(/xoxe|of-the-app/);
  });
});
