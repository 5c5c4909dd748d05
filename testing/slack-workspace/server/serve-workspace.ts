import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { takeFault } from '../state/fault-queue.js';
import { requestAnswered } from '../state/late-commits.js';
import type { WorkspaceState } from '../state/workspace-state.js';
import { commitLate } from './commit-late.js';
import { webhookOperation } from './incoming-webhook.js';
import type { Operation } from './operation.js';
import { performFault, sendReply } from './perform-fault.js';
import { webApiOperation } from './web-api.js';

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const readOperation = async (state: WorkspaceState, request: IncomingMessage): Promise<Operation | undefined> => {
  const body = await readBody(request);
  const path = request.url ?? '/';
  if (request.method !== 'POST') return undefined;
  if (path.startsWith('/services/')) return webhookOperation(state, path, body);
  if (!path.startsWith('/api/')) return undefined;
  return webApiOperation(state, {
    methodName: path.slice('/api/'.length),
    contentType: request.headers['content-type'] ?? '',
    authorization: request.headers.authorization,
    body,
  });
};

const answer = (state: WorkspaceState, operation: Operation, response: ServerResponse): void => {
  const { perform, refuse, refuseForRate, ...request } = operation;
  const entry = { ...request, receivedAtMs: state.clock() };
  const fault = takeFault(state, request);
  if (fault !== undefined) {
    state.requests.push({ ...entry, outcome: performFault(fault, operation, response) });
    requestAnswered(state, request.channelId);
    if (fault.type === 'slow-headers' && fault.commit === 'late') commitLate(state, fault, operation, response);
    return;
  }
  const reply = perform();
  state.requests.push({ ...entry, outcome: reply.outcome });
  sendReply(response, reply);
  requestAnswered(state, request.channelId);
};

const handle = async (state: WorkspaceState, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  try {
    const operation = await readOperation(state, request);
    if (operation === undefined) {
      sendReply(response, { statusCode: 404, headers: { 'content-type': 'text/plain' }, body: 'not found' });
    } else answer(state, operation, response);
  } catch (error) {
    // A client that left while sending needs no answer; anything else is a mistake here, and must not look like Slack.
    if (response.socket?.destroyed !== false) return;
    const body = `slack workspace: ${error instanceof Error ? error.message : String(error)}`;
    sendReply(response, { statusCode: 501, headers: { 'content-type': 'text/plain' }, body });
  }
};

/** Serves the workspace on a free port of 127.0.0.1. */
export const serveWorkspace = async (state: WorkspaceState): Promise<{ server: Server; origin: string }> => {
  const server = createServer((request, response) => void handle(state, request, response));
  // An idle connection closed just as the client reuses it would look like a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return { server, origin: `http://127.0.0.1:${address.port}` };
};

/** Stops listening and ends every socket, those of requests that are being held included. */
export const stopServing = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
