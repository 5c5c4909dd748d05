import type { JsonObject } from '../json.js';
import { type IssuedTokens, issueTokens, tokenLifetimeSeconds } from '../state/installations.js';
import { createWebhook, webhookUrlOf } from '../state/webhooks.js';
import type { AppState, GrantState, WorkspaceState } from '../state/workspace-state.js';
import {
  failure,
  type SlackAnswer,
  type SlackFailure,
  type TokenlessCall,
  type TokenlessMethod,
  textArgument,
} from './method.js';

/** The user who installs: the workspace has no other people. */
const installerId = 'U9000000001';

const authenticate = (call: TokenlessCall): AppState | SlackFailure => {
  const app = call.state.apps.get(call.basic?.user ?? textArgument(call, 'client_id') ?? '');
  if (app === undefined) return failure('invalid_client_id');
  const secret = call.basic?.password ?? textArgument(call, 'client_secret');
  return secret === app.clientSecret ? app : failure('bad_client_secret');
};

const webhookJson = (state: WorkspaceState, tokens: IssuedTokens, grant: GrantState): JsonObject | undefined => {
  const channel = state.channels.get(grant.channelId ?? '');
  if (channel === undefined) return undefined;
  const webhook = createWebhook(state, channel, tokens.bot);
  return {
    channel: `#${channel.name}`,
    channel_id: channel.id,
    configuration_url: `${state.team.url}services/${webhook.id}`,
    url: webhookUrlOf(state, webhook),
  };
};

const answerTokens = (state: WorkspaceState, tokens: IssuedTokens, extra: JsonObject): SlackAnswer => ({
  ok: true,
  app_id: tokens.bot.appId,
  access_token: tokens.accessToken,
  token_type: 'bot',
  scope: tokens.scopes.join(','),
  bot_user_id: tokens.bot.userId,
  ...(tokens.refreshToken === undefined
    ? {}
    : { refresh_token: tokens.refreshToken, expires_in: tokenLifetimeSeconds }),
  team: { id: state.team.id, name: state.team.name },
  enterprise: null,
  is_enterprise_install: false,
  ...extra,
});

const exchange = (call: TokenlessCall, app: AppState): SlackAnswer => {
  const { state } = call;
  const grant = state.grants.get(textArgument(call, 'code') ?? '');
  if (grant === undefined || grant.clientId !== app.clientId) return failure('invalid_code');
  if (grant.isUsed) return failure('code_already_used');
  if (grant.expiresAtMs <= state.clock()) return failure('invalid_code');
  if (textArgument(call, 'redirect_uri') !== grant.redirectUri) return failure('bad_redirect_uri');
  if (textArgument(call, 'code_verifier') !== undefined) return failure('pkce_not_allowed');
  grant.isUsed = true;
  const tokens = issueTokens(state, app, grant.scopes);
  const webhook = webhookJson(state, tokens, grant);
  return answerTokens(state, tokens, {
    authed_user: { id: installerId },
    ...(webhook === undefined ? {} : { incoming_webhook: webhook }),
  });
};

/** A refresh token works once; the channel's webhook stays as it is. */
const renew = (call: TokenlessCall, app: AppState): SlackAnswer => {
  const { state } = call;
  const refreshToken = textArgument(call, 'refresh_token') ?? '';
  const known = state.refreshTokens.get(refreshToken);
  if (known === undefined || known.clientId !== app.clientId) return failure('invalid_refresh_token');
  state.refreshTokens.delete(refreshToken);
  return answerTokens(state, issueTokens(state, app, known.scopes), {});
};

const access: TokenlessMethod = {
  requiredArguments: [],
  optionalArguments: [
    'client_id',
    'client_secret',
    'code',
    'code_verifier',
    'grant_type',
    'redirect_uri',
    'refresh_token',
  ],
  errors: [
    'bad_client_secret',
    'bad_redirect_uri',
    'code_already_used',
    'invalid_client_id',
    'invalid_code',
    'invalid_grant_type',
    'invalid_refresh_token',
    'pkce_not_allowed',
  ],
  handle: (call) => {
    const app = authenticate(call);
    if ('ok' in app) return app;
    const grantType = textArgument(call, 'grant_type') ?? 'authorization_code';
    if (grantType === 'authorization_code') return exchange(call, app);
    return grantType === 'refresh_token' ? renew(call, app) : failure('invalid_grant_type');
  },
};

/** The oauth.* methods: they know an app by its client ID and secret. */
export const oauthMethods = { 'oauth.v2.access': access };
