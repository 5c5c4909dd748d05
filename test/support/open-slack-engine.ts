import { type Engine, type Execution, type Integration, onAddArtifactAlias, registry, sendNotification } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { envSecrets } from 'tocsin/secrets';
import { type ManualRuntime, type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { onTestFinished } from 'vitest';
import { aliasAdded } from './events.js';
import { openEngine } from './open-engine.js';

/** An engine with one automation that posts every added alias to #alerts, over HTTP, on a clock that stands still. */
export interface SlackEngine {
  readonly engine: Engine;
  readonly runtime: ManualRuntime;
  readonly workspace: SlackWorkspace;
  readonly slack: Integration;
  readonly log: readonly string[];
  /** Rings once; the title is the alias. */
  ring(alias: string): Promise<Execution>;
  /** Lets retries happen until nothing waits but what is parked. */
  settle(): Promise<void>;
  /** The titles in #alerts, in order. */
  titles(): string[];
}

/** So fast that pacing never waits: the clock of these tests stands still. */
const unpaced = { messagesPerSecond: 1e6, burst: 1e6 };

/** Opens the engine; both are closed when the test ends. */
export async function openSlackEngine(via: 'slack-web-api' | 'slack-webhook' = 'slack-web-api'): Promise<SlackEngine> {
  const workspace = await startSlackWorkspace({ channels: [{ name: 'alerts' }], rateLimit: false });
  const url = workspace.webhookUrl('#alerts');
  const { engine, runtime, logger } = await openEngine({
    deliveries: [
      slackWebApi({ slackApiUrl: workspace.apiUrl, timeoutMs: 700, pacing: unpaced }),
      slackWebhook({ allowedOrigins: [new URL(url).origin], timeoutMs: 700, pacing: unpaced }),
      { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) },
    ],
    secrets: envSecrets({ allow: ['SLACK_*'], env: { SLACK_BOT_TOKEN: workspace.token, SLACK_WEBHOOK_URL: url } }),
  });
  onTestFinished(async () => {
    await engine.close();
    await workspace.close();
  });
  const owner = { type: 'slack', name: 'alerts', entity: 'my-team', delivery: via } as const;
  const slack = await engine.integrations.create(
    via === 'slack-webhook'
      ? { ...owner, urlSecretName: 'SLACK_WEBHOOK_URL' }
      : { ...owner, channel: '#alerts', tokenSecretName: 'SLACK_BOT_TOKEN' },
  );
  for (const alias of ['first', 'second', 'third']) {
    await engine.automations.create({
      name: alias,
      event: onAddArtifactAlias({ scope: registry('my-team', 'models'), filter: { alias } }),
      action: sendNotification(slack, { title: alias }),
    });
  }
  return {
    engine,
    runtime,
    workspace,
    slack,
    log: logger.lines,
    async ring(alias) {
      const [execution] = (await engine.emit(aliasAdded(alias))).fired;
      if (execution === undefined) throw new Error(`${alias} did not ring`);
      return execution;
    },
    async settle() {
      do await engine.idle();
      while (await runtime.advanceToNextTimer());
    },
    titles: () => workspace.channel('#alerts').messages.map(({ text }) => /first|second|third/.exec(text)?.[0] ?? text),
  };
}
