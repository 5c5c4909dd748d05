import { type Engine, fromSkylineSettings, onAnomaly, sendByRouting, slackRouting, team } from 'tocsin';
import { entity, type ScriptedEvent, slackOpts, storedPicture } from './skyline-script.js';

/** Makes the integration, the routing and the automation of a Skyline user. */
export async function setUpSkyline(engine: Engine): Promise<void> {
  const settings = fromSkylineSettings(slackOpts, { tokenSecretName: 'SKYLINE_SLACK_TOKEN', entity });
  if (settings.issues !== undefined) throw new Error(JSON.stringify(settings.issues));
  const integration = await engine.integrations.create(settings.integration);
  await engine.routing.set(slackRouting({ ...settings.routing, integrationId: integration.id }));
  await engine.automations.create({
    name: 'anomalies',
    event: onAnomaly({ scope: team(entity) }),
    action: sendByRouting({ title: '${metric_name} is anomalous: ${metric_value}', severity: 'WARN' }),
    policy: { cooldown: '1h', per: 'metric' },
  });
}

const smallestPng = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The bytes of a picture: the smallest PNG there is. */
export function pictureOf(): Uint8Array {
  return Uint8Array.from(Buffer.from(smallestPng, 'base64'));
}

/** An event of the script as it is emitted: with the handle of its picture. */
export function withPicture(event: ScriptedEvent, handle: string): ScriptedEvent {
  return event.type === 'anomaly.detected' && event.image === storedPicture ? { ...event, image: handle } : event;
}
