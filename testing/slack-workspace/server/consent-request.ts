import { allowsRedirect } from '../state/apps.js';
import { botScopes } from '../state/scopes.js';
import type { AppState, WorkspaceState } from '../state/workspace-state.js';

/** What an app asks for at the authorize page. */
export interface ConsentRequest {
  readonly app: AppState;
  readonly scopes: readonly string[];
  /** As sent, if it was. */
  readonly redirectUri: string | undefined;
  /** Where the answer goes. */
  readonly returnTo: string;
  /** The app's own word, given back as it came. */
  readonly state: string;
}

/** Why nobody is asked: shown to the person, for the app must not be led back to an address that may not be its own. */
export interface ConsentProblem {
  readonly problem: string;
}

/** Reads the authorize page's parameters, or the same as its form sends them. */
export const readConsentRequest = (
  state: WorkspaceState,
  parameters: URLSearchParams,
): ConsentRequest | ConsentProblem => {
  const app = state.apps.get(parameters.get('client_id') ?? '');
  if (app === undefined) return { problem: 'invalid_client_id: no app has this client_id.' };
  const redirectUri = parameters.get('redirect_uri') ?? undefined;
  const returnTo = redirectUri ?? app.redirectUris[0];
  if (returnTo === undefined || !allowsRedirect(app, returnTo)) {
    return { problem: 'bad_redirect_uri: redirect_uri did not match any configured URIs.' };
  }
  if ((parameters.get('user_scope') ?? '') !== '') {
    return { problem: 'This workspace grants scopes to bots only: user_scope has to be empty.' };
  }
  const scopes = (parameters.get('scope') ?? '').split(/[\s,]+/).filter((scope) => scope !== '');
  if (scopes.length === 0) return { problem: 'no_scopes: no scopes were requested.' };
  const unknown = scopes.filter((scope) => !botScopes.has(scope));
  if (unknown.length > 0) return { problem: `invalid_scope: there is no bot scope ${unknown.join(', ')}.` };
  return { app, scopes: [...new Set(scopes)], redirectUri, returnTo, state: parameters.get('state') ?? '' };
};
