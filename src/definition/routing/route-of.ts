import { matchesMetric } from '../metric-pattern.js';
import { readChannel } from './channel-name.js';
import type { Destination } from './destination.js';
import type { Routing } from './routing.js';

/**
 * Finds the channels of a metric: those of the first pattern that matches it, or else the default channel.
 *
 * @param routing - As {@link parseRouting} made it.
 * @param metric - The metric's name; `undefined` for what is about none, which goes to the default channel.
 * @returns Each channel once, in order; empty when no pattern matches and there is no default channel.
 * @see Skyline, "Skyline slack settings": "parsed in order and the first match".
 */
export function routeOf(routing: Routing, metric: string | undefined): readonly Destination[] {
  const route = metric === undefined ? undefined : routing.channels.find(([pattern]) => matchesMetric(pattern, metric));
  if (route !== undefined) return route[1].map((channel) => destinationOf(routing, channel));
  const usual = defaultChannelOf(routing);
  return usual === undefined ? [] : [destinationOf(routing, usual)];
}

/** All channels that a routing can choose, each once; the default channel first. */
export function destinationsOf(routing: Routing): readonly Destination[] {
  const usual = defaultChannelOf(routing);
  const all = [...(usual === undefined ? [] : [usual]), ...routing.channels.flatMap(([, channels]) => channels)];
  return [...new Set(all)].map((channel) => destinationOf(routing, channel));
}

function defaultChannelOf({ defaultChannel, defaultChannelId }: Routing): string | undefined {
  return defaultChannel ?? defaultChannelId;
}

function destinationOf(routing: Routing, channel: string): Destination {
  const { username, iconEmoji } = routing;
  const channelId = channelIdOf(routing, channel);
  return Object.freeze({
    channel,
    ...(channelId === undefined ? {} : { channelId }),
    ...(username === undefined ? {} : { username }),
    ...(iconEmoji === undefined ? {} : { iconEmoji }),
  });
}

function channelIdOf(routing: Routing, channel: string): string | undefined {
  const { channelIds, defaultChannelId } = routing;
  if (defaultChannelId !== undefined && channel === defaultChannelOf(routing)) return defaultChannelId;
  if (Object.hasOwn(channelIds, channel)) return channelIds[channel];
  return readChannel(channel)?.type === 'id' ? channel : undefined;
}
