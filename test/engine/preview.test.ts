import {
  artifactEvent,
  callHandler,
  onAddArtifactAlias,
  onRunMetric,
  project,
  registry,
  runEvent,
  sendNotification,
  sendWebhook,
} from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { webhook } from 'tocsin/delivery/webhook';
import { envSecrets } from 'tocsin/secrets';
import { describe, expect, test } from 'vitest';
import { aliasAdded, metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const lowAccuracy = onRunMetric({ scope, filter: runEvent.metric('accuracy').avg(2).lt(0.85) });

async function openAll() {
  const lines: string[] = [];
  const reads: string[] = [];
  const secrets = envSecrets({ allow: ['HOOK_*'], env: { HOOK_TOKEN: 'very-secret' } });
  const opened = await openEngine({
    deliveries: [consoleDelivery({ write: (line) => lines.push(line) }), slackWebApi(), webhook()],
    secrets: {
      resolve(request) {
        reads.push(request.name);
        return secrets.resolve(request);
      },
    },
    handlers: { stopRun: () => reads.push('stopRun') },
  });
  return { ...opened, lines, reads };
}

describe('engine.preview', () => {
  test('shows a message with its variables filled in, as the windows would be after the event, and changes nothing', async () => {
    const { engine, terminal, lines } = await openAll();
    const { automation } = await engine.automations.create({
      name: 'low',
      event: lowAccuracy,
      action: sendNotification(terminal, {
        title: '${run_name} is at ${metric_values}',
        message: '${metric_filter}',
        severity: 'WARN',
        fields: [{ name: 'Team', value: '${entity_name}' }],
        links: [{ text: 'Open', url: 'https://runs.example/${run_id}' }],
      }),
    });
    await engine.emit(metricsEvent({ accuracy: 0.9 }, { run: { id: 'run-1', name: 'prod-7' } }));
    const before = engine.stats();
    for (let again = 0; again < 3; again += 1) {
      const { message, payload, deliveries } = await engine.preview(automation.id, metricsEvent({ accuracy: 0.7 }));
      expect(message).toMatchObject({
        title: 'prod-7 is at 0.8',
        text: 'avg(accuracy, 2) < 0.85',
        severity: 'WARN',
        links: [{ text: 'Open', url: 'https://runs.example/run-1' }],
      });
      expect(message?.fields[0]).toEqual({ name: 'Team', value: 'my-team' });
      expect(payload).toBeUndefined();
      expect(deliveries).toMatchObject([{ integrationName: 'terminal', delivery: 'console' }]);
      expect(JSON.stringify(deliveries[0]?.request)).toContain('prod-7 is at 0.8');
    }
    expect(engine.stats()).toEqual(before);
    expect(lines).toEqual([]);
    expect((await engine.executions.list()).items).toEqual([]);
  });

  test('shows what Slack would be sent, and reads no token for it', async () => {
    const { engine, reads } = await openAll();
    const slack = await engine.integrations.create({
      type: 'slack',
      name: 'alerts',
      delivery: 'slack-web-api',
      channel: '#ml-alerts',
      tokenSecretName: 'HOOK_TOKEN',
    });
    const { automation } = await engine.automations.create({
      name: 'low',
      event: lowAccuracy,
      action: sendNotification(slack, { title: 'Low <!channel>' }),
    });
    const { deliveries } = await engine.preview(automation.id, metricsEvent({ accuracy: 0.7 }));
    expect(deliveries[0]?.request).toMatchObject({ channel: '#ml-alerts', link_names: false });
    expect(JSON.stringify(deliveries[0]?.request)).not.toContain('very-secret');
    expect(reads).toEqual([]);
  });

  test('shows a webhook, with secrets in words', async () => {
    const { engine, reads } = await openAll();
    const deploy = await engine.integrations.create({
      type: 'webhook',
      name: 'deploy',
      delivery: 'webhook',
      url: 'https://deploy.example/hook',
      accessTokenSecretName: 'HOOK_TOKEN',
      secretsInPayload: true,
    });
    const { automation } = await engine.automations.create({
      name: 'promote',
      event: onAddArtifactAlias({
        scope: registry('my-team', 'models'),
        filter: artifactEvent.alias.eq('production'),
      }),
      action: sendWebhook(deploy, {
        payload: { version: '${artifact_version_string}', token: '${ACCESS_TOKEN}', list: ['${alias}', 1, null] },
        headers: { 'X-Team': 'ml' },
      }),
    });
    const { payload, deliveries } = await engine.preview(automation.id, aliasAdded('production'));
    expect(payload).toEqual({
      version: 'my-team/models/digits:production',
      token: '[redacted]',
      list: ['production', 1, null],
    });
    expect(deliveries[0]?.request).toMatchObject({ url: 'https://deploy.example/hook', headers: { 'X-Team': 'ml' } });
    expect(JSON.stringify(deliveries)).not.toContain('very-secret');
    expect(reads).toEqual([]);
  });

  test('of a handler calls nothing, and of an event that is none says where it is wrong', async () => {
    const { engine, reads } = await openAll();
    const { automation } = await engine.automations.create({
      name: 'stop',
      event: lowAccuracy,
      action: callHandler('stopRun'),
    });
    expect(await engine.preview(automation.id, metricsEvent({ accuracy: 0.7 }))).toEqual({ deliveries: [] });
    expect(reads).toEqual([]);
    await expect(engine.preview(automation.id, metricsEvent({ accuracy: 'low' as never }))).rejects.toMatchObject({
      code: 'invalid_event',
      issues: [{ path: 'metrics.accuracy' }],
    });
    await expect(engine.preview('nobody', metricsEvent({ accuracy: 1 }))).rejects.toMatchObject({ code: 'not_found' });
  });
});
