import { createEngine, onAddArtifactAlias, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openShared, type SharedData } from '../storage/shared-storage.js';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { quiet } from './two-engines-sharing.js';

describe('an integration that a process without its delivery enables', () => {
  test('is tried at once where the delivery is, also when it was enabled all the time', async () => {
    const runtime = manualRuntime();
    const data: SharedData = { kept: memoryStorage({ now: runtime.now }), queue: Promise.resolve() };
    let isDown = true;
    let attempts = 0;
    const { engine } = await openEngine({
      storage: openShared(data),
      runtime,
      deliveries: [
        {
          name: 'console',
          integrationTypes: ['console'],
          async deliver() {
            attempts += 1;
            if (isDown) throw new Error('down');
            return {};
          },
        },
      ],
    });
    const manager = await createEngine({ storage: openShared(data), runtime: manualRuntime({ seed: 2 }) });
    const [integration] = await engine.integrations.list();
    if (integration === undefined) throw new Error('Expected an integration');
    const event = onAddArtifactAlias({ scope: team('my-team') });
    await engine.automations.create({ name: 'any', event, action: sendNotification(integration, { title: 'any' }) });
    const { fired } = await engine.emit(aliasAdded('production'));
    await runtime.advance(600_000);
    await quiet(runtime, data);
    isDown = false;
    const before = attempts;
    await manager.integrations.enable(integration.id);
    await runtime.advance(1000);
    await quiet(runtime, data);
    expect(attempts).toBe(before + 1);
    expect((await engine.executions.get(fired[0]?.id ?? '')).status).toBe('finished');
    await manager.close();
    await engine.close();
  });
});

describe('the options of an engine', () => {
  test.each(['deliveryTimeoutMs', 'windowCheckpointMs'])('refuse a %s that never ends', async (name) => {
    const made = createEngine({ storage: memoryStorage(), [name]: Number.POSITIVE_INFINITY });
    const message = `Expected a finite number above 0 at ${name}, got Infinity`;
    await expect(made).rejects.toMatchObject({ code: 'invalid_options', message });
  });
});
