import { type Integration, type IntegrationDefinition, TocsinError } from '../../src/index.js';
import type { SlackOAuthContext } from './context.js';
import type { Installation } from './exchange-code.js';
import { type OwnedSecret, type SlackIntegration, usersOf } from './pending.js';

/** What an installation came to. */
export interface Installed {
  readonly integration: Integration;
  readonly isNew: boolean;
  /** Whether it posts where it did not before. */
  readonly isNewPlace: boolean;
}

/**
 * Seals what was installed, and makes its integration, or gives the one that is there the new credential. The secret's
 * name follows from the workspace (and, for a webhook, the channel), so a later installation finds what this one left.
 *
 * @throws Whatever the storage or the engine throws; what was sealed is then taken back, at once or by `cleanUp`.
 */
export async function install(
  context: SlackOAuthContext,
  entity: string | undefined,
  installation: Installation,
): Promise<Installed> {
  const { secrets, pending } = context;
  const { credential } = installation;
  const secret: OwnedSecret = { name: secretName(installation), entity };
  await pending.begin(secret);
  try {
    const value = credential.type === 'bot' ? credential.token : credential.url;
    await secrets.put(secret.name, value, { entity, integrationType: 'slack' });
    const installed = await integrate(context, secret, installation);
    await pending.finish(secret).catch(() => {});
    return installed;
  } catch (error) {
    // What the storage could not answer may have been written; `cleanUp` looks again when that is known.
    const isKnown = TocsinError.is(error) && error.code !== 'storage_unavailable';
    if (isKnown) await pending.undo(secret).catch(() => {});
    throw error;
  }
}

async function integrate(
  context: SlackOAuthContext,
  secret: OwnedSecret,
  { credential, channel, team }: Installation,
): Promise<Installed> {
  const { create, update, enable } = context.engine.integrations;
  const users = await usersOf(context.engine, secret);
  // Disabled since the old credential was refused; what somebody disabled on purpose stays so.
  const refused = users.filter(
    ({ status, statusReason }) => status === 'disabled' && statusReason !== 'Disabled by hand',
  );
  for (const { id } of refused) await enable(id);

  const same = channel === undefined || credential.type === 'webhook' ? users[0] : users.find(leadsTo(channel.id));
  if (same !== undefined)
    return { integration: await context.engine.integrations.get(same.id), isNew: false, isNewPlace: false };
  const open = users.find((user) => user.channel === undefined);
  if (open !== undefined && channel !== undefined) {
    return { integration: await update(open.id, { channel: channel.id }), isNew: false, isNewPlace: true };
  }
  const definition: IntegrationDefinition = {
    type: 'slack',
    name: channel === undefined ? team.name : `#${channel.name} (${team.name})`,
    ...(secret.entity === undefined ? {} : { entity: secret.entity }),
    ...(credential.type === 'webhook'
      ? { delivery: 'slack-webhook', urlSecretName: secret.name }
      : { delivery: 'slack-web-api', tokenSecretName: secret.name, channel: channel?.id }),
  };
  const learnt = { teamName: team.name, channelId: channel?.id, channelName: channel?.name };
  return { integration: await create(definition, { learnt }), isNew: true, isNewPlace: true };
}

function leadsTo(channelId: string): (integration: SlackIntegration) => boolean {
  return (integration) => integration.channelId === channelId || integration.channel === channelId;
}

function secretName({ appId, team, credential, channel }: Installation): string {
  const workspace = `${secretPrefix}${appId}/${team.id}`;
  return credential.type === 'bot' ? `${workspace}/bot-token` : `${workspace}/${channel?.id}/webhook-url`;
}

/** How the names of the secrets of this adapter begin. */
export const secretPrefix = 'slack-oauth/';
