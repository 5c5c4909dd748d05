import { createBot } from './tokens.js';
import type { AppState, Bot, WorkspaceState } from './workspace-state.js';

/** How long a token of an app with token rotation is good. */
export const tokenLifetimeSeconds = 43_200;

/** What an app gets for a code or a refresh token. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly scopes: readonly string[];
  readonly bot: Bot;
  /** Of an app with token rotation. */
  readonly refreshToken: string | undefined;
}

const botOf = (state: WorkspaceState, app: AppState): Bot => {
  app.bot ??= createBot(state, `app ${app.clientId}`, app.name);
  return app.bot;
};

/** A token that expires, and the one that renews it; older ones stay good until they expire. */
const issueRotating = (state: WorkspaceState, app: AppState, scopes: readonly string[]): IssuedTokens => {
  const bot = botOf(state, app);
  const accessToken = `xoxe.xoxb-1-${state.nextSecret()}`;
  const refreshToken = `xoxe-1-${state.nextSecret()}`;
  const expiresAtMs = state.clock() + tokenLifetimeSeconds * 1_000;
  state.tokens.set(accessToken, { token: accessToken, scopes, bot, expiresAtMs });
  state.refreshTokens.set(refreshToken, { clientId: app.clientId, scopes });
  return { accessToken, scopes, bot, refreshToken };
};

/** The one token of all installations, whose scopes only grow; a new one where that was revoked. */
const issueLasting = (state: WorkspaceState, app: AppState, scopes: readonly string[]): IssuedTokens => {
  const bot = botOf(state, app);
  const known = state.tokens.get(app.token ?? '');
  const isGood = known !== undefined && known.error === undefined;
  const token = isGood ? known.token : `xoxb-${state.nextSecret()}`;
  const all = [...new Set([...(isGood ? known.scopes : []), ...scopes])];
  state.tokens.set(token, { token, scopes: all, bot });
  app.token = token;
  return { accessToken: token, scopes: all, bot, refreshToken: undefined };
};

/** Issues what an installation, or a renewal, of an app yields. */
export const issueTokens = (state: WorkspaceState, app: AppState, scopes: readonly string[]): IssuedTokens =>
  app.tokenRotation ? issueRotating(state, app, scopes) : issueLasting(state, app, scopes);
