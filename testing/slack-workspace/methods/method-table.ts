import { authMethods } from './auth.js';
import { chatMethods } from './chat.js';
import { conversationsMethods } from './conversations.js';
import { filesMethods } from './files.js';
import type { SlackMethod, TokenlessMethod } from './method.js';
import { oauthMethods } from './oauth.js';
import { reactionsMethods } from './reactions.js';

/** The Web API methods that take a token, by name. */
export const slackMethods: ReadonlyMap<string, SlackMethod> = new Map(
  Object.entries({ ...authMethods, ...chatMethods, ...conversationsMethods, ...filesMethods, ...reactionsMethods }),
);

/** The Web API methods that take none; every method in neither table answers unknown_method. */
export const tokenlessMethods: ReadonlyMap<string, TokenlessMethod> = new Map(Object.entries(oauthMethods));
