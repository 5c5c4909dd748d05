import { createEngine, type Delivery, DeliveryError, type Engine, onEvent, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';

/** A message that reached its channel. */
export interface Arrival {
  readonly channel: string;
  readonly number: number;
  readonly atMs: number;
  /** What the message says besides its number. */
  readonly text: string;
}

/** What happens to one attempt; nothing when it arrives. */
export type Refusal = (attempt: {
  readonly channel: string;
  readonly number: number;
  readonly atMs: number;
  readonly attempt: number;
}) => DeliveryError | undefined;

/** Channels behind one adapter, in this process and on a clock that stands still. */
export interface Channels {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly startMs: number;
  readonly arrivals: Arrival[];
  /** Sends the next message to every channel, in one commit. */
  send(): Promise<void>;
  in(channel: string): Arrival[];
}

/** As fast as Slack takes messages. */
export const slackPace = { messagesPerSecond: 1, burst: 3 };

/** What a destination throws that is down: it may have taken the message. */
export const down = (): DeliveryError =>
  new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'down', status: 503, ambiguous: true });

/**
 * Opens channels named c0, c1, … and a backup that is always up.
 *
 * @param count - How many.
 * @param refusal - What goes wrong.
 * @param fallbacks - The channels that fall back to the backup.
 */
export async function openChannels(
  count: number,
  refusal: Refusal,
  fallbacks: readonly string[] = [],
): Promise<Channels> {
  const runtime = manualRuntime();
  const startMs = runtime.now();
  const arrivals: Arrival[] = [];
  const take = (channel: string, title: string, text: string | undefined): void => {
    arrivals.push({ channel, number: Number(title), atMs: runtime.now() - startMs, text: text ?? '' });
  };
  const channelDelivery: Delivery = {
    name: 'channels',
    integrationTypes: ['custom'],
    pacing: slackPace,
    async deliver({ integration, message, attempt }) {
      const at = { channel: integration.name, number: Number(message.title), atMs: runtime.now() - startMs, attempt };
      const error = refusal(at);
      if (error !== undefined) throw error;
      take(integration.name, message.title, message.text);
      return {};
    },
  };
  const backupDelivery: Delivery = {
    name: 'backup',
    integrationTypes: ['custom'],
    async deliver({ integration, message }) {
      take(integration.name, message.title, message.text);
      return {};
    },
  };
  const engine = await createEngine({
    storage: memoryStorage({ now: runtime.now }),
    runtime,
    deliveries: [channelDelivery, backupDelivery],
    logger: { warn: () => {}, error: () => {} },
  });
  const custom = { type: 'custom', entity: 'my-team' } as const;
  const backup = await engine.integrations.create({ ...custom, name: 'backup', delivery: 'backup' });
  for (let index = 0; index < count; index += 1) {
    const name = `c${index}`;
    const integration = await engine.integrations.create({
      ...custom,
      name,
      delivery: 'channels',
      ...(fallbacks.includes(name) ? { fallbackIntegrationId: backup.id } : {}),
    });
    await engine.automations.create({
      name,
      event: onEvent('custom.alarm', { scope: team('my-team') }),
      action: sendNotification(integration, { title: '${event.number}' }),
    });
  }
  let sent = 0;
  return {
    engine,
    runtime,
    startMs,
    arrivals,
    async send() {
      await engine.emit({ type: 'custom.alarm', entity: 'my-team', number: sent } as never);
      sent += 1;
    },
    in: (channel) => arrivals.filter((arrival) => arrival.channel === channel),
  };
}
