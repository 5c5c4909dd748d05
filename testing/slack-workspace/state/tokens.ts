import { defaultBotName, defaultBotScopes, type SlackTokenOptions } from '../options.js';
import { type Bot, formatId, type SlackTokenError, type TokenState, type WorkspaceState } from './workspace-state.js';

/** Adds a bot under a key that no other bot has. */
export const createBot = (state: WorkspaceState, key: string, name: string): Bot => {
  const ordinal = state.bots.size + 1;
  const bot: Bot = {
    name,
    botId: formatId('B', ordinal),
    userId: formatId('U', ordinal),
    appId: formatId('A', ordinal),
  };
  state.bots.set(key, bot);
  return bot;
};

const botNamed = (state: WorkspaceState, name: string): Bot => state.bots.get(name) ?? createBot(state, name, name);

/** Makes the workspace accept a token, also one that was revoked before. */
export const grantToken = (state: WorkspaceState, options: SlackTokenOptions): TokenState => {
  const token: TokenState = {
    token: options.token,
    scopes: options.scopes ?? defaultBotScopes,
    bot: botNamed(state, options.botName ?? defaultBotName),
  };
  state.tokens.set(options.token, token);
  return token;
};

/** Makes every later call with the token fail with the given error. */
export const revokeToken = (state: WorkspaceState, token: string, error: SlackTokenError): void => {
  const known = state.tokens.get(token);
  if (known === undefined) throw new Error('The workspace has no such token.');
  known.error = error;
};

/** The bot that webhooks post as: that of the first token. */
export const firstBot = (state: WorkspaceState): Bot => {
  const [bot] = state.bots.values();
  return bot ?? botNamed(state, defaultBotName);
};
