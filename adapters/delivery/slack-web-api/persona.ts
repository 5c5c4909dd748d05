import type { Destination } from '../../../src/index.js';
import { cleanLine } from '../slack-message/clean-text.js';
import { limits } from '../slack-message/limits.js';
import { shortenPlain } from '../slack-message/shorten-text.js';

/** As whom a message is posted, in Slack's words. */
export interface Persona {
  readonly username?: string;
  readonly icon_emoji?: string;
}

/**
 * Reads as whom to post.
 *
 * @param destination - What routing chose.
 * @returns Name and icon as Slack takes them; `undefined` when the bot posts as itself.
 */
export function personaOf(destination: Destination | undefined): Persona | undefined {
  const username = shortenPlain(cleanLine(destination?.username ?? '').replace(/[<>]/g, ''), limits.username);
  const emoji = (destination?.iconEmoji ?? '').trim().replace(/^:|:$/g, '');
  // What is no name of an emoji Slack would take for none, silently.
  const isEmoji = /^[\p{L}\p{N}_+'-]{1,100}(?:::skin-tone-[2-6])?$/u.test(emoji);
  if (username === '' && !isEmoji) return undefined;
  return { ...(username === '' ? {} : { username }), ...(isEmoji ? { icon_emoji: `:${emoji}:` } : {}) };
}

const namingScopes = ['chat:write.customize', 'chat:write:bot', 'bot'];

/**
 * Tells whether a token may post under another name. The last two scopes are those of apps of old.
 *
 * @param scopes - Its scopes; `undefined` when Slack does not tell them.
 * @returns `true` also when that is not known.
 */
export function mayHavePersona(scopes: readonly string[] | undefined): boolean {
  return scopes === undefined || namingScopes.some((scope) => scopes.includes(scope));
}
