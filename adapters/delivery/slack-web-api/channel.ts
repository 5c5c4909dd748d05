import { DeliveryError, type DeliveryTarget } from '../../../src/index.js';
import { slackIntegration } from '../slack-message/slack-target.js';

/** Where a message goes, as it was given. */
export interface ChannelReference {
  /** An id, or a name in lower case with or without `#`: what `chat.postMessage` takes. */
  readonly posted: string;
  readonly id: string | undefined;
  /** Without `#`, in lower case. */
  readonly name: string | undefined;
}

/** What names a channel. */
type ChannelSource = Pick<DeliveryTarget, 'integration' | 'destination'>;

/**
 * Reads where messages go: to the channel that routing chose, else to the integration's own. An id wins over a name: a name
 * works only for public channels, and not everywhere.
 *
 * @param source - The integration, and the destination.
 * @returns The channel.
 * @throws `DeliveryError` of kind `channel`, `no_channel`, when neither names one.
 */
export function channelOf(source: ChannelSource): ChannelReference {
  const reference = findReference(source);
  if (reference === undefined) {
    throw new DeliveryError({
      kind: 'channel',
      reason: 'no_channel',
      message:
        'No channel is chosen: choose one of engine.integrations.channels(id) and store it with engine.integrations.update, as #name or id',
    });
  }
  return reference;
}

/**
 * The same as {@link channelOf}, for where a channel may be missing.
 *
 * @param source - The integration, and the destination.
 * @returns The channel, or `undefined` when neither names one.
 */
export function findReference({ integration, destination }: ChannelSource): ChannelReference | undefined {
  const { channel, channelId, channelName } = slackIntegration(integration);
  return destination === undefined
    ? referenceTo(channelId, channel, channelName)
    : referenceTo(destination.channelId, destination.channel, nameIn(destination.channel));
}

function referenceTo(
  givenId: string | undefined,
  given: string | undefined,
  knownName: string | undefined,
): ChannelReference | undefined {
  const posted = (givenId ?? given ?? '').trim();
  const bare = bareName(posted);
  if (bare === '') return undefined;
  // What is given as an id is taken for one even where it is unusually short.
  const isGivenId = givenId !== undefined && /^[CDGUW][A-Z0-9]+$/.test(posted);
  if (isGivenId || isId(posted)) return { posted, id: posted, name: knownName };
  return { posted: posted.toLowerCase(), id: undefined, name: bare };
}

function nameIn(channel: string): string | undefined {
  return isId(channel.trim()) ? undefined : bareName(channel.trim()) || undefined;
}

/** Slack knows no upper case in names. */
function bareName(channel: string): string {
  return channel.replace(/^#/, '').trim().toLowerCase();
}

/** An id has eight characters or more after its letter, so that `GPU` is a name. */
function isId(channel: string): boolean {
  return /^[CDGUW][A-Z0-9]{8,}$/.test(channel);
}
