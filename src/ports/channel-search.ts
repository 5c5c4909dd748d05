/** Which channels {@link Delivery.findChannels} is to name. */
export interface ChannelQuery {
  /** What the name contains, in any case, with or without `#`. @default all */
  readonly search?: string | undefined;
  /** How many at most, from 1 to 1000. */
  readonly limit: number;
}

/** What {@link Delivery.findChannels} found. */
export interface ChannelSearchResult {
  readonly channels: readonly FoundChannel[];
  /** Whether there are more, or there may be. */
  readonly hasMore: boolean;
}

/** A channel to choose. */
export interface FoundChannel {
  readonly id: string;
  /** Without `#`. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** Whether messages would arrive as it is; `false`: the bot has to be invited first. */
  readonly isMember: boolean;
}
