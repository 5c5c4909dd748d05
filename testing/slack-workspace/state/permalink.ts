import type { ChannelState, MessageState, WorkspaceState } from './workspace-state.js';

/** A message's link as Slack writes it. */
export const permalinkOf = (state: WorkspaceState, channel: ChannelState, message: MessageState): string => {
  const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  return `${state.team.url}archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
};

/** The message that a link leads to; a reply is found without its thread being named, as in Slack. */
export const findByPermalink = (state: WorkspaceState, permalink: string): MessageState | undefined => {
  if (!permalink.startsWith(state.team.url)) return undefined;
  const path = permalink.slice(state.team.url.length);
  const [, channelId = '', seconds = '', fraction = ''] = /^archives\/(\w+)\/p(\d+)(\d{6})(?:\?|$)/.exec(path) ?? [];
  return state.channels.get(channelId)?.messages.get(`${seconds}.${fraction}`);
};
