import type { JsonObject } from '../json.js';
import type { FileShare, FileState } from '../state/workspace-state.js';
import { isVisible } from './channel-access.js';
import type { SlackCall } from './method.js';

/** A file as a message shows it. */
export const fileFacts = (file: FileState): JsonObject => ({
  id: file.id,
  created: Math.floor(file.createdAtMs / 1_000),
  timestamp: Math.floor(file.createdAtMs / 1_000),
  name: file.name,
  title: file.title,
  mimetype: file.mimetype,
  filetype: file.filetype,
  size: file.size,
  user: file.bot.userId,
  mode: 'hosted',
  is_external: false,
  display_as_bot: false,
});

const shareJson = (call: SlackCall, { channelId, ts, threadTs }: FileShare): JsonObject => {
  const channel = call.state.channels.get(channelId);
  const message = channel?.messages.get(ts);
  return {
    ts,
    thread_ts: threadTs,
    channel_name: channel?.name,
    team_id: call.state.team.id,
    share_user_id: message?.userId,
    reply_count: message?.replies.length ?? 0,
    reply_users: [],
    reply_users_count: 0,
  };
};

/**
 * A file as the files methods answer it, with what the caller may see of its shares.
 *
 * @param isShared - Slack shares a file after it has answered: false leaves the shares out
 */
export const fileJson = (call: SlackCall, file: FileState, isShared: boolean): JsonObject => {
  const shares = isShared ? file.shares : [];
  const sharesIn = (isPrivate: boolean): readonly FileShare[] =>
    shares.filter(({ channelId }) => {
      const channel = call.state.channels.get(channelId);
      return channel?.isPrivate === isPrivate && isVisible(call, channel);
    });
  const byChannel = (some: readonly FileShare[]): JsonObject | undefined =>
    some.length === 0
      ? undefined
      : Object.fromEntries(some.map((share) => [share.channelId, [shareJson(call, share)]]));
  const publicShares = sharesIn(false);
  const privateShares = sharesIn(true);
  return {
    ...fileFacts(file),
    permalink: `${call.state.team.url}files/${file.bot.userId}/${file.id}/${encodeURIComponent(file.name)}`,
    channels: publicShares.map(({ channelId }) => channelId),
    groups: privateShares.map(({ channelId }) => channelId),
    ims: [],
    shares: { public: byChannel(publicShares), private: byChannel(privateShares) },
  };
};
