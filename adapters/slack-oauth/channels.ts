import { type Integration, TocsinError } from '../../src/index.js';
import type { SlackOAuthContext } from './context.js';
import { secretPrefix } from './install.js';
import { isSlack, type OwnedSecret, type SlackIntegration, usersOf } from './pending.js';
import { type Welcomed, welcome } from './welcome.js';

/** What {@link SlackOAuth.connectChannel} takes. */
export interface ConnectChannelOptions {
  /** An integration of the workspace. */
  readonly integrationId: string;
  /** `#name` of a public channel, or a channel's id. */
  readonly channel: string;
  /** The new integration's name. @default the channel's and the workspace's */
  readonly name?: string | undefined;
}

/** What {@link SlackOAuth.disconnect} takes besides the id. */
export interface DisconnectOptions {
  /** Also when automations, routings or other integrations use it. @default false */
  readonly force?: boolean | undefined;
}

/**
 * Connects a channel by the credential of an integration. One without a channel gets it; else there will be a new one.
 *
 * @throws `not_found`, `not_supported`, `invalid_integration`, `storage_unavailable`.
 */
export async function connectChannel(
  context: SlackOAuthContext,
  { integrationId, channel, name }: ConnectChannelOptions,
): Promise<Welcomed> {
  const { integrations } = context.engine;
  const source = await integrations.get(integrationId);
  if (!isSlack(source) || source.tokenSecretName === undefined) {
    const message = `The integration ${source.name} has no bot token: further channels need one`;
    throw new TocsinError({ code: 'not_supported', message });
  }
  const users = await usersOf(context.engine, { name: source.tokenSecretName, entity: source.entity });
  const same = users.find((user) => [user.channel, user.channelId, `#${user.channelName}`].includes(channel));
  if (same !== undefined) return { integration: same, problems: [] };
  return welcome(context, await connected(context, source, channel, name), true);
}

async function connected(
  { engine }: SlackOAuthContext,
  source: SlackIntegration,
  channel: string,
  given: string | undefined,
): Promise<Integration> {
  if (source.channel === undefined) return engine.integrations.update(source.id, { channel, name: given });
  const { entity, organization, delivery, tokenSecretName, teamName } = source;
  const name = given ?? (teamName === undefined ? channel : `${channel} (${teamName})`);
  return engine.integrations.create(
    { type: 'slack', name, entity, organization, delivery, tokenSecretName, channel },
    { learnt: { teamName } },
  );
}

/**
 * Deletes an integration, and its secret if nobody else uses it.
 *
 * @throws As `integrations.delete`.
 */
export async function disconnect(
  { engine, pending }: SlackOAuthContext,
  integrationId: string,
  { force }: DisconnectOptions,
): Promise<void> {
  const integration = await engine.integrations.get(integrationId);
  // Others were put by the host, which may need them.
  const secrets = secretsOf(integration).filter(({ name }) => name.startsWith(secretPrefix));
  // If the process dies now, `cleanUp` does the rest.
  for (const secret of secrets) await pending.begin(secret);
  try {
    await engine.integrations.delete(integrationId, { force });
  } catch (error) {
    for (const secret of secrets) await pending.finish(secret);
    throw error;
  }
  for (const secret of secrets) await pending.undo(secret);
}

function secretsOf(integration: Integration): OwnedSecret[] {
  if (!isSlack(integration)) return [];
  const { entity, tokenSecretName, urlSecretName } = integration;
  return [tokenSecretName, urlSecretName].flatMap((name) => (name === undefined ? [] : [{ name, entity }]));
}
