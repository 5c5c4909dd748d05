import { type Delivery, onAddArtifactAlias, registry, sendNotification } from 'tocsin';
import { expect, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

test('a lane keeps its order and its pace, and holds up no other lane', async () => {
  const sent: { readonly integration: string; readonly title: string; readonly atMs: number }[] = [];
  let nowMs = () => 0;
  const paced: Delivery = {
    name: 'console',
    integrationTypes: ['console'],
    pacing: { messagesPerSecond: 1, burst: 3 },
    async deliver({ integration, message }) {
      const step = message.fields.find(({ name }) => name === 'Alias')?.value ?? '';
      sent.push({ integration: integration.name, title: step, atMs: nowMs() });
      return {};
    },
  };
  const { engine, runtime, terminal } = await openEngine({ deliveries: [paced] });
  nowMs = runtime.now;
  const startMs = runtime.now();
  const quiet = await engine.integrations.create({ type: 'console', name: 'quiet', delivery: 'console' });
  const scope = registry('my-team', 'models');
  await engine.automations.create({
    name: 'busy',
    event: onAddArtifactAlias({ scope }),
    action: sendNotification(terminal),
  });
  const seldom = onAddArtifactAlias({ scope, filter: { alias: 'v5' } });
  await engine.automations.create({ name: 'seldom', event: seldom, action: sendNotification(quiet) });

  for (let version = 0; version < 6; version += 1) await engine.emit(aliasAdded(`v${version}`));
  const idle = engine.idle();
  await runtime.advance(10_000);
  await idle;

  const seconds = (integration: string): string[] =>
    sent
      .filter((each) => each.integration === integration)
      .map(({ title, atMs }) => `${title} ${(atMs - startMs) / 1000}s`);
  expect(seconds('terminal')).toEqual(['v0 0s', 'v1 0s', 'v2 0s', 'v3 1s', 'v4 2s', 'v5 3s']);
  expect(seconds('quiet')).toEqual(['v5 0s']);
});
