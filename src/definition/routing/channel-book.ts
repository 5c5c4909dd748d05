import type { Issue } from '../../errors.js';
import { describeValue, formatPath, type PathSegments } from '../path.js';
import { readChannel, readChannelId } from './channel-name.js';
import type { GivenRouting } from './routing-schema.js';

/** The channels of a routing, read so that two spellings of one channel are the same. */
export interface ChannelBook {
  /** Reads a channel; notes an issue and returns `undefined` when it is none. */
  read(text: string, path: PathSegments): string | undefined;
  readonly defaultChannel: string | undefined;
  readonly defaultChannelId: string | undefined;
  /** By names; one that two names share stands under the first. */
  readonly channelIds: Readonly<Record<string, string>>;
}

/**
 * Reads which ids the channels of a routing have.
 *
 * @param issues - Where what is wrong is noted.
 */
export function openChannelBook(
  given: Pick<GivenRouting, 'defaultChannel' | 'defaultChannelId' | 'channelIds'>,
  issues: Issue[],
): ChannelBook {
  const idOf = new Map<string, string>();
  const nameOf = new Map<string, string>();

  const note = (path: PathSegments, message: string): undefined => {
    issues.push({ code: 'invalid_value', path: formatPath(path), message });
  };
  const readId = (text: string, path: PathSegments): string | undefined =>
    readChannelId(text) ?? note(path, `Expected the id of a channel such as "C024BE91L", got ${describeValue(text)}`);
  const learn = (name: string, id: string, path: PathSegments): void => {
    const known = idOf.get(name) ?? id;
    if (known !== id) note(path, `Expected one id for ${name}, got ${describeValue(known)} and ${describeValue(id)}`);
    idOf.set(name, known);
    if (!nameOf.has(id)) nameOf.set(id, name);
  };
  const read = (text: string, path: PathSegments): string | undefined => {
    const channel = readChannel(text)?.channel;
    if (channel === undefined) {
      return note(path, `Expected a channel such as "#alerts" or "C024BE91L", got ${describeValue(text)}`);
    }
    return nameOf.get(idOf.get(channel) ?? channel) ?? channel;
  };

  const { defaultChannel, defaultChannelId } = given;
  const usual = defaultChannel === undefined ? undefined : read(defaultChannel, ['defaultChannel']);
  const usualId = defaultChannelId === undefined ? undefined : readId(defaultChannelId, ['defaultChannelId']);
  if (usual !== undefined && usualId !== undefined) {
    const { type } = readChannel(usual) ?? {};
    if (type === 'name') learn(usual, usualId, ['defaultChannelId']);
    else if (usual !== usualId) {
      note(['defaultChannelId'], `Expected the id in defaultChannel, "${usual}", got ${describeValue(usualId)}`);
    }
  }
  for (const [name, text] of Object.entries(given.channelIds)) {
    const path = ['channelIds', name];
    const channel = readChannel(name);
    const id = readId(text, path);
    if (channel?.type !== 'name')
      note(path, `Expected the name of a channel such as "#alerts", got ${describeValue(name)}`);
    else if (id !== undefined) learn(channel.channel, id, path);
  }
  const own = usual ?? (usualId === undefined ? undefined : nameOf.get(usualId));
  return {
    read,
    defaultChannel: own === undefined ? undefined : (nameOf.get(idOf.get(own) ?? own) ?? own),
    defaultChannelId: usualId,
    channelIds: Object.fromEntries([...nameOf].map(([id, name]) => [name, id])),
  };
}
