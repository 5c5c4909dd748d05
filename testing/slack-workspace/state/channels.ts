import type { SlackChannelOptions } from '../options.js';
import { type ChannelState, formatId, type WorkspaceState } from './workspace-state.js';

const withoutHash = (name: string): string => (name.startsWith('#') ? name.slice(1) : name);

/** The channel of an ID or a name (with or without `#`), private ones included; undefined if there is none. */
export const lookUpChannel = (state: WorkspaceState, idOrName: string): ChannelState | undefined => {
  const byId = state.channels.get(idOrName);
  if (byId !== undefined) return byId;
  const name = withoutHash(idOrName);
  for (const channel of state.channels.values()) if (channel.name === name) return channel;
  return undefined;
};

/** Like lookUpChannel, for the test's own use: a wrong name is a mistake of the test, so it throws. */
export const requireChannel = (state: WorkspaceState, idOrName: string): ChannelState => {
  const channel = lookUpChannel(state, idOrName);
  if (channel !== undefined) return channel;
  const names = [...state.channels.values()].map(({ name }) => `#${name}`).join(', ');
  throw new Error(`The Slack workspace has no channel ${idOrName}; it has ${names}.`);
};

/** Adds a channel; its members are all bots known so far, unless `isMember` is false. */
export const createChannel = (state: WorkspaceState, options: SlackChannelOptions): ChannelState => {
  const name = withoutHash(options.name);
  const id = options.id ?? formatId('C', state.channels.size + 1);
  requireFree(lookUpChannel(state, name) ?? state.channels.get(id));
  const channel: ChannelState = {
    id,
    name,
    isPrivate: options.isPrivate ?? false,
    isArchived: options.isArchived ?? false,
    createdAtMs: state.clock(),
    members: new Set(options.isMember === false ? [] : [...state.bots.values()].map(({ userId }) => userId)),
    messages: new Map(),
    bucketFullAtMs: Number.NEGATIVE_INFINITY,
  };
  state.channels.set(id, channel);
  return channel;
};

/** Gives a channel another name. */
export const renameChannel = (state: WorkspaceState, channel: ChannelState, name: string): void => {
  requireFree(lookUpChannel(state, withoutHash(name)));
  channel.name = withoutHash(name);
};

const requireFree = (clash: ChannelState | undefined): void => {
  if (clash !== undefined) throw new Error(`The Slack workspace has a channel #${clash.name} (${clash.id}) already.`);
};
