import type { MessageToPost } from '../state/messages.js';
import { type SlackCall, textArgument } from './method.js';

/**
 * As whom a call posts. Without the scope for it Slack refuses no other name or picture than the bot's own: it ignores them,
 * and says nothing.
 */
export const authorOf = (call: SlackCall): Pick<MessageToPost, 'username' | 'iconEmoji'> => {
  const { bot, scopes } = call.caller;
  if (!scopes.includes('chat:write.customize')) return { username: bot.name, iconEmoji: undefined };
  return { username: textArgument(call, 'username') ?? bot.name, iconEmoji: textArgument(call, 'icon_emoji') };
};
