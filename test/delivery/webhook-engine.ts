import type { ServerResponse } from 'node:http';
import type { Engine, Execution, Integration, JsonValue } from 'tocsin';
import { onAddArtifactAlias, registry } from 'tocsin';
import { webhook } from 'tocsin/delivery/webhook';
import { envSecrets } from 'tocsin/secrets';
import { onTestFinished } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { type Receiver, startReceiver } from './webhook-samples.js';

/** The secrets that it can read. */
export const env = { HOOK_TOKEN: 'topsecret-token', HOOK_KEY: 'topsecret-key' };

/** An engine with one webhook integration. */
export interface WebhookEngine {
  readonly engine: Engine;
  readonly receiver: Receiver;
  readonly hook: Integration;
  readonly log: readonly string[];
  /** The bodies that were received, parsed. */
  bodies(): JsonValue[];
  /** Adds an alias, and gives the first execution that it fires. */
  ring(alias: string): Promise<Execution>;
  /** Lets retries happen until nothing waits but what is parked. */
  settle(): Promise<void>;
  read(execution: Execution): Promise<Execution>;
}

/** An engine with a webhook integration to a receiver that gives these answers, then 200. */
export async function openWebhookEngine(
  answers: ((response: ServerResponse) => void)[] = [],
  changes: { readonly secretsInPayload?: boolean } = {},
): Promise<WebhookEngine> {
  const receiver = await startReceiver((response) => (answers.shift() ?? (() => response.end('taken')))(response));
  const { engine, runtime, logger } = await openEngine({
    deliveries: [
      webhook({ allowedOrigins: [receiver.origin], timeoutMs: 2_000 }),
      { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) },
    ],
    secrets: envSecrets({ allow: ['HOOK_*'], env }),
  });
  onTestFinished(() => engine.close());
  const hook = await engine.integrations.create({
    type: 'webhook',
    name: 'hook',
    entity: 'my-team',
    delivery: 'webhook',
    url: `${receiver.origin}/hook`,
    accessTokenSecretName: 'HOOK_TOKEN',
    signingSecretName: 'HOOK_KEY',
    ...changes,
  });
  return {
    engine,
    receiver,
    hook,
    log: logger.lines,
    bodies: () => receiver.requests.map(({ body }) => JSON.parse(body)),
    async ring(alias) {
      const [execution] = (await engine.emit(aliasAdded(alias))).fired;
      if (execution === undefined) throw new Error(`${alias} did not ring`);
      return execution;
    },
    async settle() {
      do await engine.idle();
      while (await runtime.advanceToNextTimer());
    },
    read: ({ id }) => engine.executions.get(id),
  };
}

/** Every alias that a version of a model gets. */
export const anyAlias = onAddArtifactAlias({ scope: registry('my-team', 'models') });
