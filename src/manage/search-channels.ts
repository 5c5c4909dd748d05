import * as z from 'zod';
import { closedObject } from '../definition/closed-object.js';
import type { Integration } from '../definition/integration.js';
import { DeliveryError, TocsinError } from '../errors.js';
import type { Carrier } from '../notify/carrier.js';
import { describeAnswer } from '../notify/describe-answer.js';
import type { Redactor } from '../notify/redact.js';
import { withinTime } from '../notify/within-time.js';
import type { ChannelQuery, ChannelSearchResult, FoundChannel } from '../ports/channel-search.js';
import type { Delivery } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import { redactFault } from './redact-fault.js';

/** What {@link searchChannels} works with. */
export interface ChannelSearchOptions {
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly carrier: Carrier;
  readonly redactor: Redactor;
  readonly runtime: Runtime;
  /** How long it may take, in milliseconds. */
  readonly deliveryTimeoutMs: number;
}

/** The options of `integrations.channels`. */
export const channelQuerySchema = closedObject({
  search: z.string().optional(),
  limit: z.int().min(1).max(1000).default(100),
});

/**
 * Asks an integration's delivery for channels.
 *
 * @throws `not_supported`; `delivery_failed`.
 */
export async function searchChannels(
  integration: Integration,
  query: ChannelQuery,
  { deliveries, carrier, redactor, runtime, deliveryTimeoutMs }: ChannelSearchOptions,
): Promise<ChannelSearchResult> {
  const delivery = deliveries.get(integration.delivery);
  if (delivery?.findChannels === undefined) {
    const message = `Channels can't be searched with the integration ${integration.name}: ${whyNot(integration, delivery)}`;
    throw new TocsinError({ code: 'not_supported', message });
  }
  try {
    const { signal: outer } = runtime.abortController();
    const found: unknown = await withinTime({ runtime, outer, timeoutMs: deliveryTimeoutMs }, async (signal) =>
      delivery.findChannels?.(carrier.target(integration, signal), query),
    );
    if (!isResult(found)) throw wrongAnswer(delivery.name, found);
    const channels = found.channels.slice(0, query.limit).map(({ id, name, isPrivate, isMember }) => ({
      id,
      name,
      isPrivate,
      isMember,
    }));
    return { channels, hasMore: found.hasMore || found.channels.length > query.limit };
  } catch (error) {
    throw redactFault(error, redactor);
  }
}

function whyNot({ delivery: name }: Integration, delivery: Delivery | undefined): string {
  return delivery === undefined ? `the engine has no delivery "${name}"` : `its delivery "${name}" can't do that`;
}

function isResult(value: unknown): value is ChannelSearchResult {
  if (typeof value !== 'object' || value === null) return false;
  const { channels, hasMore } = value as Partial<ChannelSearchResult>;
  return typeof hasMore === 'boolean' && Array.isArray(channels) && channels.every(isChannel);
}

function isChannel(value: unknown): value is FoundChannel {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, isPrivate, isMember } = value as Partial<FoundChannel>;
  return [id, name].every((part) => typeof part === 'string') && [isPrivate, isMember].every(isBoolean);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function wrongAnswer(delivery: string, got: unknown): DeliveryError {
  const expected = 'channels, a list, each with id, name, isPrivate and isMember, and hasMore, true or false';
  const message = `The findChannels of the delivery "${delivery}" must return ${expected}; got ${describeAnswer(got)}`;
  return new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message });
}
