import type { SlackMessage, SlackWorkspace } from 'tocsin/testing';
import type { Entry, Transcripts } from './naive-skyline.js';
import { channelNames } from './skyline-script.js';

/** Reads all channels of a workspace whole. */
export function readTranscripts(workspace: SlackWorkspace, names: readonly string[] = channelNames): Transcripts {
  return Object.fromEntries(names.map((name) => [name, readEntries(workspace, name)]));
}

/** Reads a channel whole: its messages in order, each with its reactions and its thread. */
function readEntries(workspace: SlackWorkspace, name: string): Entry[] {
  const channel = workspace.channel(name);
  const entryOf = (message: SlackMessage): Entry => ({
    text: message.text,
    icon: message.iconEmoji,
    pictures: message.files.map(({ title }) => title),
    // Who reacted how often: a bot can add each reaction once.
    reactions: message.reactions.map((reaction) =>
      reaction.users.length === 1 ? reaction.name : `${reaction.name} × ${reaction.users.length}`,
    ),
    thread: message.threadTs === undefined ? channel.replies(message.ts).map(entryOf) : [],
  });
  return channel.messages.map(entryOf);
}
