import { onAddArtifactAlias, registry, sendNotification } from 'tocsin';
import { envSecrets } from 'tocsin/secrets';
import { afterEach, expect, test, vi } from 'vitest';
import { discordWebhook } from '../../examples/discord-webhook.js';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

afterEach(() => vi.restoreAllMocks());

const url = 'https://discord.example/api/webhooks/1/secret-part';

test('a delivery of one’s own posts, is throttled, and leaks no secret', async () => {
  const answers = [
    new Response(null, { status: 429, headers: { 'retry-after': '7' } }),
    new Response(null, { status: 204 }),
  ];
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answers.shift() ?? Response.error());
  const { engine, runtime } = await openEngine({
    deliveries: [discordWebhook(), { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) }],
    secrets: envSecrets({ allow: ['DISCORD_*'], env: { DISCORD_WEBHOOK_URL: url } }),
  });
  const owner = { type: 'custom', name: 'discord', delivery: 'discord-webhook' } as const;
  await expect(engine.integrations.create(owner)).rejects.toMatchObject({ issues: [{ path: 'secretNames.url' }] });
  const discord = await engine.integrations.create({ ...owner, secretNames: { url: 'DISCORD_WEBHOOK_URL' } });
  const event = onAddArtifactAlias({ scope: registry('my-team', 'models') });
  const links = [{ text: 'Registry', url: 'https://registry.example/digits' }];
  await engine.automations.create({
    name: 'alias',
    event,
    action: sendNotification(discord, { title: 'Alias', links }),
  });
  const { fired } = await engine.emit(aliasAdded('production'));
  do await engine.idle();
  while (await runtime.advanceToNextTimer());
  const execution = await engine.executions.get(String(fired[0]?.id));
  expect(execution.attempts).toMatchObject([
    { error: 'http_429', retryInMs: 7000 },
    { outcome: 'delivered', status: 204 },
  ]);
  expect(fetched.mock.calls.map(([to]) => to)).toEqual([url, url]);
  expect(String(fetched.mock.calls[0]?.[1]?.body)).toContain('Alias: production');
  expect(String(fetched.mock.calls[0]?.[1]?.body)).toContain('Registry: <https://registry.example/digits>');
  expect(JSON.stringify(execution)).not.toContain('secret-part');
});
