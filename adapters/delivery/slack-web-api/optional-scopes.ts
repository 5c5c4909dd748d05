import type { ChannelFindings } from './verify-channel.js';

/** Scopes of which one or all must be there for something to work. */
interface OptionalScopes {
  readonly needs: (scopes: ReadonlySet<string>, isPrivate: boolean) => boolean;
  readonly note: string;
}

const install = 'in the settings of the Slack app and install it again';

const optional: readonly OptionalScopes[] = [
  {
    needs: (scopes) => scopes.has('reactions:write'),
    note: `Reactions are left out: add the scope reactions:write ${install}`,
  },
  {
    needs: (scopes) => scopes.has('files:write') && scopes.has('files:read'),
    note: `Stored pictures are left out, or replies can't find their message: add the scopes files:write and files:read ${install}`,
  },
  {
    needs: (scopes) => scopes.has('chat:write.customize'),
    note: `Username and icon of a routing are left out: add the scope chat:write.customize ${install}`,
  },
  {
    needs: (scopes, isPrivate) => scopes.has(isPrivate ? 'groups:history' : 'channels:history'),
    note: `A message whose answer got lost may be posted twice: add the scope channels:history (private channels: groups:history) ${install}`,
  },
  {
    needs: (scopes, isPrivate) => scopes.has(isPrivate ? 'groups:read' : 'channels:read'),
    note: `Channels can't be looked at or searched: add the scope channels:read (private channels: groups:read) ${install}`,
  },
];

/**
 * Says what would not work for want of a scope, while messages arrive all the same.
 *
 * @param granted - The token's scopes; `undefined` when Slack does not tell them.
 * @param found - What is known of the channel.
 * @returns A note for each thing, with what to do about it.
 */
export function scopeNotes(
  granted: readonly string[] | undefined,
  { channel, isHidden = false }: Pick<ChannelFindings, 'channel' | 'isHidden'>,
): string[] {
  if (granted === undefined) {
    return ['Slack does not tell the scopes of this token, so it is not known whether reactions and pictures work'];
  }
  const scopes = new Set(granted);
  // The one scope of apps of old holds all of them.
  if (scopes.has('bot')) return [];
  // A public channel can be looked at with channels:read.
  const isPrivate = channel?.is_private === true || (isHidden && scopes.has('channels:read'));
  const missing = optional.filter(({ needs }) => !needs(scopes, isPrivate)).map(({ note }) => note);
  const isGuest = channel?.is_member === false && !isPrivate && scopes.has('chat:write.public');
  return isGuest ? [...missing, guestNote] : missing;
}

const guestNote =
  'The bot posts here without being a member, and so can upload no pictures and read no history: write "/invite @bot" in the channel';
