import { authMethods } from './auth.js';
import { chatMethods } from './chat.js';
import { conversationsMethods } from './conversations.js';
import type { SlackMethod } from './method.js';
import { reactionsMethods } from './reactions.js';

/** The Web API methods that the workspace implements, by name; every other one answers unknown_method. */
export const slackMethods: ReadonlyMap<string, SlackMethod> = new Map(
  Object.entries({ ...authMethods, ...chatMethods, ...conversationsMethods, ...reactionsMethods }),
);
