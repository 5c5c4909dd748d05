import {
  type Delivery,
  DeliveryError,
  type DeliveryLagging,
  type DeliveryRequest,
  type Engine,
  type EngineOptions,
  type Execution,
  type Integration,
  type IntegrationDefinition,
  onEvent,
  sendNotification,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { openEngine } from '../support/open-engine.js';

export const secondMs = 1000;
export const minuteMs = 60_000;

/** What arrived, where. */
interface Arrived {
  readonly where: string;
  readonly what: string;
  readonly text: string;
  readonly atMs: number;
  readonly executionId: string;
}

/** What a destination does with an attempt: it throws, or lets it arrive. */
export type Destination = (request: DeliveryRequest) => unknown;

/** An engine with a channel `#ops` that a test steers. */
export interface WaitingLane {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly startMs: number;
  readonly ops: Integration;
  readonly automationId: string;
  readonly arrived: Arrived[];
  readonly lagging: DeliveryLagging[];
  readonly lines: readonly string[];
  /** How the channels answer, by their names; those that are not named take everything. */
  readonly channels: Map<string, Destination>;
  addChannel(name: string, more?: Partial<IntegrationDefinition>): Promise<Integration>;
  /** Rings once, and waits until what can be done now is done. */
  ring(what: string): Promise<Execution>;
  get(id: string): Promise<Execution>;
  /** What arrived in a channel. */
  in(where: string): string[];
}

/** What a destination throws that is down. */
export const down: Destination = () => {
  throw new DeliveryError({ kind: 'unavailable', reason: 'connection_refused', message: 'Nobody answers' });
};

/** What a destination throws when its token is no longer valid. */
export const revoked: Destination = () => {
  throw new DeliveryError({ kind: 'credential', reason: 'token_revoked', message: 'No longer valid' });
};

/** Never comes back. */
export const hangs: Destination = () => new Promise(() => {});

/** Opens it, or opens it again on the storage of one before. */
export async function openWaitingLane(
  options: Partial<EngineOptions> & {
    readonly runtime?: ManualRuntime;
    readonly pacing?: Delivery['pacing'];
    readonly listens?: boolean;
    readonly fallback?: boolean;
    /** How `#ops` answers from the start. */
    readonly answer?: Destination;
  } = {},
): Promise<WaitingLane> {
  const { pacing, listens = true, fallback = false, answer, ...more } = options;
  const runtime = options.runtime ?? manualRuntime();
  const startMs = runtime.now();
  const arrived: Arrived[] = [];
  const channels = new Map<string, Destination>(answer === undefined ? [] : [['#ops', answer]]);
  const delivery: Delivery = {
    name: 'channels',
    integrationTypes: ['custom', 'console'],
    pacing,
    async deliver(request) {
      const { integration, message, deliveryId } = request;
      const receipt = await channels.get(integration.name)?.(request);
      const atMs = runtime.now() - startMs;
      arrived.push({ where: integration.name, what: message.title, text: message.text, atMs, executionId: deliveryId });
      return receipt ?? {};
    },
  };
  const { engine, logger } = await openEngine({
    storage: memoryStorage({ now: runtime.now }),
    ...more,
    runtime,
    deliveries: [delivery, { ...delivery, name: 'console' }],
  });
  const listed = await engine.integrations.list();
  const addChannel = async (name: string, extra: Partial<IntegrationDefinition> = {}) =>
    listed.find((integration) => integration.name === name) ??
    engine.integrations.create({ type: 'custom', name, delivery: 'channels', ...extra } as IntegrationDefinition);
  const backup = fallback ? await addChannel('#backup') : undefined;
  const ops = await addChannel('#ops', backup === undefined ? {} : { fallbackIntegrationId: backup.id });
  const alarms = {
    name: 'alarms',
    event: onEvent('custom.alarm', { scope: team('my-team') }),
    action: sendNotification(ops, { title: '${event.what}', message: 'Look at it' }),
  };
  const { automation } = await engine.automations.create(alarms, { ifExists: 'return' });
  const lagging: DeliveryLagging[] = [];
  if (listens) engine.on('delivery-lagging', (told) => lagging.push(told));
  return {
    engine,
    runtime,
    startMs,
    ops,
    automationId: automation.id,
    arrived,
    lagging,
    lines: logger.lines,
    channels,
    addChannel,
    async ring(what) {
      const { fired } = await engine.emit({ type: 'custom.alarm', entity: 'my-team', what } as never);
      await runtime.advance(0);
      const [execution] = fired;
      if (execution === undefined) throw new Error('It did not ring');
      return execution;
    },
    get: (id) => engine.executions.get(id),
    in: (where) => arrived.filter((each) => each.where === where).map(({ what }) => what),
  };
}
