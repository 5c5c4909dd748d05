/** Silences metrics during a maintenance, and unmutes them. Routing says which channel gets which metric. */
import { onAnomaly, sendByRouting, slackRouting, team } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

await engine.routing.set(
  slackRouting({
    integrationId: slack,
    channels: [['payments', '#ml-prod-alerts']],
    // Notices of mutes go here, too.
    defaultChannel: '#ml-alerts',
  }),
);
const { automation } = await engine.automations.create({
  name: 'anomalies',
  event: onAnomaly({ scope: team('my-team') }),
  action: sendByRouting({ title: '${metric_name} is anomalous: ${metric_value}', severity: 'WARN' }),
});
const anomaly = {
  type: 'anomaly.detected',
  entity: 'my-team',
  metric: 'payments.checkout.errors',
  value: 97,
  timestamp: 1_760_000_000,
} as const;

const mute = await engine.mutes.create({
  matcher: { entity: 'my-team', metric: 'payments.*' },
  until: Date.now() + 2 * 3_600_000,
  reason: 'The database moves to another host',
});
const { skipped } = await engine.emit(anomaly);
console.log(skipped.map(({ reason }) => reason).join(', '));
const { reasons } = await engine.explain(automation.id, anomaly);
for (const reason of reasons) if (reason.code === 'muted') console.log(reason.mute.reason);

// It rings again, and no cooldown was spent.
await engine.mutes.delete(mute.id);
const { fired } = await engine.emit(anomaly);
console.log(fired.map(({ destination }) => destination?.channel).join(', '));

await engine.idle();
await engine.close();
