import type { JsonObject } from '../json.js';
import type { TokenState, WorkspaceState } from '../state/workspace-state.js';

/** One authorised call of a Web API method. */
export interface SlackCall {
  readonly state: WorkspaceState;
  readonly caller: TokenState;
  /** As sent, JSON decoded where the value is JSON; from a form everything else is a string. */
  readonly arguments: JsonObject;
}

/** A refusal under one of Slack's error names. */
export interface SlackFailure {
  readonly ok: false;
  readonly error: string;
  /** Turns the answer into HTTP 429 with a Retry-After header. */
  readonly retryAfterSeconds?: number;
  readonly [extra: string]: unknown;
}

/** What a method answers. */
export type SlackAnswer = { readonly ok: true; readonly [property: string]: unknown } | SlackFailure;

/** A Web API method: what it accepts, what it may answer, and what it does. */
export interface SlackMethod {
  /** Any one of these scopes will do; none are needed when empty. */
  readonly scopes: readonly string[];
  readonly requiredArguments: readonly string[];
  readonly optionalArguments: readonly string[];
  /** Taken as well, without effect. */
  readonly ignoredArguments?: readonly string[];
  /** The error names of its own; the generic ones come on top. */
  readonly errors: readonly string[];
  readonly handle: (call: SlackCall) => SlackAnswer;
}

/** A call of a method that takes no token. */
export interface TokenlessCall {
  readonly state: WorkspaceState;
  /** From the Authorization header's Basic scheme. */
  readonly basic: { readonly user: string; readonly password: string } | undefined;
  readonly arguments: JsonObject;
}

/** A Web API method that takes no token. */
export interface TokenlessMethod
  extends Pick<SlackMethod, 'requiredArguments' | 'optionalArguments' | 'ignoredArguments' | 'errors'> {
  readonly handle: (call: TokenlessCall) => SlackAnswer;
}

/** Error names that every method may answer, of which Slack's reference lists some under each method and some nowhere. */
export const genericErrors: readonly string[] = Object.freeze([
  'account_inactive',
  'invalid_arguments',
  'invalid_auth',
  'missing_scope',
  'not_authed',
  'ratelimited',
  'token_expired',
  'token_revoked',
  'unknown_method',
]);

/** Arguments that every method takes and does nothing with: `client_msg_id` never made a post idempotent. */
export const ignoredArguments: readonly string[] = Object.freeze(['client_msg_id', 'team_id']);

/** A refusal. */
export const failure = (error: string, extra: JsonObject = {}): SlackFailure => ({ ...extra, ok: false, error });

/** A refusal for want of a scope. */
export const missingScope = (call: Pick<SlackCall, 'caller'>, needed: string): SlackFailure =>
  failure('missing_scope', { needed, provided: call.caller.scopes.join(',') });

/** Whether a helper answered with a refusal instead of what it was asked for. */
export const isFailure = (value: object): value is SlackFailure => 'ok' in value && value.ok === false;

/** An argument as text; undefined where it was not sent. */
export const textArgument = (call: Pick<SlackCall, 'arguments'>, name: string): string | undefined => {
  const value = call.arguments[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** An argument as yes or no, in the spellings Slack takes. */
export const flagArgument = (call: Pick<SlackCall, 'arguments'>, name: string): boolean =>
  ['true', '1'].includes(textArgument(call, name) ?? '');
