import { describe, expect, it } from 'vitest';
import { classifyWebhookError } from '../../adapters/delivery/slack-webhook/classify-error.js';

const url = 'https://hooks.slack.com/services/T1/B1/topsecret';
const webhookContext = { secrets: [url, '/services/T1/B1/topsecret', 'topsecret'], status: 200, retryAfter: null };
const refusal = (statusCode: number, body: string): object => ({ code: 'slack_webhook_http_error', statusCode, body });

describe('a refusal of an incoming webhook', () => {
  it.each([
    [400, 'invalid_payload', 'message'],
    [400, 'no_text', 'message'],
    [400, 'too_many_attachments', 'message'],
    [400, 'invalid_blocks', 'message'],
    [403, 'invalid_token', 'credential'],
    [403, 'action_prohibited', 'credential'],
    [404, 'no_service', 'credential'],
    [404, 'no_team', 'credential'],
    [404, 'channel_not_found', 'channel'],
    [410, 'channel_is_archived', 'channel'],
    [400, 'user_not_found', 'channel'],
    [403, 'posting_to_general_channel_denied', 'channel'],
  ])('%i %s is the fault of the %s', (status, body, kind) => {
    expect(classifyWebhookError(refusal(status, body), webhookContext)).toMatchObject({
      kind,
      reason: body,
      status,
      body,
    });
  });

  it.each([
    [400, 'message'],
    [403, 'credential'],
    [404, 'credential'],
    [408, 'message'],
    [410, 'channel'],
    [413, 'message'],
  ])('%i is permanent also when its body is unknown', (status, kind) => {
    expect(classifyWebhookError(refusal(status, '<html>'), webhookContext)).toMatchObject({
      kind,
      reason: `http_${status}`,
      retryable: false,
    });
    expect(classifyWebhookError(refusal(status, 'internal_error'), webhookContext).retryable).toBe(false);
  });

  it.each([
    [500, 'rollup_error', 'rollup_error'],
    [500, '', 'http_500'],
    [502, '<html>', 'http_502'],
    [503, 'channel_not_found', 'channel_not_found'],
  ])('%i %s may have arrived', (status, body, reason) => {
    expect(classifyWebhookError(refusal(status, body), webhookContext)).toMatchObject({
      kind: 'unavailable',
      reason,
      ambiguous: true,
      status,
    });
  });

  it('429 waits as long as the header asks, which the SDK hides', () => {
    const error = refusal(429, 'rate_limited');
    expect(classifyWebhookError(error, { ...webhookContext, retryAfter: '30' })).toMatchObject({
      kind: 'unavailable',
      ambiguous: false,
      retryAfterMs: 30_000,
    });
    expect(classifyWebhookError(error, webhookContext).retryAfterMs).toBeUndefined();
  });
});

describe('a webhook request that ends otherwise', () => {
  it.each([[new TypeError('terminated')], [null], ['text'], [undefined]])('with %s may have arrived', (thrown) => {
    expect(classifyWebhookError(thrown, webhookContext)).toMatchObject({ kind: 'unavailable', ambiguous: true });
  });
});
