import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { takeFault } from '../state/fault-queue.js';
import { requestAnswered } from '../state/late-commits.js';
import type { WorkspaceState } from '../state/workspace-state.js';
import { commitLate } from './commit-late.js';
import { consentPage } from './consent-page.js';
import { findTeam } from './find-team.js';
import { webhookOperation } from './incoming-webhook.js';
import type { Operation } from './operation.js';
import { performFault, sendReply } from './perform-fault.js';
import { readUpload, uploadOperation } from './upload.js';
import { webApiOperation } from './web-api.js';

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const readOperation = async (
  state: WorkspaceState,
  request: IncomingMessage,
  body: Buffer,
): Promise<Operation | undefined> => {
  const path = request.url ?? '/';
  const contentType = request.headers['content-type'] ?? '';
  if (request.method !== 'POST') return undefined;
  if (path.startsWith('/upload/')) return uploadOperation(state, path, await readUpload(contentType, body));
  if (path.startsWith('/services/')) return webhookOperation(state, path, body.toString('utf8'));
  if (!path.startsWith('/api/')) return undefined;
  return webApiOperation(state, {
    methodName: path.slice('/api/'.length),
    contentType,
    authorization: request.headers.authorization,
    body: body.toString('utf8'),
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

const handle = async (
  states: readonly WorkspaceState[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const body = await readBody(request);
    const { url = '/', method, headers } = request;
    const contentType = headers['content-type'] ?? '';
    const state = findTeam(states, { url, contentType, authorization: headers.authorization, body });
    if (state === undefined) throw new Error('its workspaces are closed');
    const page = consentPage(state, { method, url, body });
    if (page !== undefined) {
      sendReply(response, page);
      return;
    }
    const operation = await readOperation(state, request, body);
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

/** One server for workspaces that share an API, as all of Slack does. */
export interface WorkspaceServer {
  readonly states: WorkspaceState[];
  readonly server: Server;
}

/** Serves the workspace on a free port of 127.0.0.1, which its `origin` then names. */
export const serveWorkspace = async (state: WorkspaceState): Promise<WorkspaceServer> => {
  const states = [state];
  const server = createServer((request, response) => void handle(states, request, response));
  // An idle connection closed just as the client reuses it would look like a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  state.origin = `http://127.0.0.1:${address.port}`;
  return { states, server };
};

/** Stops listening and ends every socket, those of requests that are being held included. */
const stopServing = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Serves one more workspace where another one is served. */
export const joinServer = (shared: WorkspaceServer, state: WorkspaceState): WorkspaceServer => {
  const [first] = shared.states;
  if (first === undefined) throw new Error('The Slack workspace beside is closed.');
  const isAlike = ({ team, tokens }: WorkspaceState): boolean =>
    team.id === state.team.id || [...state.tokens.keys()].some((token) => tokens.has(token));
  if (shared.states.some(isAlike))
    throw new Error('The Slack workspace beside has its team ID or a token of it already.');
  state.origin = first.origin;
  shared.states.push(state);
  return shared;
};

/** Takes a workspace from its server; with the first one all of them go. */
export const leaveServer = async ({ states, server }: WorkspaceServer, state: WorkspaceState): Promise<void> => {
  const index = states.indexOf(state);
  if (index === -1) return;
  states.splice(index, index === 0 ? states.length : 1);
  if (index === 0) await stopServing(server);
};
