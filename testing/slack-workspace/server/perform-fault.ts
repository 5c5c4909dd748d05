import type { ServerResponse } from 'node:http';
import type { SlackFault } from '../faults.js';
import type { SlackRequestOutcome } from '../request-log.js';
import type { HttpReply, Operation } from './operation.js';

const htmlPage = '<!DOCTYPE html><html><head><title>Slack</title></head><body>We will be right back.</body></html>';

/** Sends a reply as it is. */
export const sendReply = (response: ServerResponse, reply: Omit<HttpReply, 'outcome'>): void => {
  response.writeHead(reply.statusCode, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
};

const reset = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy();
};

const sendServerError = (response: ServerResponse, statusCode: number): void =>
  sendReply(response, { statusCode, headers: { 'content-type': 'text/plain' }, body: 'upstream error' });

/** Headers and half the body; the rest never comes, and the socket stays until the client or close() ends it. */
const stall = (response: ServerResponse, body: string): void => {
  const bytes = Buffer.from(body);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
};

/**
 * Lets a request go wrong, carrying it out first where the fault says so.
 *
 * Nothing here waits on a timer: what never answers is held by its socket alone.
 *
 * @returns what to log
 */
export const performFault = (
  fault: SlackFault,
  operation: Operation,
  response: ServerResponse,
): SlackRequestOutcome => {
  const outcome = (reply?: HttpReply): SlackRequestOutcome => ({
    type: 'fault',
    fault: fault.type,
    committed: reply?.outcome.type === 'ok',
  });
  const performIf = (commit: boolean): HttpReply | undefined => (commit ? operation.perform() : undefined);
  switch (fault.type) {
    case 'reset':
      reset(response);
      return outcome();
    case 'commit-then-reset': {
      const reply = operation.perform();
      reset(response);
      return outcome(reply);
    }
    case 'http-500':
      sendServerError(response, 500);
      return outcome();
    case 'http-503':
      sendServerError(response, 503);
      return outcome();
    case 'commit-then-500': {
      const reply = operation.perform();
      sendServerError(response, 500);
      return outcome(reply);
    }
    case 'slow-headers':
      return outcome(performIf(fault.commit === true));
    case 'stalled-body': {
      const reply = performIf(fault.commit ?? true);
      stall(response, reply?.body ?? JSON.stringify({ ok: true }));
      return outcome(reply);
    }
    case 'non-json-200': {
      const reply = performIf(fault.commit ?? false);
      const body = fault.body ?? htmlPage;
      sendReply(response, { statusCode: 200, headers: { 'content-type': 'text/html' }, body });
      return outcome(reply);
    }
    case '429':
      sendReply(response, operation.refuseForRate(fault.retryAfterSeconds));
      return outcome();
    case '429-without-header':
      sendReply(response, operation.refuseForRate(undefined));
      return outcome();
    case 'platform-error':
      sendReply(response, operation.refuse(fault.error, fault.statusCode));
      return outcome();
    default:
      return fault satisfies never;
  }
};
