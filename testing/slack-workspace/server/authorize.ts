import { failure, missingScope, type SlackFailure, type SlackMethod } from '../methods/method.js';
import type { TokenState, WorkspaceState } from '../state/workspace-state.js';

/** The token of a request: the Authorization header's, or else the `token` argument. */
export const readToken = (authorization: string | undefined, argument: unknown): string | undefined => {
  const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  return bearer ?? (typeof argument === 'string' && argument !== '' ? argument : undefined);
};

/** Client ID and secret of a request, from the Authorization header's Basic scheme. */
export const readBasic = (
  authorization: string | undefined,
): { readonly user: string; readonly password: string } | undefined => {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user, password: password.join(':') };
};

/** Who calls, if the token is good and has a scope that the method takes. */
export const authorize = (
  state: WorkspaceState,
  token: string | undefined,
  method: SlackMethod,
): TokenState | SlackFailure => {
  if (token === undefined) return failure('not_authed');
  const caller = state.tokens.get(token);
  if (caller === undefined) return failure('invalid_auth');
  if (caller.error !== undefined) return failure(caller.error);
  if (caller.expiresAtMs !== undefined && caller.expiresAtMs <= state.clock()) return failure('token_expired');
  const isCovered = method.scopes.length === 0 || method.scopes.some((scope) => caller.scopes.includes(scope));
  return isCovered ? caller : missingScope({ caller }, method.scopes.join(','));
};
