import {
  ErrorCode,
  type FetchFunction,
  WebAPIHTTPError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { platformError, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no error',
    (reason: unknown) => reason,
  );

const message = { channel: '#alerts', text: 'a' };

describe('scripted faults of the fake Slack workspace', () => {
  it('resets the connection before or after the message was posted', async () => {
    const workspace = await startWorkspace();
    workspace.fault({ type: 'reset' });
    expect(await reasonOf(webClient(workspace).chat.postMessage(message))).toBeInstanceOf(WebAPIRequestError);
    expect(workspace.channel('#alerts').messages).toHaveLength(0);
    workspace.fault({ type: 'commit-then-reset' });
    expect(await reasonOf(webClient(workspace).chat.postMessage(message))).toMatchObject({
      code: ErrorCode.RequestError,
    });
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
    expect(workspace.requests.map(({ outcome }) => outcome)).toEqual([
      { type: 'fault', fault: 'reset', committed: false },
      { type: 'fault', fault: 'commit-then-reset', committed: true },
    ]);
  });

  it.each([
    ['http-500', 500, 0],
    ['http-503', 503, 0],
    ['commit-then-500', 500, 1],
  ] as const)('answers %s with status %i', async (type, statusCode, posted) => {
    const workspace = await startWorkspace();
    workspace.fault({ type });
    const reason = await reasonOf(webClient(workspace).chat.postMessage(message));
    expect(reason).toBeInstanceOf(WebAPIHTTPError);
    expect(reason).toMatchObject({ statusCode });
    expect(workspace.channel('#alerts').messages).toHaveLength(posted);
  });

  it('answers 429 with Retry-After, and without one, where the SDK throws a plain Error', async () => {
    const workspace = await startWorkspace();
    workspace.fault({ type: '429', retryAfterSeconds: 7 });
    const limited = await reasonOf(webClient(workspace).chat.postMessage(message));
    expect(limited).toBeInstanceOf(WebAPIRateLimitedError);
    expect(limited).toMatchObject({ retryAfter: 7 });
    workspace.fault({ type: '429-without-header' });
    const plain = await reasonOf(webClient(workspace).chat.postMessage(message));
    expect(plain).toBeInstanceOf(Error);
    expect(plain).not.toHaveProperty('code');
    expect(String(plain)).toContain('did not contain a valid timeout');
  });

  it('answers 200 with a page, which the SDK takes for the name of a platform error', async () => {
    const workspace = await startWorkspace();
    workspace.fault({ type: 'non-json-200', commit: true });
    const error = await platformError(webClient(workspace).chat.postMessage(message));
    expect(error['error']).toContain('<!DOCTYPE html>');
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
  });

  it('answers with any error name', async () => {
    const workspace = await startWorkspace();
    workspace.fault({ type: 'platform-error', error: 'restricted_action' });
    expect(await refusal(webClient(workspace).chat.postMessage(message))).toBe('restricted_action');
  });

  it('holds the headers back until the client leaves, and can have posted by then', async () => {
    const workspace = await startWorkspace();
    const leave = new AbortController();
    const client = webClient(workspace, workspace.token, {
      fetch: (url, init) => fetch(url, { ...init, signal: leave.signal }),
    });
    workspace.fault({ type: 'slow-headers', commit: true });
    const reason = reasonOf(client.chat.postMessage(message));
    await expect.poll(() => workspace.requests.length).toBe(1);
    leave.abort();
    expect(await reason).toBeInstanceOf(WebAPIRequestError);
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
  });

  it('can carry a request out when its client has gone', async () => {
    const workspace = await startWorkspace();
    const leave = new AbortController();
    const client = webClient(workspace, workspace.token, {
      fetch: (url, init) => fetch(url, { ...init, signal: leave.signal }),
    });
    workspace.fault({ type: 'slow-headers', commit: 'late' });
    const reason = reasonOf(client.chat.postMessage(message));
    await expect.poll(() => workspace.requests.length).toBe(1);
    expect(workspace.requests[0]?.outcome).toMatchObject({ committed: false });
    expect(workspace.ledger.count()).toBe(0);
    leave.abort();
    await reason;
    await expect.poll(() => workspace.ledger.count()).toBe(1);
    expect(workspace.requests[0]?.outcome).toEqual({ type: 'fault', fault: 'slow-headers', committed: true });
  });

  it('can carry a request out after so many further requests about its channel', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    workspace.fault({ type: 'slow-headers', commit: 'late', afterRequests: 2 });
    const reason = reasonOf(client.chat.postMessage(message));
    await expect.poll(() => workspace.requests.length).toBe(1);
    const texts = () => workspace.channel('#alerts').messages.map(({ text }) => text);
    await client.chat.postMessage({ channel: '#general', text: 'elsewhere' });
    await client.auth.test();
    await client.chat.postMessage({ ...message, text: 'b' });
    expect(texts()).toEqual(['b']);
    await client.chat.postMessage({ ...message, text: 'c' });
    expect(texts()).toEqual(['b', 'c', 'a']);
    await client.chat.postMessage({ ...message, text: 'd' });
    expect(texts()).toEqual(['b', 'c', 'a', 'd']);
    await workspace.close();
    await reason;
  });

  it('stalls half-way through the body, where the SDK lets the abort through as it is', async () => {
    const workspace = await startWorkspace();
    const leave = new AbortController();
    const leaveAtHeaders: typeof fetch = async (url, init) => {
      const response = await fetch(url, { ...init, signal: leave.signal });
      leave.abort();
      return response;
    };
    const client = webClient(workspace, workspace.token, { fetch: leaveAtHeaders as FetchFunction });
    workspace.fault({ type: 'stalled-body' });
    const reason = await reasonOf(client.chat.postMessage(message));
    expect(reason).toBeInstanceOf(DOMException);
    expect(reason).toMatchObject({ name: 'AbortError' });
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
  });

  it('ends held requests when it closes', async () => {
    const workspace = await startWorkspace();
    workspace.fault({ type: 'slow-headers' });
    const reason = reasonOf(webClient(workspace).chat.postMessage(message));
    await expect.poll(() => workspace.requests.length).toBe(1);
    await workspace.close();
    expect(await reason).toBeInstanceOf(WebAPIRequestError);
  });

  it('hits only the method and channel it names, as often as it says, in the order queued', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const first = { type: 'platform-error', error: 'first', method: 'chat.postMessage', channel: '#alerts' } as const;
    const fault = workspace.fault({ ...first, times: 2 });
    workspace.fault({ ...first, error: 'second' });
    await client.auth.test();
    await client.chat.postMessage({ ...message, channel: '#general' });
    expect(fault.remaining).toBe(2);
    const errors = [];
    for (let call = 0; call < 3; call += 1) errors.push(await refusal(client.chat.postMessage(message)));
    expect(errors).toEqual(['first', 'first', 'second']);
    await expect(client.chat.postMessage(message)).resolves.toMatchObject({ ok: true });
  });

  it('refuses a method or channel that would never match', async () => {
    const workspace = await startWorkspace();
    expect(() => workspace.fault({ type: 'reset', method: 'chat.post' })).toThrow('no method chat.post');
    expect(() => workspace.fault({ type: 'reset', channel: '#alert' })).toThrow('no channel #alert');
  });

  it('can be taken back', async () => {
    const workspace = await startWorkspace();
    workspace.fault({ type: 'http-500', times: 10 }).cancel();
    await expect(webClient(workspace).auth.test()).resolves.toMatchObject({ ok: true });
  });
});
