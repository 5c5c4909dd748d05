import { ErrorCode } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { networkFault } from '../../adapters/delivery/slack-message/fault/network-fault.js';
import { classifyWebApiError } from '../../adapters/delivery/slack-web-api/classify-error.js';

const token = 'xoxb-1234-secret';
const context = { token, plainText: false, status: 200 };
const platform = (error: unknown, more: object = {}): object => ({
  code: ErrorCode.PlatformError,
  data: { ok: false, error, ...more },
});
const http = (statusCode: number, body: unknown): object => ({ code: ErrorCode.HTTPError, statusCode, body });
const request = (original: Error): object => ({ code: ErrorCode.RequestError, original });
const broken = (code: string, more: object = {}): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, ...more }) });

describe('an error that the Web API names', () => {
  const soon = ['ratelimited', 'rate_limited', 'service_unavailable', 'request_timeout'];
  it.each(soon)('%s: try again soon', (name) => {
    expect(classifyWebApiError(platform(name), context)).toMatchObject({
      kind: 'unavailable',
      reason: name,
      ambiguous: false,
      retryAfterMs: undefined,
    });
  });

  const slowly = ['team_added_to_org', 'org_login_required', 'external_channel_migrating', 'message_limit_exceeded'];
  it.each(slowly)('%s: try again in five minutes', (name) => {
    expect(classifyWebApiError(platform(name), context)).toMatchObject({
      kind: 'unavailable',
      reason: name,
      ambiguous: false,
      retryAfterMs: 300_000,
    });
  });

  it.each(['internal_error', 'fatal_error'])('%s: may have arrived', (name) => {
    expect(classifyWebApiError(platform(name), context)).toMatchObject({ kind: 'unavailable', ambiguous: true });
  });

  const credential = [
    'not_authed',
    'invalid_auth',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'missing_scope',
    'not_allowed_token_type',
    'team_access_not_granted',
    'team_not_found',
    'app_access_restricted',
  ];
  it.each(credential)('%s: the credential', (name) => {
    expect(classifyWebApiError(platform(name), context)).toMatchObject({ kind: 'credential', reason: name });
  });

  const channel = [
    'channel_not_found',
    'not_in_channel',
    'no_permission',
    'is_archived',
    'ekm_access_denied',
    'messages_tab_disabled',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'restricted_action_not_yet_invented',
  ];
  it.each(channel)('%s: the channel', (name) => {
    expect(classifyWebApiError(platform(name), context)).toMatchObject({ kind: 'channel', reason: name });
  });

  const message = [
    'no_text',
    'msg_too_long',
    'msg_blocks_too_long',
    'invalid_blocks',
    'invalid_blocks_format',
    'too_many_attachments',
    'invalid_metadata_format',
    'metadata_too_large',
    'invalid_arguments',
    'slack_connect_file_link_sharing_blocked',
  ];
  it.each(message)('%s: the message', (name) => {
    expect(classifyWebApiError(platform(name), context)).toMatchObject({ kind: 'message', reason: name });
  });

  it('blames the message for an unknown name, but not when it was plain text already', () => {
    const error = platform('brand_new_error');
    expect(classifyWebApiError(error, context)).toMatchObject({ kind: 'message', reason: 'brand_new_error' });
    expect(classifyWebApiError(error, { ...context, plainText: true })).toMatchObject({
      kind: 'unavailable',
      ambiguous: false,
      retryAfterMs: 300_000,
    });
  });

  it('tells what Slack said and what to do', () => {
    const scope = classifyWebApiError(platform('missing_scope', { needed: 'chat:write' }), context);
    expect(scope.message).toBe(
      'Slack answered missing_scope. It needs chat:write. Add the scope in the settings of the Slack app and install it again',
    );
    const messages = ['[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]'];
    const blocks = classifyWebApiError(platform('invalid_blocks', { response_metadata: { messages } }), context);
    expect(blocks.message).toContain('json-pointer:/blocks/0/text/text');
    expect(blocks.body).toContain('json-pointer:/blocks/0/text/text');
  });

  it.each([['<html>Bad gateway</html>'], [''], [undefined], [{ nested: true }], ['Upstream error']])(
    'is none when it is a whole body (%j): may have arrived',
    (body) => {
      expect(classifyWebApiError(platform(body), context)).toMatchObject({
        kind: 'unavailable',
        reason: 'unreadable_response',
        ambiguous: true,
        status: 200,
      });
    },
  );
});

