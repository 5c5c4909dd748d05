import type { Integration, IntegrationDefinition, IntegrationType } from '../definition/integration.js';
import type { Destination } from '../definition/routing/destination.js';
import type { Issue } from '../errors.js';
import type { JsonValue } from '../json.js';
import type { ChannelQuery, ChannelSearchResult } from './channel-search.js';
import type { Message } from './message.js';
import type { AbortSignalLike } from './runtime.js';
import type { Verification } from './verification.js';

export type { Destination } from '../definition/routing/destination.js';

/**
 * An adapter that carries a message to one kind of destination (a Slack channel, a terminal).
 *
 * An adapter has no queue, no retries and no memory of its own: tocsin keeps the order, paces, and calls
 * {@link Delivery.deliver} again when it failed in a way that may pass.
 */
export interface Delivery {
  /** The name by which integrations choose it: `slack-web-api`. */
  readonly name: string;
  /** The types of integration that it serves. */
  readonly integrationTypes: readonly IntegrationType[];
  /**
   * Looks at an integration before it is stored.
   *
   * @param integration - What is to be stored.
   * @returns What this adapter misses in it; empty when it can work with it.
   */
  check?(integration: IntegrationDefinition): readonly Issue[];
  /** How fast one destination may be fed. Left out: as fast as it answers. */
  readonly pacing?: Pacing | undefined;
  /**
   * What it can do beyond posting a message. What is left out it can't: tocsin then posts a reply as a message of its own that
   * says what it refers to, and leaves reactions out and records that.
   */
  readonly capabilities?: DeliveryCapabilities | undefined;
  /**
   * Delivers one message, once.
   *
   * @param request - What to deliver and where.
   * @returns What the destination answered.
   * @throws `DeliveryError` when it was refused, or when it is not sure to have arrived (`ambiguous`). Anything else
   * that is thrown counts as an ambiguous `unavailable`.
   */
  deliver(request: DeliveryRequest): Promise<Receipt>;
  /**
   * Delivers the payload of a webhook action, once. Left out: webhook actions can't use this adapter. They need an
   * integration of type `webhook`, so `integrationTypes` must name that.
   *
   * @param request - What to send and where.
   * @returns What the destination answered.
   * @throws As {@link Delivery.deliver}.
   */
  deliverPayload?(request: PayloadRequest): Promise<Receipt>;
  /**
   * Adds a reaction to a message, once; one that is there already is as good as added. Needed with
   * {@link DeliveryCapabilities.reactions}.
   *
   * @param request - Which reaction, and to which message.
   * @returns What the destination answered.
   * @throws As {@link Delivery.deliver}. A missing permission for reactions alone is of kind `message`: it must not disable the
   * integration.
   */
  react?(request: ReactionRequest): Promise<Receipt>;
  /**
   * Names channels that messages could go to, for a person to choose from. Left out: channels can't be searched.
   *
   * @param target - The integration whose credential is used, and how to read its secrets.
   * @param query - Which channels.
   * @returns The channels found, in order of their names.
   * @throws `DeliveryError` of any kind.
   */
  findChannels?(target: DeliveryTarget, query: ChannelQuery): Promise<ChannelSearchResult>;
  /**
   * Shows what would be sent, at once, without sending it and without reading a secret. Left out: `engine.preview` shows the
   * message or payload alone.
   *
   * @param request - What would be sent and where.
   * @returns The payload as it would go out, as JSON; where a secret would stand, its name in words.
   */
  preview?(request: PreviewRequest): JsonValue;
  /**
   * Asks the destination whether messages would arrive, without sending one. Left out: the first refused credential or
   * channel disables the integration.
   *
   * @param target - The integration, and how to read its secrets.
   * @returns What is wrong and how to fix it, or what was learnt of the destination.
   * @throws `DeliveryError` of kind `unavailable` when the destination can't be asked now.
   */
  verify?(target: DeliveryTarget): Promise<Verification>;
}

/** How fast a destination may be fed: a token bucket. */
export interface Pacing {
  /** Messages a second, in the long run; above 0. */
  readonly messagesPerSecond: number;
  /** How many may go at once after a pause; at least 1. */
  readonly burst: number;
  /** How fast all channels of one integration may be fed together. @default as fast as each of them may */
  readonly together?: { readonly messagesPerSecond: number; readonly burst: number } | undefined;
}

