import { isJsonObject, type JsonObject } from './json.js';

/** One message that reached a channel. */
export interface SlackArrival {
  /**
   * From `metadata.event_payload.delivery_id` or `.deliveryId`; undefined when the message carries none.
   *
   * A shared file carries no metadata: it is the delivery that its name says, such as `01JD….png`, if that is one the ledger
   * has met, a ULID as tocsin makes them, or `delivery-1`. A file in the thread of a message of the same delivery belongs to
   * that message, and is no further arrival of the delivery.
   */
  readonly deliveryId: string | undefined;
  readonly channelId: string;
  readonly channelName: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  /** When it arrived, in milliseconds of the workspace's clock. */
  readonly arrivedAtMs: number;
  readonly via: 'chat.postMessage' | 'webhook' | 'files.completeUploadExternal';
}

/** A delivery that arrived more than once. */
export interface SlackDuplicate {
  readonly deliveryId: string;
  readonly arrivals: readonly SlackArrival[];
}

/** Answers how often, in what order and when deliveries arrived. */
export interface SlackLedger {
  /** The arrivals of one delivery, or all of them, in order of arrival. */
  arrivals(deliveryId?: string): readonly SlackArrival[];
  /** How many messages arrived, of one delivery or in all. */
  count(deliveryId?: string): number;
  /** The arrivals in one channel (ID, or name with or without `#`), threads included, in order. */
  inChannel(channel: string): readonly SlackArrival[];
  /** The deliveries that arrived more than once, by first arrival. */
  duplicates(): readonly SlackDuplicate[];
}

/** What a ledger keeps. */
export interface LedgerState {
  readonly all: SlackArrival[];
  readonly byDelivery: Map<string, SlackArrival[]>;
}

/** Makes an empty ledger. */
export const createLedger = (): LedgerState => ({ all: [], byDelivery: new Map() });

const deliveryIdOf = (metadata: JsonObject | undefined): string | undefined => {
  const payload: unknown = metadata?.['event_payload'];
  if (!isJsonObject(payload)) return undefined;
  const id = payload['delivery_id'] ?? payload['deliveryId'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
};

const deliveryIdShape = /^(?:[0-9A-HJKMNP-TV-Z]{26}|delivery-\d+)$/;

const deliveryIdOfFiles = (
  ledger: LedgerState,
  fileNames: readonly string[],
  threadTs: string | undefined,
): string | undefined => {
  const stems = fileNames.map((name) => name.replace(/\.[^.]*$/, ''));
  const id = stems.find((stem) => deliveryIdShape.test(stem) || ledger.byDelivery.has(stem));
  const isPart = id !== undefined && ledger.byDelivery.get(id)?.some(({ ts }) => ts === threadTs);
  return isPart ? undefined : id;
};

/** What is entered of a message. */
export interface ArrivedMessage extends Omit<SlackArrival, 'deliveryId'> {
  readonly metadata: JsonObject | undefined;
  readonly fileNames: readonly string[];
}

/** Enters a message that was posted. */
export const recordArrival = (ledger: LedgerState, { metadata, fileNames, ...message }: ArrivedMessage): void => {
  const deliveryId = deliveryIdOf(metadata) ?? deliveryIdOfFiles(ledger, fileNames, message.threadTs);
  const arrival: SlackArrival = Object.freeze({ ...message, deliveryId });
  ledger.all.push(arrival);
  if (arrival.deliveryId === undefined) return;
  const known = ledger.byDelivery.get(arrival.deliveryId);
  if (known === undefined) ledger.byDelivery.set(arrival.deliveryId, [arrival]);
  else known.push(arrival);
};

/** The reading side of a ledger. */
export const readLedger = (ledger: LedgerState): SlackLedger => {
  const arrivals = (deliveryId?: string): readonly SlackArrival[] =>
    deliveryId === undefined ? ledger.all : (ledger.byDelivery.get(deliveryId) ?? []);
  return {
    arrivals: (deliveryId) => [...arrivals(deliveryId)],
    count: (deliveryId) => arrivals(deliveryId).length,
    inChannel: (channel) => {
      const name = channel.startsWith('#') ? channel.slice(1) : channel;
      return ledger.all.filter(({ channelId, channelName }) => channelId === channel || channelName === name);
    },
    duplicates: () =>
      [...ledger.byDelivery]
        .filter(([, all]) => all.length > 1)
        .map(([deliveryId, all]) => ({ deliveryId, arrivals: [...all] })),
  };
};