describe('an HTTP status of the Web API', () => {
  it('429 waits as long as Slack asks', () => {
    const limited = { code: ErrorCode.RateLimitedError, retryAfter: 7 };
    expect(classifyWebApiError(limited, { ...context, status: 429 })).toMatchObject({
      kind: 'unavailable',
      reason: 'ratelimited',
      ambiguous: false,
      status: 429,
      retryAfterMs: 7_000,
    });
  });

  it('429 without a valid header arrives as a plain Error', () => {
    const plain = new Error('Retry header did not contain a valid timeout (url: https://slack.com/api/x)');
    expect(classifyWebApiError(plain, { ...context, status: 429 })).toMatchObject({
      kind: 'unavailable',
      reason: 'ratelimited',
      ambiguous: false,
      retryAfterMs: undefined,
    });
  });

  it.each([500, 502, 503, 504, 302, 204])('%i may have arrived', (status) => {
    expect(classifyWebApiError(http(status, 'oops'), { ...context, status })).toMatchObject({
      kind: 'unavailable',
      reason: `http_${status}`,
      ambiguous: true,
      status,
      body: 'oops',
    });
  });

  it('4xx without words of Slack came from something in between', () => {
    expect(classifyWebApiError(http(403, '<html>proxy</html>'), context)).toMatchObject({
      kind: 'unavailable',
      reason: 'http_403',
      ambiguous: false,
    });
    expect(classifyWebApiError(http(413, ''), context)).toMatchObject({ kind: 'message', reason: 'http_413' });
  });

  it("4xx with words of Slack is what Slack's words say", () => {
    expect(classifyWebApiError(http(401, { ok: false, error: 'invalid_auth' }), context)).toMatchObject({
      kind: 'credential',
      reason: 'invalid_auth',
      status: 401,
    });
  });
});

describe('a request without a whole answer', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENOTFOUND', 'dns_failure'],
    ['EAI_AGAIN', 'dns_failure'],
    ['EHOSTUNREACH', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout'],
    ['CERT_HAS_EXPIRED', 'tls_failure'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_failure'],
  ])('%s never reached Slack', (code, reason) => {
    expect(classifyWebApiError(request(broken(code)), { ...context, status: undefined })).toMatchObject({
      kind: 'unavailable',
      reason,
      ambiguous: false,
      status: undefined,
    });
  });

  it.each([
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['ESOMETHING', 'network_error'],
  ])('%s may have arrived', (code, reason) => {
    expect(classifyWebApiError(request(broken(code)), { ...context, status: undefined })).toMatchObject({
      reason,
      ambiguous: true,
    });
  });

  it('is not ambiguous when no address of the host could be connected to', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    expect(networkFault(new TypeError('fetch failed', { cause: new AggregateError([refused, refused]) }))).toEqual({
      reason: 'connection_refused',
      ambiguous: false,
    });
    expect(networkFault(broken('ETIMEDOUT', { syscall: 'connect' }))).toEqual({
      reason: 'connect_timeout',
      ambiguous: false,
    });
  });

  it.each([
    ['TimeoutError', 'timeout'],
    ['AbortError', 'aborted'],
  ])('a raw DOMException %s may have arrived', (name, reason) => {
    expect(classifyWebApiError(new DOMException('x', name), context)).toMatchObject({ reason, ambiguous: true });
    expect(classifyWebApiError(request(new DOMException('x', name)), context)).toMatchObject({
      reason,
      ambiguous: true,
    });
  });

  it('a redirect is followed by nobody and has taken nothing', () => {
    const redirect = new TypeError('fetch failed', { cause: new Error('unexpected redirect') });
    expect(networkFault(redirect)).toEqual({ reason: 'redirect', ambiguous: false });
  });

  it.each([[new TypeError('terminated')], [null], ['text'], [undefined]])(
    'anything else (%s) may have arrived',
    (thrown) => {
      expect(classifyWebApiError(thrown, context)).toMatchObject({ kind: 'unavailable', ambiguous: true });
    },
  );

  it('survives errors that are their own cause', () => {
    const endless = new Error('endless');
    endless.cause = endless;
    expect(networkFault(endless)).toEqual({ reason: 'network_error', ambiguous: true });
  });
});
