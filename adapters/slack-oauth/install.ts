import { type Integration, type IntegrationDefinition, TocsinError } from '../../src/index.js';
import type { SlackOAuthContext } from './context.js';
import type { Installation } from './exchange-code.js';
import { type OwnedSecret, type SlackIntegration, usersOf } from './pending.js';
import { despiteChanges } from './turns.js';

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
  installation: Installation,
): Promise<Installed> {
  const { engine, turns } = context;
  const { credential, channel } = installation;
  // Disabled since the old credential was refused; what somebody disabled on purpose stays so.
  const refused = (await usersOf(engine, secret)).filter(
    ({ status, statusReason }) => status === 'disabled' && statusReason !== 'Disabled by hand',
  );
  for (const { id } of refused) await despiteChanges(() => engine.integrations.enable(id));
  return turns<Installed>(secret, channel?.id, {
    async find() {
      const users = await usersOf(engine, secret);
      const same = channel === undefined || credential.type === 'webhook' ? users[0] : users.find(leadsTo(channel.id));
      if (same === undefined) return undefined;
      return { integration: await engine.integrations.get(same.id), isNew: false, isNewPlace: false };
    },
    make: () => makeIntegration(context, secret, installation),
  });
}

async function makeIntegration(
  { engine }: SlackOAuthContext,
  secret: OwnedSecret,
  { credential, channel, team }: Installation,
): Promise<Installed> {
  const { create, update } = engine.integrations;
  const learnt = { teamName: team.name, channelId: channel?.id, channelName: channel?.name };
  const open = (await usersOf(engine, secret)).find((user) => user.channel === undefined);
  if (open !== undefined && channel !== undefined) {
    return { integration: await update(open.id, { channel: channel.id }, { learnt }), isNew: false, isNewPlace: true };
  }
  const definition: IntegrationDefinition = {
    type: 'slack',
    name: channel === undefined ? team.name : `#${channel.name} (${team.name})`,
    ...(secret.entity === undefined ? {} : { entity: secret.entity }),
    ...(credential.type === 'webhook'
      ? { delivery: 'slack-webhook', urlSecretName: secret.name }
      : { delivery: 'slack-web-api', tokenSecretName: secret.name, channel: channel?.id }),
  };
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
