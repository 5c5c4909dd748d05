import type { JsonObject } from '../json.js';
import {
  failure,
  genericErrors,
  ignoredArguments,
  isFailure,
  type SlackAnswer,
  type SlackFailure,
  type SlackMethod,
} from '../methods/method.js';
import { slackMethods } from '../methods/method-table.js';
import { redactArguments } from '../request-log.js';
import { lookUpChannel } from '../state/channels.js';
import type { WorkspaceState } from '../state/workspace-state.js';
import { authorize, readToken } from './authorize.js';
import { type HttpReply, type Operation, rateLimitedReply } from './operation.js';
import { readArguments } from './read-arguments.js';

/** A POST to `/api/<method>`. */
export interface WebApiRequest {
  readonly methodName: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

const argumentsFailure = (method: SlackMethod, sent: JsonObject): SlackFailure | undefined => {
  const known = [...method.requiredArguments, ...method.optionalArguments, ...ignoredArguments, 'token'];
  const messages = [
    ...method.requiredArguments
      .filter((name) => sent[name] === undefined)
      .map((name) => `[ERROR] missing required field: ${name}`),
    ...Object.keys(sent)
      .filter((name) => !known.includes(name))
      .map((name) => `[ERROR] invalid additional property: ${name}`),
  ];
  return messages.length > 0 ? failure('invalid_arguments', { response_metadata: { messages } }) : undefined;
};

const call = (state: WorkspaceState, request: WebApiRequest, sent: JsonObject | undefined): SlackAnswer => {
  const method = slackMethods.get(request.methodName);
  if (method === undefined) return failure('unknown_method', { req_method: request.methodName });
  const caller = authorize(state, readToken(request.authorization, sent?.['token']), method);
  if ('ok' in caller) return caller;
  if (sent === undefined) return failure('invalid_arguments');
  const answer = argumentsFailure(method, sent) ?? method.handle({ state, caller, arguments: sent });
  if (isFailure(answer) && !method.errors.includes(answer.error) && !genericErrors.includes(answer.error)) {
    throw new Error(`${request.methodName} does not declare the error ${answer.error}.`);
  }
  return answer;
};

const scopeHeaders = (
  state: WorkspaceState,
  request: WebApiRequest,
  sent: JsonObject | undefined,
): Readonly<Record<string, string>> => {
  const scopes = state.tokens.get(readToken(request.authorization, sent?.['token']) ?? '')?.scopes;
  const accepted = slackMethods.get(request.methodName)?.scopes ?? [];
  return scopes === undefined
    ? {}
    : { 'x-oauth-scopes': scopes.join(','), 'x-accepted-oauth-scopes': accepted.join(',') };
};

/** A Web API request as an operation. */
export const webApiOperation = (state: WorkspaceState, request: WebApiRequest): Operation => {
  const sent = readArguments(request.contentType, request.body);
  const reply = (answer: SlackAnswer, statusCode = 200): HttpReply => {
    const { retryAfterSeconds, ...body } = answer;
    if (isFailure(answer) && answer.retryAfterSeconds !== undefined) return rateLimitedReply(answer.retryAfterSeconds);
    return {
      statusCode,
      headers: { 'content-type': 'application/json; charset=utf-8', ...scopeHeaders(state, request, sent) },
      body: JSON.stringify(body),
      outcome: isFailure(answer)
        ? { type: 'error', error: answer.error, statusCode }
        : { type: 'ok', ...(typeof answer['ts'] === 'string' ? { ts: answer['ts'] } : {}) },
    };
  };
  const channel = sent?.['channel'];
  return {
    method: request.methodName,
    channelId: typeof channel === 'string' ? lookUpChannel(state, channel)?.id : undefined,
    arguments: redactArguments(sent),
    perform: () => reply(call(state, request, sent)),
    refuse: (error, statusCode) => reply(failure(error), statusCode),
    refuseForRate: rateLimitedReply,
  };
};
