import { createEngine, type Delivery, type Engine, type EngineOptions, type Integration, type Logger } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';

/** A delivery that keeps what it is given. */
interface RecordingDelivery extends Delivery {
  readonly delivered: { readonly executionId: string; readonly title: string; readonly step: string | undefined }[];
}

/** Delivers to integrations of type `console` at once, and remembers it. */
function recordingDelivery(): RecordingDelivery {
  const delivered: RecordingDelivery['delivered'] = [];
  return {
    name: 'console',
    integrationTypes: ['console'],
    delivered,
    async deliver({ deliveryId, message }) {
      const step = message.fields.find(({ name }) => name === 'Step')?.value;
      delivered.push({ executionId: deliveryId, title: message.title, step });
      return {};
    },
  };
}

/** A logger that keeps its lines. */
function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string, details?: object): void => {
    lines.push(`${message} ${JSON.stringify(details ?? {})}`);
  };
  return { lines, warn: keep, error: keep };
}

/** An engine on a clock that stands still, with one shared console integration. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly delivery: RecordingDelivery;
  readonly logger: ReturnType<typeof recordingLogger>;
  readonly terminal: Integration;
}

/** Opens an engine for a test. */
export async function openEngine(
  options: Partial<EngineOptions> & { readonly runtime?: ManualRuntime } = {},
): Promise<OpenedEngine> {
  const runtime = options.runtime ?? manualRuntime();
  const delivery = recordingDelivery();
  const logger = recordingLogger();
  const engine = await createEngine({
    storage: memoryStorage({ now: runtime.now }),
    deliveries: [delivery],
    runtime,
    logger,
    ...options,
  });
  const terminal = await engine.integrations.create({ type: 'console', name: 'terminal', delivery: 'console' });
  return { engine, runtime, delivery, logger, terminal };
}
