import type { WorkspaceState } from '../state/workspace-state.js';
import { readToken } from './authorize.js';
import { authorizePath } from './consent-page.js';
import { readArguments } from './read-arguments.js';

/** What of a request says which of several workspaces it is for. */
export interface TeamRequest {
  /** Path and query. */
  readonly url: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

const knows = (state: WorkspaceState, token: unknown): boolean => typeof token === 'string' && state.tokens.has(token);

const callIsFor = (request: TeamRequest): ((state: WorkspaceState) => boolean) => {
  const sent = readArguments(request.contentType, request.body.toString('utf8')) ?? {};
  const token = readToken(request.authorization, sent['token']);
  const { code, refresh_token: refreshToken } = sent;
  return (state) =>
    knows(state, token) || state.grants.has(String(code)) || state.refreshTokens.has(String(refreshToken));
};

/** The workspace of a request: by token, code, the team in the path or the `team` of an authorize page, else the first. */
export const findTeam = (states: readonly WorkspaceState[], request: TeamRequest): WorkspaceState | undefined => {
  const [path = '', query] = request.url.split('?');
  if (states.length === 1) return states[0];
  if (path.startsWith('/api/')) return states.find(callIsFor(request)) ?? states[0];
  if (path === authorizePath) {
    const team = new URLSearchParams(query ?? '').get('team');
    const form = new URLSearchParams(request.body.toString('utf8')).get('team');
    return states.find(({ team: { id } }) => id === (form ?? team)) ?? states[0];
  }
  const parts = path.split(/[/-]/);
  return states.find(({ team: { id } }) => parts.includes(id)) ?? states[0];
};
