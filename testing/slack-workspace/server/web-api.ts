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
import { slackMethods, tokenlessMethods } from '../methods/method-table.js';
import { redactArguments } from '../request-log.js';
import { lookUpChannel } from '../state/channels.js';
import type { WorkspaceState } from '../state/workspace-state.js';
import { authorize, readBasic, readToken } from './authorize.js';
import { type HttpReply, type Operation, rateLimitedReply } from './operation.js';
import { readArguments } from './read-arguments.js';

/** A POST to `/api/<method>`. */
export interface WebApiRequest {
  readonly methodName: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

type MethodShape = Pick<SlackMethod, 'requiredArguments' | 'optionalArguments' | 'ignoredArguments' | 'errors'>;

const argumentsFailure = (method: MethodShape, sent: JsonObject): SlackFailure | undefined => {
  const { requiredArguments, optionalArguments } = method;
  const ignored = [...ignoredArguments, ...(method.ignoredArguments ?? []), 'token'];
  const known = [...requiredArguments, ...optionalArguments, ...ignored];
  const messages = [
    ...requiredArguments
      .filter((name) => sent[name] === undefined)
      .map((name) => `[ERROR] missing required field: ${name}`),
    ...Object.keys(sent)
      .filter((name) => !known.includes(name))
      .map((name) => `[ERROR] invalid additional property: ${name}`),
  ];
  return messages.length > 0 ? failure('invalid_arguments', { response_metadata: { messages } }) : undefined;
};

const declared = (name: string, method: MethodShape, answer: SlackAnswer): SlackAnswer => {
  if (isFailure(answer) && !method.errors.includes(answer.error) && !genericErrors.includes(answer.error)) {
    throw new Error(`${name} does not declare the error ${answer.error}.`);
  }
  return answer;
};

const call = (state: WorkspaceState, request: WebApiRequest, sent: JsonObject | undefined): SlackAnswer => {
  const { methodName, authorization } = request;
  const tokenless = tokenlessMethods.get(methodName);
  if (tokenless !== undefined) {
    if (sent === undefined) return failure('invalid_arguments');
    const tokenlessCall = { state, basic: readBasic(authorization), arguments: sent };
    return declared(methodName, tokenless, argumentsFailure(tokenless, sent) ?? tokenless.handle(tokenlessCall));
  }
  const method = slackMethods.get(methodName);
  if (method === undefined) return failure('unknown_method', { req_method: methodName });
  const caller = authorize(state, readToken(authorization, sent?.['token']), method);
  if ('ok' in caller) return caller;
  if (sent === undefined) return failure('invalid_arguments');
  return declared(
    methodName,
    method,
    argumentsFailure(method, sent) ?? method.handle({ state, caller, arguments: sent }),
  );
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
  const channel = sent?.['channel'] ?? sent?.['channel_id'];
  return {
    method: request.methodName,
    channelId: typeof channel === 'string' ? lookUpChannel(state, channel)?.id : undefined,
    arguments: redactArguments(sent),
    perform: () => reply(call(state, request, sent)),
    refuse: (error, statusCode) => reply(failure(error), statusCode),
    refuseForRate: rateLimitedReply,
  };
};
