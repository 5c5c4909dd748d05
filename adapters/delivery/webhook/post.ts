import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { AbortSignalLike, DeliveryError } from '../../../src/index.js';
import { addressRefused, guardedLookup } from './guarded-lookup.js';
import { networkFault, noAnswer } from './network-fault.js';
import { isPublicAddress } from './public-address.js';
import type { WebhookTarget } from './target-url.js';

/** One request. */
export interface Post {
  readonly target: WebhookTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly lookup: LookupFunction;
  /** How long all of it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How much of the answer is read before the connection is cut, in bytes. */
  readonly maxResponseBytes: number;
  readonly signal: AbortSignalLike;
}

/** What a receiver answered. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of the body, as text. */
  readonly body: string;
}

/** How much of a body is worth keeping in memory, in bytes: more than is ever shown. */
const keptBytes = 65_536;

/**
 * Sends one request over a connection of its own, past every proxy, and follows nothing.
 *
 * Once the head of the answer is there it decides: a body that stalls, breaks off or never ends is cut short.
 *
 * @param post - What to send, where, and the limits.
 * @returns The answer.
 * @throws `DeliveryError` of kind `unavailable`, ambiguous if the body had left; `address_refused`.
 */
export async function sendPost(post: Post): Promise<Answer> {
  const { target, signal, timeoutMs } = post;
  if (signal.aborted) throw noAnswer('aborted', false);
  return new Promise<Answer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let response: IncomingMessage | undefined;
    let wasSent = false;

    const request = open(post);
    const end = (fault: () => DeliveryError): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (response === undefined) reject(fault());
      else resolve(answerOf(response, chunks));
      request.destroy();
    };
    const onClose = (): void => end(() => noAnswer('reset', wasSent));
    const onAbort = (): void => end(() => noAnswer('aborted', wasSent));
    const timer = setTimeout(() => end(() => noAnswer('timeout', wasSent)), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });

    request.on('error', (error) => end(() => networkFault(error, wasSent)));
    request.on('close', onClose);
    whenConnected(request, target, () => {
      wasSent = true;
      request.end(post.body);
    });
    request.on('response', (answer) => {
      response = answer;
      readBody(answer, post.maxResponseBytes, chunks, onClose);
    });
  });
}

function open({ target, headers, body, lookup }: Post): ClientRequest {
  const request = target.url.protocol === 'https:' ? httpsRequest : httpRequest;
  return request(target.url, {
    method: 'POST',
    headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
    agent: false,
    lookup: target.isAllowed ? lookup : guardedLookup(lookup),
  });
}

/** Nothing leaves before the address that was really reached has been looked at, and before TLS is settled. */
function whenConnected(request: ClientRequest, { url, isAllowed }: WebhookTarget, send: () => void): void {
  request.on('socket', (socket: Socket) => {
    socket.once('connect', () => {
      const { remoteAddress } = socket;
      if (isAllowed || remoteAddress === undefined || isPublicAddress(remoteAddress)) return;
      request.destroy(addressRefused(url.hostname));
    });
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      if (!request.destroyed) send();
    });
  });
}

function readBody(response: IncomingMessage, maxBytes: number, chunks: Buffer[], done: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    if (bytes < keptBytes) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) done();
  });
  for (const event of ['end', 'error']) response.on(event, done);
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, chunks: readonly Buffer[]): Answer {
  const body = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, keptBytes));
  return { status: statusCode, retryAfter: headers['retry-after'], body };
}
