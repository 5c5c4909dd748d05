import {
  createEngine,
  type Delivery,
  DeliveryError,
  type Engine,
  type EngineOptions,
  type Execution,
  type Integration,
  type Message,
  type MuteDefinition,
  onAnomaly,
  sendNotification,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';

export const hourMs = 3_600_000;

/** A message, and the channel where it arrived. */
interface Arrived {
  readonly channel: string;
  readonly message: Message;
}

/** An engine with a channel `#ops`, which all anomalies of a team ring in. */
export interface OpenedMutes {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly ops: Integration;
  readonly automationId: string;
  readonly arrived: Arrived[];
  readonly errors: string[];
  /** The channels that refuse everything for the time being. */
  readonly down: Set<string>;
  /** The titles of what arrived in a channel. */
  in(channel: string): string[];
  /** An anomaly of a metric is detected; what comes of it is delivered. */
  detect(metric: string): Promise<{ readonly fired: readonly Execution[]; readonly reasons: readonly string[] }>;
  mute(definition?: Partial<MuteDefinition>): ReturnType<Engine['mutes']['create']>;
  /** Gives the team a routing with a default channel. */
  route(defaultChannel?: string): Promise<void>;
}

/** An anomaly of a metric. */
export function anomaly(metric: string, more: object = {}) {
  return { type: 'anomaly.detected', entity: 'my-team', metric, value: 9, timestamp: 1, ...more } as const;
}

/** Opens an engine, or opens it again on the storage of one before. */
export async function openMutes(
  options: Partial<EngineOptions> & { readonly runtime?: ManualRuntime; readonly cooldown?: '1h' | 0 } = {},
): Promise<OpenedMutes> {
  const { cooldown = 0, ...more } = options;
  const runtime = options.runtime ?? manualRuntime();
  const arrived: Arrived[] = [];
  const down = new Set<string>();
  const delivery: Delivery = {
    name: 'channels',
    integrationTypes: ['custom'],
    capabilities: { channels: true },
    async deliver({ integration, destination, message }) {
      const channel = destination?.channel ?? integration.name;
      if (down.has(channel)) {
        throw new DeliveryError({ kind: 'unavailable', reason: 'connection_refused', message: 'Nobody answers' });
      }
      arrived.push({ channel, message });
      return {};
    },
  };
  const errors: string[] = [];
  const engine = await createEngine({
    storage: memoryStorage({ now: runtime.now }),
    ...more,
    runtime,
    deliveries: [delivery],
    logger: { warn() {}, error() {} },
  });
  engine.on('error', (error) => errors.push(`${error.code} ${String(error.cause ?? '')}`));
  const [known] = await engine.integrations.list();
  const ops = known ?? (await engine.integrations.create({ type: 'custom', name: '#ops', delivery: 'channels' }));
  const { automation } = await engine.automations.create(
    {
      name: 'anomalies',
      event: onAnomaly({ scope: team('my-team') }),
      action: sendNotification(ops, { title: '${metric_name}', thread: 'none' }),
      policy: { cooldown },
    },
    { ifExists: 'return' },
  );
  return {
    engine,
    runtime,
    ops,
    automationId: automation.id,
    arrived,
    errors,
    down,
    in: (channel) => arrived.filter((each) => each.channel === channel).map(({ message }) => message.title),
    async detect(metric) {
      const { fired, skipped } = await engine.emit(anomaly(metric));
      await runtime.advance(0);
      return { fired, reasons: skipped.map(({ reason }) => reason) };
    },
    mute: (definition) =>
      engine.mutes.create({
        matcher: { metric: 'payments' },
        until: runtime.now() + hourMs,
        reason: 'Payments are being deployed',
        ...definition,
      }),
    async route(defaultChannel = '#default') {
      await engine.routing.set({ integrationId: ops.id, channels: [], defaultChannel } as never);
    },
  };
}