/** What a {@link Delivery} can do beyond posting a message. */
export interface DeliveryCapabilities {
  /** Replies to a message: it heeds `thread` of a request, and its receipts have `channelId` and `messageId`. @default false */
  readonly threads?: boolean | undefined;
  /** Reactions: it has {@link Delivery.react}. @default false */
  readonly reactions?: boolean | undefined;
  /** Pictures from memory: it calls `image` of a request. @default false: they are left out, and the receipt says so */
  readonly images?: boolean | undefined;
  /** Other channels than the integration's own: it heeds `destination` of a request. @default false */
  readonly channels?: boolean | undefined;
}

/** The message in whose thread a reply belongs. */
export interface ThreadReference {
  /** The destination's own id of the channel. */
  readonly channelId: string;
  /** The destination's own id of the thread's first message. */
  readonly messageId: string;
}

/** A destination, and how to read the secrets that it names. */
export interface DeliveryTarget {
  /** The integration that leads there. */
  readonly integration: Integration;
  /** The channel, where it is not the integration's own. */
  readonly destination?: Destination | undefined;
  /**
   * Reads a secret of this integration.
   *
   * @param name - The secret's name.
   * @returns Its value. tocsin removes it wherever it would appear in records, logs and errors.
   * @throws `DeliveryError` of kind `credential` when there is none, or when this integration may not have it.
   */
  secret(name: string): Promise<string>;
  /** Aborted when the attempt takes too long or the engine closes; then the adapter gives up at once. */
  readonly signal: AbortSignalLike;
}

/** One attempt to deliver something. */
export interface AttemptTarget extends DeliveryTarget {
  /** The same at every attempt of this message, unique otherwise: a destination can tell a repetition by it. */
  readonly deliveryId: string;
  /** When it was committed, in epoch milliseconds of the engine's clock: no attempt was made before. */
  readonly committedAtMs: number;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** An earlier attempt ended ambiguously, so it may be there already: look before sending, if you can. */
  readonly mayHaveArrived: boolean;
}

/** One attempt to deliver one message. */
export interface DeliveryRequest extends AttemptTarget {
  /** What to deliver. */
  readonly message: Message;
  /** The destination refused the layout: send plain text only, so that the alert still arrives. */
  readonly plainText: boolean;
  /**
   * The message that this one replies to. Left out: it is no reply. When that message can't be replied to, throw a `DeliveryError`
   * of kind `message` with the reason `thread_not_found`: then it is sent at once as a message of its own, and says what it refers
   * to. (`message_not_found`, `cannot_reply_to_message`, `invalid_thread_ts` and `thread_locked` mean the same, and so does any of
   * kind `channel`.)
   */
  readonly thread?: ThreadReference | undefined;
  /** Show the reply in the channel as well. @default false */
  readonly broadcast?: boolean | undefined;
  /**
   * Reads the picture that the message names by a handle, for an adapter with the capability `images`.
   *
   * @returns Its bytes, a PNG; `undefined` when it is gone, or the message has none.
   */
  image?(): Promise<Uint8Array | undefined>;
}

/** One attempt to add a reaction. */
export interface ReactionRequest extends AttemptTarget {
  /** The name of the emoji, without colons: `white_check_mark`. */
  readonly reaction: string;
  /** The message that gets it. */
  readonly thread: ThreadReference;
}

/** One attempt to deliver the payload of a webhook action. */
export interface PayloadRequest extends AttemptTarget {
  /** What to send: any JSON, its variables filled in. */
  readonly payload: JsonValue;
  /** Further HTTP headers, as the action gives them; no reserved ones. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What {@link Delivery.preview} is to show: a message, or the payload of a webhook action. */
export type PreviewRequest = {
  readonly integration: Integration;
  /** The channel, where it is not the integration's own. */
  readonly destination?: Destination | undefined;
} & (
  | { readonly message: Message; readonly payload?: undefined }
  | {
      readonly message?: undefined;
      readonly payload: JsonValue;
      readonly headers: Readonly<Record<string, string>>;
    }
);

/**
 * What a destination answered to a message that arrived. Every part is optional. An id or link of more than 4,096 characters
 * is not kept; of the other texts the first 4,096 are.
 */
export interface Receipt {
  /** The destination's own id of the channel. */
  readonly channelId?: string | undefined;
  /** The channel's name, for a person. */
  readonly channelName?: string | undefined;
  /** The destination's own id of the message; for Slack its `ts`. */
  readonly messageId?: string | undefined;
  /** A link by which a person gets to the message. */
  readonly permalink?: string | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** What the destination answered. */
  readonly body?: string | undefined;
  /** What a person should know of this delivery, such as "may be a duplicate". */
  readonly note?: string | undefined;
}
