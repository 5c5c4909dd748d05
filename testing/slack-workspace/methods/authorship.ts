import { type SlackCall, textArgument } from './method.js';

const authorshipArguments = ['username', 'icon_emoji', 'icon_url'];

/** Whether a call asks to post under another name or picture than the bot's own, without the scope for it. */
export const needsCustomize = (call: SlackCall): boolean =>
  authorshipArguments.some((name) => textArgument(call, name) !== undefined) &&
  !call.caller.scopes.includes('chat:write.customize');
