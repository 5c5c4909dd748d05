import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebhookDeliveryOptions, webhook } from '../../adapters/delivery/webhook/index.js';
import type { AttemptTarget, Delivery, Integration, PayloadRequest } from '../../src/index.js';
import { sampleIntegration, sampleRequest } from './slack-samples.js';

/** What a receiver was sent. */
interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server on the loopback. */
export interface Receiver {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  /** How many connections were made, with or without a request. */
  readonly connections: () => number;
}

/** Starts a server that answers everything in one way; it is closed when the test ends. */
export async function startReceiver(
  answer: (response: ServerResponse, request: IncomingMessage) => void = (response) => response.end(),
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
    answer(response, request);
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, requests, connections: () => connections };
}

type WebhookIntegration = Extract<Integration, { type: 'webhook' }>;

/** A stored webhook integration. */
export const sampleWebhook = (url: string, changes: Partial<WebhookIntegration> = {}): WebhookIntegration => {
  const { id, revision, createdAt, updatedAt, status } = sampleIntegration();
  const state = { id, revision, createdAt, updatedAt, status };
  return { ...state, type: 'webhook', name: 'deploy', delivery: 'webhook', url, ...changes };
};

/** A request to deliver a payload. */
export const payloadRequest = (
  integration: Integration,
  changes: Partial<PayloadRequest> = {},
  secrets: Readonly<Record<string, string>> = {},
): PayloadRequest => {
  const { message: _message, plainText: _plainText, ...target } = sampleRequest(integration, {}, secrets);
  return { ...(target satisfies AttemptTarget), payload: { hello: 'world' }, headers: {}, ...changes };
};

/** Delivers a payload with an adapter that surely takes some. */
export const send = async (delivery: Delivery, request: PayloadRequest) => {
  if (delivery.deliverPayload === undefined) throw new Error('it takes no payloads');
  return delivery.deliverPayload(request);
};

/** An adapter that may post to a receiver of the test. */
export const adapterFor = ({ origin }: Receiver, options: WebhookDeliveryOptions = {}): Delivery =>
  webhook({ allowedOrigins: [origin], timeoutMs: 5_000, ...options });

/** A lookup by which every name has the same addresses; it keeps the names that it was asked for. */
export const lookupTo = (...addresses: readonly string[]): LookupFunction & { readonly asked: string[] } => {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, _options, callback) => {
    asked.push(hostname);
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    queueMicrotask(() => callback(null, found));
  };
  return Object.assign(lookup, { asked });
};
