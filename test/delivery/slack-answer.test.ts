import { ErrorCode } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { bodyExcerpt } from '../../adapters/delivery/slack-message/fault/body-excerpt.js';
import { redact } from '../../adapters/delivery/slack-message/fault/redact.js';
import { retryAfterMs } from '../../adapters/delivery/slack-message/fault/retry-after.js';
import { classifyWebApiError } from '../../adapters/delivery/slack-web-api/classify-error.js';
import { classifyWebhookError } from '../../adapters/delivery/slack-webhook/classify-error.js';
import { DeliveryError } from '../../src/index.js';
import { expectNoSecret } from './slack-samples.js';

const token = 'xoxb-1234-secret';
const context = { token, plainText: false, status: 200 };
const platform = (error: unknown, more: object = {}): object => ({
  code: ErrorCode.PlatformError,
  data: { ok: false, error, ...more },
});
const http = (statusCode: number, body: unknown): object => ({ code: ErrorCode.HTTPError, statusCode, body });
const request = (original: Error): object => ({ code: ErrorCode.RequestError, original });
const url = 'https://hooks.slack.com/services/T1/B1/topsecret';
const webhookContext = { secrets: [url, '/services/T1/B1/topsecret', 'topsecret'], status: 200, retryAfter: null };
const refusal = (statusCode: number, body: string): object => ({ code: 'slack_webhook_http_error', statusCode, body });

describe('what is kept of an answer', () => {
  it.each([
    ['7', 7_000],
    [' 0 ', 0],
    [3, 3_000],
    ['99999999', 3_600_000],
    ['-1', undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('a Retry-After of %j is %s ms', (seconds, expected) => {
    expect(retryAfterMs(seconds)).toBe(expected);
  });

  it('is at most 4 KiB of UTF-8, with no character cut in two', () => {
    const kept = bodyExcerpt('é🎉'.repeat(2_000), []) ?? '';
    expect(Buffer.byteLength(kept)).toBeGreaterThan(4_080);
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(4_096);
    expect(kept).not.toContain('\uFFFD');
  });

  it('has no secret, not even half of one at the cut', () => {
    const body = bodyExcerpt(`${'x'.repeat(4_090)}${token}`, [token]) ?? '';
    expect(body).not.toContain('xoxb');
    expect(redact(`a ${encodeURIComponent('xoxb-1/2')} b`, ['xoxb-1/2'])).toBe('a [redacted] b');
    expect(redact('see https://hooks.slack.com/services/T/B/x and xoxp-9-8', [])).toBe('see [redacted] and [redacted]');
  });

  it('is nothing when there was no body', () => {
    expect(bodyExcerpt('', [])).toBeUndefined();
    expect(bodyExcerpt(undefined, [])).toBeUndefined();
  });

  it('never holds a token or URL that was echoed or quoted', () => {
    const echoed = [
      classifyWebApiError(platform('invalid_auth', { token, needed: token }), context),
      classifyWebApiError(platform(`<p>${token}</p>`), context),
      classifyWebApiError(http(500, `Authorization: Bearer ${token}`), context),
      classifyWebApiError(request(new TypeError(`Headers.append: "Bearer ${token}" is invalid`)), context),
    ];
    for (const error of echoed) {
      expectNoSecret(error, token);
    }
    expectNoSecret(classifyWebhookError(refusal(404, `no ${url} here`), webhookContext), 'topsecret');
    const quoting = { code: 'slack_webhook_request_error', original: new TypeError(`Failed to parse URL from ${url}`) };
    expectNoSecret(classifyWebhookError(quoting, webhookContext), 'topsecret');
  });

  it('passes on what is a DeliveryError already', () => {
    const error = new DeliveryError({ kind: 'channel', reason: 'x', message: 'x' });
    expect(classifyWebApiError(error, context)).toBe(error);
    expect(classifyWebhookError(error, webhookContext)).toBe(error);
  });
});
