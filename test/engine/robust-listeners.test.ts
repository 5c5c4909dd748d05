import { DeliveryError, type EngineEvents, onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const isHigh = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });

/** Something that can be thrown, and can't be made a text. */
const untellable = (): unknown => Object.create(null);

function fail(): never {
  throw new Error('log down');
}

describe('a logger that throws', () => {
  test('breaks no emit, no run and no lane', async () => {
    const kept = memoryStorage();
    let isDown = false;
    const storage = {
      ...kept,
      leaseLane: (request: Parameters<typeof kept.leaseLane>[0]) =>
        isDown ? Promise.reject(new Error('down')) : kept.leaseLane(request),
    };
    const { engine, runtime, delivery, terminal } = await openEngine({
      storage,
      logger: { warn: fail, error: () => Promise.reject(new Error('log down')) as never },
    });
    await engine.automations.create({ name: 'high', event: isHigh, action: sendNotification(terminal) });
    const run = engine.startRun({ entity: 'my-team', project: 'my-project' });
    run.log({ loss: 'high' as never });
    run.log(undefined as never);
    await run.flush();
    isDown = true;
    await engine.emit(metricsEvent({ loss: 2 }));
    await engine.idle();
    isDown = false;
    await runtime.advance(60_000);
    await engine.idle();
    expect(delivery.delivered).toHaveLength(1);
    await engine.close();
  });
});

describe('a listener that throws what can not be told', () => {
  test('leaves the emit and the delivery as they are, and is reported', async () => {
    const { engine, logger, delivery, terminal } = await openEngine();
    await engine.automations.create({ name: 'high', event: isHigh, action: sendNotification(terminal) });
    const names: (keyof EngineEvents)[] = ['execution-created', 'delivery-attempted', 'execution-finished'];
    for (const name of names) {
      engine.on(name, () => {
        throw untellable();
      });
    }
    expect((await engine.emit(metricsEvent({ loss: 2 }))).fired).toHaveLength(1);
    await engine.idle();
    expect(delivery.delivered).toHaveLength(1);
    expect(logger.lines).toEqual(
      names.map((name) => expect.stringContaining(`A listener for '${name}' threw {"code":"listener_failed"`)),
    );
  });
});

describe('without a listener', () => {
  test('an integration that is disabled and an execution that fails go to the logger, without the message', async () => {
    let kind: 'credential' | 'message' = 'message';
    const { engine, logger } = await openEngine({
      deliveries: [
        {
          name: 'console',
          integrationTypes: ['console'],
          async deliver() {
            throw new DeliveryError({ kind, reason: 'token_revoked', message: 'The token was revoked' });
          },
        },
      ],
    });
    const [terminal] = await engine.integrations.list();
    const action = sendNotification(String(terminal?.id), { title: 'Private title' });
    await engine.automations.create({ name: 'high', event: isHigh, action, policy: { cooldown: 0 } });
    await engine.emit(metricsEvent({ loss: 2 }));
    await engine.idle();
    kind = 'credential';
    await engine.emit(metricsEvent({ loss: 3 }));
    await engine.idle();
    expect(logger.lines).toEqual([
      expect.stringContaining('tocsin: An execution of high failed: message_refused {"executionId":'),
      expect.stringMatching(/tocsin: The integration terminal was disabled: .*revoked.* \{"integrationId":/),
    ]);
    expect(logger.lines.join()).not.toContain('Private title');
  });
});
